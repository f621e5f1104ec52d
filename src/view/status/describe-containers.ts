import { isObject, listOf, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { DEFAULT_PROTOCOL } from '../../kube/spec/defaults.ts';
import { membersOf, textOf } from '../../plan/compare/manifest-form/values.ts';
import { dateWords, field, NONE, type Line } from './describe-lines.ts';
import { probeLines } from './describe-probes.ts';

/** The containers of a pod with their status. Without containers, nothing. */
export function describeContainers(
  heading: string,
  containers: Json | undefined,
  statuses: readonly JsonObject[],
): readonly Line[] {
  const all = listOf(containers).map(membersOf);
  if (all.length === 0) return [];
  return [
    { depth: 0, text: `${heading}:` },
    ...all.flatMap((container) => {
      const status = statuses.find(({ name }) => name === container['name']) ?? {};
      return containerLines(container, status);
    }),
  ];
}

/** The containers of a pod template, which have no status. Without containers, nothing. */
export function describeTemplate(heading: string, containers: Json | undefined): readonly Line[] {
  const all = listOf(containers).map(membersOf);
  if (all.length === 0) return [];
  return [
    { depth: 0, text: `${heading}:` },
    ...all.flatMap((container) => containerLines(container, undefined)),
  ];
}

function containerLines(container: JsonObject, status: JsonObject | undefined): readonly Line[] {
  const { name, image, ports, command, args, resources, env, envFrom, volumeMounts } = container;
  const portWords = listOf(ports).map(membersOf).map(wordsOfPort);
  return [
    { depth: 1, text: `${textOf(name)}:` },
    ...(status === undefined ? [] : [field('Container ID', textOf(status['containerID']), 2)]),
    field('Image', textOf(image), 2),
    ...(status === undefined ? [] : [field('Image ID', textOf(status['imageID']), 2)]),
    field('Port', portWords.map(([port = '']) => port).join(', ') || NONE, 2),
    field('Host Port', portWords.map(([, port = '']) => port).join(', ') || NONE, 2),
    ...wordLines('Command', command),
    ...wordLines('Args', args),
    ...(status === undefined ? [] : statusLines(status)),
    ...amountLines('Limits', membersOf(resources)['limits']),
    ...amountLines('Requests', membersOf(resources)['requests']),
    ...probeLines(container),
    ...envFromLines(envFrom),
    ...variableLines(env),
    ...mountLines(volumeMounts),
  ];
}

function statusLines(status: JsonObject): readonly Line[] {
  const restarts = status['restartCount'];
  return [
    ...stateLines('State', status['state']),
    ...(isObject(status['lastState']) ? stateLines('Last State', status['lastState']) : []),
    field('Ready', status['ready'] === true ? 'True' : 'False', 2),
    field('Restart Count', typeof restarts === 'number' ? restarts.toString() : '0', 2),
  ];
}

/** The port in the container and on the host, which is 0 for a port that is not published. */
function wordsOfPort({
  containerPort,
  hostIP,
  hostPort = 0,
  protocol = DEFAULT_PROTOCOL,
}: JsonObject): readonly string[] {
  const address = hostIP === undefined ? '' : `${textOf(hostIP)}:`;
  return [
    `${textOf(containerPort)}/${textOf(protocol)}`,
    `${address}${textOf(hostPort)}/${textOf(protocol)}`,
  ];
}

function wordLines(name: string, words: Json | undefined): readonly Line[] {
  const all = listOf(words);
  return all.length === 0
    ? []
    : [field(name, '', 2), ...all.flatMap(wordsIn).map((text): Line => ({ depth: 3, text }))];
}

/** kubectl prints each line of a word on a line (describeContainerCommand). */
function wordsIn(word: Json): readonly string[] {
  return textOf(word).split('\n');
}

function stateLines(heading: string, state: Json | undefined): readonly Line[] {
  const [kind = 'waiting', members] = Object.entries(membersOf(state))[0] ?? [];
  const { reason, message, exitCode, startedAt, finishedAt } = membersOf(members);
  const given = (name: string, value: Json | undefined, words = textOf) =>
    value === undefined ? [] : [field(name, words(value), 3)];
  return [
    field(heading, kind.charAt(0).toUpperCase() + kind.slice(1), 2),
    ...given('Reason', reason),
    ...given('Message', message),
    ...given('Exit Code', exitCode),
    ...given('Started', startedAt, dateWords),
    ...given('Finished', finishedAt, dateWords),
  ];
}

function amountLines(name: string, amounts: Json | undefined): readonly Line[] {
  const all = Object.entries(membersOf(amounts));
  return all.length === 0
    ? []
    : [field(name, '', 2), ...all.map(([resource, amount]) => field(resource, textOf(amount), 3))];
}

function variableLines(env: Json | undefined): readonly Line[] {
  const all = listOf(env).map(membersOf);
  if (all.length === 0) return [field('Environment', NONE, 2)];
  return [
    field('Environment', '', 2),
    ...all.flatMap(({ name, value, valueFrom }) => {
      const [first = '', ...rest] = [sourceWords(valueFrom) ?? wordsIn(value ?? '')].flat();
      return [field(textOf(name), first, 3), ...rest.map((line) => field('', line, 3))];
    }),
  ];
}

/** Where a variable gets its value, in the words of kubectl (describeContainerEnvVars); undefined for a value. */
function sourceWords(source: Json | undefined): string | undefined {
  const { fieldRef, fileKeyRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = membersOf(source);
  if (isObject(fieldRef)) return `(v1:${textOf(fieldRef['fieldPath'])})`;
  if (isObject(resourceFieldRef)) return `(${textOf(resourceFieldRef['resource'])})`;
  if (isObject(secretKeyRef)) return keyWords(secretKeyRef, 'secret');
  if (isObject(configMapKeyRef)) return keyWords(configMapKeyRef, 'config map');
  if (isObject(fileKeyRef))
    return `<set to the key '${textOf(fileKeyRef['key'])}' in file '${textOf(fileKeyRef['path'])}' of volume '${textOf(fileKeyRef['volumeName'])}'>`;
  return undefined;
}

function keyWords({ name, key, optional }: JsonObject, kind: string): string {
  return `<set to the key '${textOf(key)}' in ${kind} '${textOf(name)}'>  Optional: ${optional === true}`;
}

/** describeContainerEnvFrom of kubectl. */
function envFromLines(sources: Json | undefined): readonly Line[] {
  const all = listOf(sources).map(membersOf);
  if (all.length === 0) return [];
  return [
    field('Environment Variables from', '', 2),
    ...all.map(({ prefix, configMapRef, secretRef }) => {
      const { name, optional } = membersOf(configMapRef ?? secretRef);
      const kind = configMapRef === undefined ? 'Secret' : 'ConfigMap';
      const withPrefix = prefix === undefined ? '' : ` with prefix '${textOf(prefix)}'`;
      return field(textOf(name), `${kind}${withPrefix}  Optional: ${optional === true}`, 3);
    }),
  ];
}

function mountLines(mounts: Json | undefined): readonly Line[] {
  const all = listOf(mounts).map(membersOf);
  if (all.length === 0) return [field('Mounts', NONE, 2)];
  return [
    field('Mounts', '', 2),
    ...all.map(({ name, mountPath, readOnly, subPath }): Line => {
      const path = subPath === undefined ? '' : `,path="${textOf(subPath)}"`;
      const mode = readOnly === true ? 'ro' : 'rw';
      return { depth: 3, text: `${textOf(mountPath)} from ${textOf(name)} (${mode}${path})` };
    }),
  ];
}
