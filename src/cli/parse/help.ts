import { GLOBAL_OPTIONS, COMMANDS, type Option, type Options, type CommandName } from './options.ts';

/** The help of podpose, or of one verb. */
export function helpText(command?: CommandName): string {
  return command === undefined ? overview() : commandHelp(command);
}

function overview(): string {
  return [
    'podpose runs Kubernetes Pod manifests on this machine, with rootless podman.',
    '',
    'Usage: podpose [OPTIONS] VERB [OPTIONS] [FILE...]',
    '',
    'Verbs:',
    ...table(Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary])),
    '',
    'Options:',
    ...optionTable(GLOBAL_OPTIONS),
    '',
    'FILE is a file, a folder or - for standard input. Without one it is the first of ./podpose.yaml,',
    './pod.yaml, ./pod.yml and ./kube.yaml. podpose VERB --help tells more about a verb.',
    '',
  ].join('\n');
}

function commandHelp(name: CommandName): string {
  const { summary, usage, options } = COMMANDS[name];
  const taken = new Set(Object.values<Option>(options).map(({ short }) => short));
  const globals = Object.fromEntries(
    Object.entries<Option>(GLOBAL_OPTIONS).map(([option, { short, ...rest }]) => [
      option,
      short === undefined || taken.has(short) ? rest : { ...rest, short },
    ]),
  );
  return [
    `podpose ${name}: ${summary}`,
    '',
    `Usage: ${usage}`,
    '',
    ...(Object.keys(options).length === 0 ? [] : ['Options:', ...optionTable(options), '']),
    'Options of every verb:',
    ...optionTable(globals),
    '',
  ].join('\n');
}

function optionTable(options: Options): readonly string[] {
  return table(
    Object.entries(options).map(([name, { short, value, help }]) => [
      `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
