import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import { isIPAddress } from '../pod/ip-address.ts';
import { usageError, type OptionValues } from './command-line.ts';
import { text } from './session.ts';

/** The value of an option that has to be one of a few words; undefined when it is not given. */
export function choice<T extends string>(
  values: OptionValues,
  name: string,
  allowed: readonly T[],
): Result<T | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  const found = allowed.find((word) => word === given);
  if (found !== undefined) return success(found);
  const meant = suggest(given, allowed);
  return failure([
    {
      ...usageError('option-value', `--${name} cannot be '${given}'`, `It is one of ${allowed.join(', ')}.`),
      ...(meant === undefined ? {} : { suggestion: meant }),
    },
  ]);
}

/** An IP address, by the rule for those in manifests; undefined when the option is not given. */
export function ipAddress(values: OptionValues, name: string): Result<string | undefined> {
  const given = text(values, name);
  if (given === undefined || isIPAddress(given)) return success(given);
  return failure([
    usageError(
      'option-value',
      `--${name} cannot be '${given}'`,
      'It is an IP address of this machine: 127.0.0.1, 0.0.0.0 for all of them, or ::1.',
    ),
  ]);
}

/** Seconds, from `90`, `90s`, `5m`, `1h` or `1m30s`; undefined when the option is not given. */
export function duration(values: OptionValues, name: string): Result<number | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  if (/^\d+(\.\d+)?$/.test(given)) return success(Number(given));
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(given);
  if (match === null || given === '')
    return failure([
      usageError('option-value', `--${name} cannot be '${given}'`, 'Write it as 90, 30s, 5m or 1h.'),
    ]);
  const [hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return success((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0));
}

/** A whole number from 0; undefined when the option is not given. */
export function wholeNumber(values: OptionValues, name: string): Result<number | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  return /^\d+$/.test(given)
    ? success(Number(given))
    : failure([
        usageError('option-value', `--${name} cannot be '${given}'`, 'It is a whole number, 0 or more.'),
      ]);
}

/** How long ago, or since when, in the forms that podman takes as well; undefined when the option is not given. */
export function pointInTime(values: OptionValues, name: string): Result<string | undefined> {
  const given = text(values, name);
  const isAgo = /^(\d+(\.\d+)?(ms|s|m|h))+$/;
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;
  if (given === undefined || isAgo.test(given) || (isDate.test(given) && !Number.isNaN(Date.parse(given))))
    return success(given);
  return failure([
    usageError(
      'option-value',
      `--${name} cannot be '${given}'`,
      'Write how long ago it is, as 30s, 10m or 1h30m, or a date, as 2026-01-31 or 2026-01-31T10:00:00Z.',
    ),
  ]);
}
