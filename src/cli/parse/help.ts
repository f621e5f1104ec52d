import type { CommandName } from './command-names.ts';
import type { Option, Options } from './option.ts';
import { COMMANDS } from './options.ts';
import { GLOBAL_OPTIONS } from './shared-options.ts';

/** Help of podpose, or of one command. */
export function helpText(command?: CommandName): string {
  return command === undefined ? overview() : commandHelp(command);
}

function overview(): string {
  return [
    'podpose runs Kubernetes manifests on this machine using rootless Podman.',
    '',
    'Usage: podpose [OPTIONS] COMMAND [OPTIONS] [FILE...]',
    '',
    'Commands:',
    ...table(Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary])),
    '',
    'Options:',
    ...optionTable(GLOBAL_OPTIONS),
    '',
    'FILE is a manifest file, a directory, or - for standard input. The default is the first of podpose.yaml,',
    'pod.yaml, pod.yml and kube.yaml in the current directory. -k DIR stands for what a kustomization builds.',
    "Use 'podpose COMMAND --help' for more information about a command.",
    '',
  ].join('\n');
}

function commandHelp(name: CommandName): string {
  const command = COMMANDS[name];
  const { summary, usage, options } = command;
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
    ...('details' in command ? [...command.details, ''] : []),
    ...(usage.includes('FILE | POD') || usage.includes('POD | FILE') ? [...TARGET, ''] : []),
    ...(Object.keys(options).length === 0 ? [] : ['Options:', ...optionTable(options), '']),
    'Global options:',
    ...optionTable(globals),
    '',
  ].join('\n');
}

/** For commands on running pods. */
const TARGET: readonly string[] = [
  'FILE stands for its project, with all pods of the project. POD is a pod of any project, or of the project of',
  'FILE if both are given. The default is the project of the current directory.',
];

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
