import { ALL_ARGUMENTS, argumentBytes, LONGEST_ARGUMENT, shareOfAll } from '../../../base/argument-limits.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import type { DesiredContainer, DesiredPod, EnvVar, Text } from '../../spec/desired.ts';
import type { Finding } from '../finding.ts';
import type { ConvertContext } from '../../convert/convert-context.ts';

const HELP =
  'Put it into a file of a ConfigMap or a Secret and mount that as a volume: there is no such limit to it.';

/** What the image and podman add to it, about: variables, flags, labels, and the environment that podman itself runs in. */
const ADDED = 65_536;

/** A text that Linux is handed when a container's program is started. */
interface Handed {
  readonly what: string;
  /** With the NUL at its end; of what is known late, without that. */
  readonly bytes: number;
  readonly path: FieldPath;
}

/**
 * What a container's program is started with is not longer than Linux takes: on a cluster such a container fails with
 * "argument list too long". Looks at values, and so at pods only in which nothing else is wrong.
 */
export function* checkArgumentLimits(
  { spec }: Pod,
  desired: DesiredPod,
  surroundings: ConvertContext,
): Iterable<Finding> {
  const pairs = [
    ['initContainers', spec.initContainers ?? [], desired.initContainers],
    ['containers', spec.containers, desired.containers],
  ] as const;
  for (const [list, written, meant] of pairs)
    for (const [index, container] of meant.entries()) {
      const source = written[index];
      if (source === undefined) continue;
      yield* checkContainer(container, source, ['spec', list, index], surroundings);
    }
}

function* checkContainer(
  container: DesiredContainer,
  written: Container,
  path: FieldPath,
  surroundings: ConvertContext,
): Iterable<Finding> {
  const { command = [], args = [], env } = container;
  const handed: readonly Handed[] = [
    ...env.map((variable) => ({
      what: `variable '${variable.name}'`,
      bytes: variableBytes(variable, surroundings),
      path: [...path, ...placeOf(variable.name, written, surroundings)],
    })),
    ...command.map((text, at) => ({
      what: 'this word',
      bytes: textBytes(text),
      path: [...path, 'command', at],
    })),
    ...args.map((text, at) => ({
      what: 'this argument',
      bytes: textBytes(text),
      path: [...path, 'args', at],
    })),
  ];
  const tooLong = handed.filter(({ bytes }) => bytes > LONGEST_ARGUMENT);
  for (const { what, path: at } of tooLong)
    yield {
      code: 'too-long',
      path: at,
      message: `${what} is longer than the 131072 bytes (128 KiB) that Linux takes of one, with its name and the end mark: the container could not start`,
      help: HELP,
    };
  if (tooLong.length > 0) return;
  const all = handed.reduce((sum, { bytes }) => sum + shareOfAll(bytes), 0);
  const longest = [...handed].sort((a, b) => b.bytes - a.bytes)[0];
  if (all + ADDED <= ALL_ARGUMENTS || longest === undefined) return;
  yield {
    code: 'too-long',
    path: longest.path,
    message: `the variables and arguments of container '${container.name}' have ${all.toString()} bytes together, and Linux takes 2097152 (2 MiB, a quarter of the usual stack limit), with some 65536 that podman and the image add: the container could not start; ${longest.what} is the longest`,
    help: HELP,
  };
}

function variableBytes(variable: EnvVar, { keeper }: ConvertContext): number {
  const name = Buffer.byteLength(`${variable.name}=`);
  if ('value' in variable) return name + textBytes(variable.value);
  return name + (keeper.reveal(variable.secret)?.length ?? 0) + 1;
}

function textBytes(text: Text): number {
  if (typeof text === 'string') return argumentBytes(text);
  return Buffer.byteLength(text.before) + textBytes(text.after);
}

/** Where a variable gets its value from: the last one counts, and those of env before those of envFrom. */
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
