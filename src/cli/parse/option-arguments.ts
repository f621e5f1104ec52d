import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { Options } from './options.ts';

export interface OptionArguments {
  readonly args: readonly string[];
  /** What flags written with a value say, by their places in `args`. */
  readonly flagValues: ReadonlyMap<number, boolean>;
}

/** The words for yes and no that compose, kubectl and podman know (strconv.ParseBool of Go, which pflag uses). */
const YES: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const NO: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/**
 * Arguments in the forms that node's parseArgs reads. The tools people come from take more:
 * `--detach=false`, `-f=FILE`, and a negative number as a value, `-t -5`. What follows `--` stays as it is.
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
  /** The long name; absent where the argument is no option, or one that is not known. */
  readonly name?: string;
  readonly value?: string;
}

function optionIn(arg: string, options: Options): OptionInArgument {
  const [, long, short, value] = /^(?:--([^=]+)|-([^-=]))(?:=(.*))?$/s.exec(arg) ?? [];
  const name = Object.keys(options).find(
    (known) => known === long || (short !== undefined && options[known]?.short === short),
  );
  return { ...(name === undefined ? {} : { name }), ...(value === undefined ? {} : { value }) };
}

function noYesOrNo(arg: string, value: string): Diagnostic {
  return {
    code: 'option-value',
    severity: 'error',
    message: `the option '${arg.slice(0, arg.indexOf('='))}' is true or false, got '${value}'`,
    help: 'The option alone means true.',
  };
}
