import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { Options } from './option.ts';

export interface OptionArguments {
  readonly args: readonly string[];
  /** Values of flags written with a value, by index in `args`. */
  readonly flagValues: ReadonlyMap<number, boolean>;
}

/** Boolean words of compose, kubectl and podman: strconv.ParseBool of Go, used by pflag. */
const YES: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const NO: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/**
 * Converts arguments to forms that node's parseArgs accepts. compose, kubectl and podman accept more:
 * `--detach=false`, `-f=FILE`, and a negative number as a value, `-t -5`. Arguments after `--` are kept.
 */
export function optionArguments(args: readonly string[], options: Options): Result<OptionArguments> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const found: string[] = [];
  const flagValues = new Map<number, boolean>();
  for (let index = 0; index < end; index++) {
    const arg = args[index] ?? '';
    const { name, value } = optionIn(arg, options);
    const next = index + 1 < end ? args[index + 1] : undefined;
    if (name === undefined) found.push(arg);
    else if (options[name]?.type === 'boolean') {
      if (value !== undefined) {
        if (!YES.has(value) && !NO.has(value)) return failure([noYesOrNo(arg, value)]);
        flagValues.set(found.length, YES.has(value));
      }
      found.push(value === undefined ? arg : `--${name}`);
    } else if (value !== undefined) found.push(`--${name}=${value}`);
    else if (next !== undefined && /^-\d/.test(next)) {
      found.push(`--${name}=${next}`);
      index++;
    } else found.push(arg);
  }
  return success({ args: [...found, ...args.slice(end)], flagValues });
}

interface OptionInArgument {
  /** Long name. Absent for an operand or an unknown option. */
  readonly name?: string;
  readonly value?: string;
}

function optionIn(arg: string, options: Options): OptionInArgument {
  const [, long, short, value] = /^(?:--([^=]+)|-([^-=]))(?:=(.*))?$/s.exec(arg) ?? [];
  const name = Object.keys(options).find(
    (known) => known === long || (short !== undefined && options[known]?.short === short),
  );
  return defined({ name, value });
}

function noYesOrNo(arg: string, value: string): Diagnostic {
  return {
    code: 'option-value',
    severity: 'error',
    message: `option '${arg.slice(0, arg.indexOf('='))}' must be true or false, got '${value}'`,
    help: 'Without a value the option is true.',
  };
}
