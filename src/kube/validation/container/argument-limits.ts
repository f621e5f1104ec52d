import { ALL_ARGUMENTS, argumentBytes, LONGEST_ARGUMENT, shareOfAll } from '../../../base/argument-limits.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import { isSecretWord } from '../../spec/container-secrets.ts';
import { LIFECYCLE_SETTINGS } from '../../spec/recorded-lifecycle.ts';
import type { DesiredContainer, DesiredPod, EnvVar, Text, Word } from '../../spec/desired.ts';
import type { Finding } from '../finding.ts';
import type { ConvertContext } from '../../convert/convert-context.ts';

const HELP =
  'Move it into a ConfigMap or Secret and mount that as a volume, where this limit does not apply.';

/** Estimate of what the image and podman add: variables, flags, labels and podman's own environment. */
const ADDED = 65_536;

/** Half of a label, in bytes. */
const LONGEST_LIFECYCLE = LONGEST_ARGUMENT / 2;

/** A string passed to execve(2) at the start of a container's program. */
interface Handed {
  readonly what: string;
  /** Size with the trailing NUL; without it for values known only at run time. */
  readonly bytes: number;
  readonly path: FieldPath;
}

/**
 * Arguments and variables stay within the limits of Linux: on a cluster such a container fails with "argument
 * list too long". Only pods without other errors are checked, because values are needed.
 */
export function* checkArgumentLimits(
  { spec }: Pod,
  desired: DesiredPod,
  context: ConvertContext,
): Iterable<Finding> {
  const pairs = [
    ['initContainers', spec.initContainers ?? [], desired.initContainers],
    ['containers', spec.containers, desired.containers],
  ] as const;
  for (const [list, written, converted] of pairs)
    for (const [index, container] of converted.entries()) {
      const source = written[index];
      if (source === undefined) continue;
      yield* checkContainer(container, source, ['spec', list, index], context);
    }
}

function* checkContainer(
  container: DesiredContainer,
  written: Container,
  path: FieldPath,
  context: ConvertContext,
): Iterable<Finding> {
  const { command = [], args = [], env } = container;
  const handed: readonly Handed[] = [
    ...env.map((variable) => ({
      what: `variable '${variable.name}'`,
      bytes: variableBytes(variable, context),
      path: [...path, ...placeOf(variable.name, written, context)],
    })),
    ...command.map((text, at) => ({
      what: 'this command item',
      bytes: wordBytes(text, context),
      path: [...path, 'command', at],
    })),
    ...args.map((text, at) => ({
      what: 'this argument',
      bytes: wordBytes(text, context),
      path: [...path, 'args', at],
    })),
  ];
  const tooLong = handed.filter(({ bytes }) => bytes > LONGEST_ARGUMENT);
  for (const { what, path: at } of tooLong)
    yield {
      code: 'too-long',
      path: at,
      message: `${what} exceeds the Linux limit of 131072 bytes (128 KiB), with its name and the trailing NUL: the container could not start`,
      help: HELP,
    };
  if (tooLong.length > 0) return;
  yield* checkRecord(container, path);
  const all = handed.reduce((sum, { bytes }) => sum + shareOfAll(bytes), 0);
  const longest = [...handed].sort((a, b) => b.bytes - a.bytes)[0];
  if (all + ADDED <= ALL_ARGUMENTS || longest === undefined) return;
  yield {
    code: 'too-long',
    path: longest.path,
    message: `the variables and arguments of container '${container.name}' have ${all.toString()} bytes in total, more than the Linux limit of 2097152 (2 MiB) less about 65536 for podman and the image: the container could not start; ${longest.what} is the longest`,
    help: HELP,
  };
}

/** Probes and hooks are recorded whole in a label, from which they are carried out. */
function* checkRecord(container: DesiredContainer, path: FieldPath): Iterable<Finding> {
  const recorded = LIFECYCLE_SETTINGS.map((name) => container[name]);
  const bytes = Buffer.byteLength(JSON.stringify(recorded));
  if (bytes > LONGEST_LIFECYCLE)
    yield {
      code: 'too-long',
      path,
      message: `the probes, hooks and restart rules of container '${container.name}' have ${bytes} bytes in total, more than ${LONGEST_LIFECYCLE} (64 KiB): podpose stores them in a label`,
      help: 'Move a long command into a script, in the image or in a ConfigMap.',
    };
}

function variableBytes(variable: EnvVar, { keeper }: ConvertContext): number {
  const name = Buffer.byteLength(`${variable.name}=`);
  if ('value' in variable) return name + textBytes(variable.value);
  return name + (keeper.reveal(variable.secret)?.length ?? 0) + 1;
}

/** A secret word is first passed as a variable with a name, of less than 32 bytes. */
function wordBytes(word: Word, { keeper }: ConvertContext): number {
  return isSecretWord(word) ? (keeper.reveal(word.secret)?.length ?? 0) + 32 : textBytes(word);
}

function textBytes(text: Text): number {
  if (typeof text === 'string') return argumentBytes(text);
  return Buffer.byteLength(text.before) + textBytes(text.after);
}

/** The source of a variable's value: the last one wins, and env takes precedence over envFrom. */
function placeOf(
  name: string,
  { env = [], envFrom = [] }: Container,
  { objects }: ConvertContext,
): FieldPath {
  const own = env.findLastIndex((variable) => variable.name === name);
  if (own !== -1) return ['env', own, env[own]?.valueFrom === undefined ? 'value' : 'valueFrom'];
  const from = envFrom.findLastIndex(({ prefix = '', configMapRef, secretRef }) => {
    const data =
      configMapRef === undefined
        ? objects.secrets.get(secretRef?.name ?? '')
        : objects.configMaps.get(configMapRef.name ?? '');
    return name.startsWith(prefix) && (data?.values.has(name.slice(prefix.length)) ?? false);
  });
  return from === -1 ? [] : ['envFrom', from];
}
