import { isSecretWord } from '../../kube/spec/container-secrets.ts';
import type { DesiredContainer, EnvVar, Word } from '../../kube/spec/desired.ts';
import type { AskedArgument } from './argument.ts';
import { quote } from './shell.ts';

/*
 * A command with secrets in its words. podman shows the words of a command in `inspect`, and so does its own command
 * line. The container gets each expanded word as a variable from a podman secret instead; /bin/sh of its image
 * inserts the values, removes the variables, and becomes the program with exec: process ID, signals, user and exit code
 * are those of the program. The process list shows its words, as on a node of a cluster.
 */

/** The shell that inserts the values. */
export const SHELL = '/bin/sh';

/** Variables, the ENTRYPOINT and the words after it. */
export interface SecretCommand {
  /** The variables that only the shell reads. */
  readonly variables: readonly EnvVar[];
  /** A JSON list. */
  readonly entrypoint: AskedArgument;
}

type Source = Pick<DesiredContainer, 'env' | 'command' | 'args' | 'image'>;

export function hasSecretWords({ command = [], args = [] }: Pick<Source, 'command' | 'args'>): boolean {
  return [...command, ...args].some(isSecretWord);
}

/**
 * The ENTRYPOINT for a command with secrets: the shell, then the ENTRYPOINT of the image if the manifest has only
 * `args`. All words of the manifest follow as CMD, with the text of the manifest for a secret word.
 */
export function secretCommand({ env, command = [], args = [], image }: Source): SecretCommand {
  const prefix = freePrefix(env);
  const words = wordVariables(prefix, [...command, ...args]);
  const others = env
    .filter(({ name }) => !isKeptByShell(name))
    .map((variable, index) => ({ name: variable.name, alias: { ...variable, name: `${prefix}V${index}` } }));
  const variables = [...words.map(({ alias }) => alias), ...others.map(({ alias }) => alias)];
  const script = [
    `${prefix}N=$#`,
    `for ${prefix}W in "$@"; do shift; ${prefix}N=$((${prefix}N - 1)); case $${prefix}N in ` +
      `${words.map(({ fromEnd, alias }) => `${fromEnd}) ${prefix}W=$${alias.name} ;;`).join(' ')} esac; ` +
      `set -- "$@" "$${prefix}W"; done`,
    ...(others.length === 0 ? [] : [`set -- env -- ${others.map(assignment).join(' ')} "$@"`]),
    `unset ${[`${prefix}N`, `${prefix}W`, ...variables.map(({ name }) => name), ...ADDED_BY_SHELLS].join(' ')}`,
    'exec "$@"',
  ].join('; ');
  const start = JSON.stringify([SHELL, '-c', script, 'sh']).slice(0, -1);
  const names = others.map(({ name }) => name);
  const template = imageVariables(names) + (command.length === 0 ? IMAGE_ENTRYPOINT : '');
  return {
    variables,
    entrypoint: {
      before: start,
      ask: { args: ['image', 'inspect', '--format', template, image] },
      after: ']',
    },
  };
}

/** The secret words with their variables. The number of words before them is known only to the shell. */
function wordVariables(prefix: string, words: readonly Word[]) {
  return words.flatMap((word, index) => {
    const fromEnd = words.length - 1 - index;
    return isSecretWord(word)
      ? [{ fromEnd, alias: { name: `${prefix}${fromEnd}`, secret: word.secret } }]
      : [];
  });
}

/** Variables of the manifest must not have the names of those that are removed. */
function freePrefix(env: readonly EnvVar[]): string {
  let prefix = 'PODPOSE_';
  while (env.some(({ name }) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}

/** A variable that is not set, because an optional value is missing, is left out. */
function assignment({ name, alias }: { readonly name: string; readonly alias: EnvVar }): string {
  return `\${${alias.name}+${quote(`${name}=`)}"$${alias.name}"}`;
}

/**
 * Shells change these. Most do not pass on a variable whose name is no identifier, such as `discovery.type`: dash, and
 * the shell of busybox. `env` passes both on.
 */
const OWN_VARIABLES = new Set(
  '_ BASHOPTS IFS LINENO OLDPWD OPTIND PPID PWD RANDOM SECONDS SHELLOPTS SHLVL'.split(' '),
);

/** Shells export these. Those of the manifest are passed on by `env`. */
const ADDED_BY_SHELLS = ['OLDPWD', 'PWD', 'SHLVL'];

function isKeptByShell(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !OWN_VARIABLES.has(name);
}

/**
 * A Go template for variables of the image with dots or dashes in their names, as words of a JSON list. Those of the
 * manifest take precedence.
 */
function imageVariables(names: readonly string[]): string {
  const others = names.map((name) => ` (ne $n ${JSON.stringify(name)})`).join('');
  const hasOtherSign = '(or (gt (len (split $n ".")) 1) (gt (len (split $n "-")) 1))';
  const condition = others === '' ? hasOtherSign : `and ${hasOtherSign}${others}`;
  return `{{range .Config.Env}}{{$n := index (split . "=") 0}}{{if ${condition}}},"env",{{json .}}{{end}}{{end}}`;
}

const IMAGE_ENTRYPOINT = '{{range .Config.Entrypoint}},{{json .}}{{end}}';
