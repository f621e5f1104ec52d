import flagsOfCommands from './flags.json' with { type: 'json' };
import { PodmanError } from './errors.ts';
import type { Input } from './model.ts';

/** The flags of each command as podman 4.3.1 lists them, by the kind of their value; `name,n` is --name and -n. */
const FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = flagsOfCommands;

/** Commands that pass the rest on: flags end at the first other word. */
const TAKES_A_COMMAND = new Set(['', 'run', 'create', 'unshare', 'top', 'exec']);

/** Flags of later versions, or unlisted ones, as far as they are needed: their kind and first version. */
const NEWER: readonly { readonly command: string; readonly since: string; readonly flag: Flag }[] = [
  { command: '', since: '4.3', flag: { name: 'max-workers', type: 'int' } },
  { command: 'pod create', since: '5.4', flag: { name: 'hosts-file', type: 'text' } },
];

interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly type: string;
}

/**
 * Parses arguments like podman: known flags only, as --name=value, --name value, -n and -nvalue.
 * @param command `pod create`, or empty for the flags before the command
 * @param version of the fake podman
 */
export function parseArguments(command: string, args: readonly string[], version = '4.3.1'): Input {
  const known = flagsOf(command, version);
  const values: Record<string, string | boolean | readonly string[]> = {};
  const words: string[] = [];
  const fail = (message: string): never => {
    throw new PodmanError(`${message}\nSee '${['podman', command].join(' ').trim()} --help'`);
  };
  const set = (flag: Flag, shown: string, given: string | undefined, next: string | undefined): boolean => {
    if (flag.type === 'bool') {
      values[flag.name] = given === undefined || given === 'true';
      return false;
    }
    const value = given ?? next ?? fail(`flag needs an argument: ${shown}`);
    if (!isFit(flag, value))
      fail(
        `invalid argument "${value}" for "${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}" flag: strconv.${PARSERS[flag.type] ?? ''}: parsing "${value}": invalid syntax`,
      );
    const before = values[flag.name];
    values[flag.name] = flag.type === 'list' ? [...(typeof before === 'object' ? before : []), value] : value;
    return given === undefined;
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      words.push(...args.slice(index + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      if (TAKES_A_COMMAND.has(command)) {
        words.push(...args.slice(index));
        break;
      }
      words.push(arg);
    } else if (arg.startsWith('--')) {
      const cut = arg.indexOf('=');
      const name = cut < 0 ? arg : arg.slice(0, cut);
      const flag = known.get(name) ?? fail(`unknown flag: ${name}`);
      if (set(flag, name, cut < 0 ? undefined : arg.slice(cut + 1), args[index + 1])) index++;
    } else {
      for (let at = 1; at < arg.length; at++) {
        const flag =
          known.get(`-${arg.charAt(at)}`) ?? fail(`unknown shorthand flag: '${arg.charAt(at)}' in ${arg}`);
        const glued = arg.slice(at + 1).replace(/^=/, '');
        if (flag.type === 'bool') set(flag, arg, undefined, undefined);
        else {
          if (set(flag, `'${arg.charAt(at)}' in ${arg}`, glued === '' ? undefined : glued, args[index + 1]))
            index++;
          break;
        }
      }
    }
  }
  return { values, words };
}

/** Go's functions that parse numbers, whose names appear in podman's messages. */
const PARSERS: Readonly<Record<string, string>> = { int: 'ParseInt', uint: 'ParseUint', float: 'ParseFloat' };

function isFit({ type }: Flag, value: string): boolean {
  return PARSERS[type] === undefined || (type === 'uint' ? /^\d+$/ : /^-?\d+(\.\d+)?$/).test(value);
}

function flagsOf(command: string, version: string): ReadonlyMap<string, Flag> {
  const own = Object.entries(FLAGS[command] ?? {}).flatMap(([type, names]) =>
    names.split(' ').map((both): Flag => {
      const [name = '', short] = both.split(',');
      return { name, type, ...(short === undefined ? {} : { short }) };
    }),
  );
  const later = NEWER.filter((each) => each.command === command && isSince(version, each.since));
  const flags = [...own, ...later.map(({ flag }) => flag)];
  return new Map(
    flags.flatMap((flag): readonly [string, Flag][] => [
      [`--${flag.name}`, flag],
      ...(flag.short === undefined ? [] : [[`-${flag.short}`, flag] as [string, Flag]]),
    ]),
  );
}

function isSince(version: string, since: string): boolean {
  const [[major = 0, minor = 0], [sinceMajor = 0, sinceMinor = 0]] = [numbersOf(version), numbersOf(since)];
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}
