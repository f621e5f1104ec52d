import { defined } from '../../base/defined.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { isIPAddress } from '../../kube/spec/ip-address.ts';
import { nanosecondsOf } from '../../podman/logs/record.ts';
import { usageError } from '../../engine/failure.ts';
import type { OptionName } from './options.ts';

/** Option values by option name, unparsed. */
export type OptionValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

/** Value of an option that takes one. */
export function text(values: OptionValues, name: OptionName): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a flag is given. */
export function flag(values: OptionValues, name: OptionName): boolean {
  return values[name] === true;
}

/** Values of an option that may be repeated. */
export function texts(values: OptionValues, name: OptionName): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Value of an option with a fixed set of words. Undefined if the option is not given. */
export function choice<T extends string>(
  values: OptionValues,
  name: OptionName,
  allowed: readonly T[],
): Result<T | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  const found = allowed.find((word) => word === given);
  if (found !== undefined) return success(found);
  const suggestion = suggest(given, allowed);
  return failure([
    {
      ...usageError(
        'option-value',
        `invalid value '${given}' for --${name}`,
        `Use one of ${allowed.join(', ')}.`,
      ),
      ...defined({ suggestion }),
    },
  ]);
}

/** IP address, validated as in manifests. Undefined if the option is not given. */
export function ipAddress(values: OptionValues, name: OptionName): Result<string | undefined> {
  const given = text(values, name);
  if (given === undefined || isIPAddress(given)) return success(given);
  return failure([
    usageError(
      'option-value',
      `invalid value '${given}' for --${name}`,
      'Use an IP address of this machine: 127.0.0.1, ::1, or 0.0.0.0 for all addresses.',
    ),
  ]);
}

/** The name of a namespace. Undefined if the option is not given. */
export function namespaceName(values: OptionValues): Result<string | undefined> {
  const given = text(values, 'namespace');
  // dnsLabel in kube/validation: the checks of manifests are not loaded for every command.
  if (given === undefined || /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(given)) return success(given);
  return failure([
    usageError(
      'option-value',
      `invalid value '${given}' for --namespace`,
      "A namespace has lowercase letters, digits and '-', 63 characters at most.",
    ),
  ]);
}

/** Modes of `podman pod create --network` that name no network. */
const NETWORK_MODES: ReadonlySet<string> = new Set([
  'bridge',
  'host',
  'none',
  'pasta',
  'private',
  'slirp4netns',
]);

/** podman's name of a network. */
export function networkName(values: OptionValues, name: OptionName): Result<string | undefined> {
  const given = text(values, name);
  if (given === undefined || (/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(given) && !NETWORK_MODES.has(given)))
    return success(given);
  return failure([
    usageError(
      'option-value',
      `invalid value '${given}' for --${name}`,
      given === 'host'
        ? "Use the name of a network ('podman network ls'). For the network of this machine, set 'hostNetwork: true' in the manifest."
        : "Use the name of a network ('podman network ls').",
    ),
  ]);
}

/** Seconds, parsed from `90`, `90s`, `5m`, `1h` or `1m30s`. Undefined if the option is not given. */
export function duration(values: OptionValues, name: OptionName): Result<number | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  if (/^\d+(\.\d+)?$/.test(given)) return success(Number(given));
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(given);
  if (match === null || given === '')
    return failure([
      usageError(
        'option-value',
        `invalid duration '${given}' for --${name}`,
        'Use for example 90, 30s, 5m or 1h.',
      ),
    ]);
  const [hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return success((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0));
}

/** Integer >= 0. Undefined if the option is not given. */
export function wholeNumber(values: OptionValues, name: OptionName): Result<number | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  return /^\d+$/.test(given)
    ? success(Number(given))
    : failure([
        usageError(
          'option-value',
          `invalid value '${given}' for --${name}`,
          'Use a whole number, 0 or more.',
        ),
      ]);
}

const NANOSECONDS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/**
 * Nanoseconds since 1970, parsed from a duration before now, or from a date. Undefined if the option is not given.
 * @param now in milliseconds since 1970
 */
export function pointInTime(values: OptionValues, name: OptionName, now: number): Result<bigint | undefined> {
  const given = text(values, name);
  if (given === undefined) return success(undefined);
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(given)) {
    const parts = [...given.matchAll(/([\d.]+)(ms|s|m|h)/g)];
    const ago = parts.reduce(
      (sum, [, count, unit = '']) => sum + Number(count) * (NANOSECONDS[unit] ?? 0),
      0,
    );
    return success(BigInt(now) * 1_000_000n - BigInt(Math.round(ago)));
  }
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(given);
  const time = isDate ? nanosecondsOf(given) : undefined;
  if (time !== undefined) return success(time);
  return failure([
    usageError(
      'option-value',
      `invalid time '${given}' for --${name}`,
      'Use a duration such as 30s, 10m or 1h30m, or a date such as 2026-01-31 or 2026-01-31T10:00:00Z.',
    ),
  ]);
}
