import { defined } from '../../base/defined.ts';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { usageError } from '../../engine/failure.ts';
import { foreignOptionHelp } from './foreign-options.ts';
import { optionArguments } from './option-arguments.ts';
import type { OptionValues } from './option-values.ts';
import { indexOfPassedCommand } from './passed-command.ts';
import type { CommandName } from './command-names.ts';
import type { Options } from './option.ts';
import { COMMANDS, PASSES_COMMAND } from './options.ts';
import { GLOBAL_OPTIONS } from './shared-options.ts';

export interface CommandLine {
  readonly command: CommandName;
  readonly values: OptionValues;
  readonly operands: readonly string[];
  /** The command of `exec`, with its arguments as the user wrote them. Empty for other commands. */
  readonly passedOn: readonly string[];
}

export type Request =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly commandLine: CommandLine };

/** Parses the arguments. Diagnostics suggest the nearest known word. */
export function parseCommandLine(args: readonly string[]): Result<Request> {
  const commandAt = indexOfCommand(args);
  const globals = parse(commandAt < 0 ? args : args.slice(0, commandAt), GLOBAL_OPTIONS, 'podpose --help');
  if (!globals.ok) return globals;
  if (globals.value.values['version'] === true) return success({ kind: 'version' });
  const word = args[commandAt];
  if (word === undefined || word === 'help') {
    const asked = word === 'help' ? args[commandAt + 1] : undefined;
    const command = asked === undefined ? undefined : commandNamed(asked);
    if (asked !== undefined && !asked.startsWith('-') && command === undefined)
      return failure([unknownCommand(asked)]);
    if (word === undefined && globals.value.values['help'] !== true && args.length > 0)
      return failure([usageError('no-verb', 'no command given', LIST_OF_COMMANDS)]);
    return success({ kind: 'help', ...defined({ command }) });
  }
  const command = commandNamed(word);
  if (command === undefined) return failure([unknownCommand(word)]);

  const options: Options = {
    ...withoutShorts(GLOBAL_OPTIONS, COMMANDS[command].options),
    ...COMMANDS[command].options,
  };
  const rest = args.slice(commandAt + 1);
  const passed = PASSES_COMMAND.has(command) ? indexOfPassedCommand(rest, options) : rest.length;
  const own = parse(rest.slice(0, passed), options, `podpose ${command} --help`);
  if (!own.ok) return own;
  const values = { ...globals.value.values, ...own.value.values };
  if (values['help'] === true) return success({ kind: 'help', command });
  if (values['version'] === true) return success({ kind: 'version' });
  const { positionals: operands } = own.value;
  const passedOn = rest.slice(rest[passed] === '--' ? passed + 1 : passed);
  return success({ kind: 'run', commandLine: { command, values, operands, passedOn } });
}

function commandNamed(word: string): CommandName | undefined {
  return isCommand(word) ? word : undefined;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** Index of the first argument that is neither an option nor an option's value. */
function indexOfCommand(args: readonly string[]): number {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-') || arg === '-') return index;
    const option = Object.entries<Options[string]>(GLOBAL_OPTIONS).find(
      ([name, { short }]) => arg === `--${name}` || (short !== undefined && arg === `-${short}`),
    )?.[1];
    if (option?.type === 'string') index++;
  }
  return -1;
}

/** A command's own `-v` or `-c` wins. The global option keeps its long name. */
function withoutShorts(globals: Options, own: Options): Options {
  const taken = new Set(Object.values(own).map(({ short }) => short));
  return Object.fromEntries(
    Object.entries(globals).map(([name, option]) => {
      const { short, ...rest } = option;
      return [name, short === undefined || taken.has(short) ? rest : option];
    }),
  );
}

interface Parsed {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/**
 * The last value of a repeated option takes precedence, as in compose and kubectl.
 * @param helpCommand the command that lists the options
 */
function parse(given: readonly string[], options: Options, helpCommand: string): Result<Parsed> {
  const readable = optionArguments(given, options);
  if (!readable.ok) return readable;
  const { args, flagValues } = readable.value;
  const config = {
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short, multiple }]) => [
        name,
        { type, ...defined({ short, multiple }) },
      ]),
    ),
    allowPositionals: true,
    strict: true,
    tokens: true,
  } satisfies ParseArgsConfig;
  try {
    const { values, positionals, tokens } = parseArgs(config);
    const flags = tokens.flatMap((token) =>
      token.kind === 'option' && options[token.name]?.type === 'boolean'
        ? [[token.name, flagValues.get(token.index) ?? true] as const]
        : [],
    );
    return success({ values: { ...values, ...Object.fromEntries(flags) }, positionals });
  } catch (error) {
    return failure([explainParseError(error, given, options, helpCommand)]);
  }
}

function explainParseError(
  error: unknown,
  args: readonly string[],
  options: Options,
  helpCommand: string,
): Diagnostic {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const option = optionOf(message, args);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const answer = foreignOptionHelp(option);
    const suggestion =
      answer === undefined ? suggest(option.replace(/^-+/, ''), Object.keys(options)) : undefined;
    const help = answer ?? `'${helpCommand}' lists the options.`;
    return {
      ...usageError('unknown-option', `unknown option '${option}'`, help),
      ...(suggestion === undefined || !option.startsWith('--') ? {} : { suggestion: `--${suggestion}` }),
    };
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return /argument missing|ambiguous/.test(message)
      ? usageError('option-value', `option '${option}' requires a value`, valueHelp(option, message, options))
      : usageError(
          'option-value',
          `option '${option}' takes no value`,
          `'${helpCommand}' lists the options.`,
        );
  }
  throw error;
}

/** What to write: `--time SECONDS: override terminationGracePeriodSeconds`. */
function valueHelp(option: string, message: string, options: Options): string {
  const found = Object.entries(options).find(([name, { short = '' }]) =>
    [`--${name}`, `-${short}`].includes(option),
  );
  const [name, { value = 'VALUE', help }] = found ?? [option.replace(/^-+/, ''), { help: '' }];
  const usage = `--${name} ${value}: ${help}`;
  return message.includes('ambiguous')
    ? `${usage}\nWrite a value that begins with a dash as --${name}=-${value}.`
    : usage;
}

/** The option of node's message as the user wrote it. Node lists all names: `'-f, --file <value>'`. */
function optionOf(message: string, args: readonly string[]): string {
  const [, first = args.find((arg) => arg.startsWith('-')) ?? '', second] =
    /^[^']*'(-,|--?[^'\s=<,]+)(?:, (--[^'\s=<]+))?/.exec(message) ?? [];
  return second !== undefined && args.some((arg) => arg.split('=', 1)[0] === second) ? second : first;
}

const LIST_OF_COMMANDS = "'podpose --help' lists the commands.";

/** `podman kube play FILE`, and its older form `podman play kube`. */
function isKubePlay(word: string): boolean {
  return word === 'kube' || word === 'play';
}

function unknownCommand(word: string): Diagnostic {
  const suggestion = suggest(word, Object.keys(COMMANDS));
  return {
    ...usageError(
      'unknown-verb',
      `unknown command '${word}'`,
      isKubePlay(word) ? "Use 'podpose up FILE', and 'podpose down' to remove the pods." : LIST_OF_COMMANDS,
    ),
    ...(isKubePlay(word) ? {} : defined({ suggestion })),
  };
}
