// podman pod create, start, stop, kill and rm.
import { kill, needNames, neverStarted, removalOfRunning, remove } from './containers.ts';
import { joined, PodmanError } from './errors.ts';
import { pullImage } from './images.ts';
import { start, startInfra, stop } from './lifecycle.ts';
import type { Image, Input, Model, Pod, Running, Waiting } from './model.ts';
import { needNetworks } from './networks.ts';
import { findImage, findPod, infraOf, isAlive, membersOf, newId, podNamed, storeImage } from './state.ts';
import { flag, number, pairs, text, texts } from './values.ts';

const NAMESPACES = ['cgroup', 'ipc', 'net', 'pid', 'uts', 'none', ''];

export function* createPod(model: Model, { values, words }: Input): Running {
  const wanted = text(values, 'name');
  if (wanted !== undefined && words.length > 0)
    throw new PodmanError('cannot specify --name and NAME at the same time');
  for (const namespace of (text(values, 'share') ?? '').split(','))
    if (!NAMESPACES.includes(namespace))
      throw new PodmanError(
        `invalid kernel namespace to share: ${namespace}. Options are: cgroup, ipc, net, pid, uts or none`,
      );
  needNetworks(model, values);
  const image = yield* infraImage(model, text(values, 'infra-image'));
  const { state } = model;
  const id = newId(state, 'pod');
  const name = wanted ?? words[0] ?? `nameless_${id.slice(0, 6)}`;
  if (findPod(state, name)?.name === name)
    throw new PodmanError(`adding pod to state: name "${name}" is in use: pod already exists`);
  const infraId = newId(state, 'container');
  const labels = pairs(texts(values, 'label'));
  state.pods[id] = {
    id,
    name,
    labels,
    infraId,
    exitPolicy: text(values, 'exit-policy') ?? 'continue',
    ports: texts(values, 'publish').map(listener),
    createdAt: model.now(),
    flags: values,
  };
  state.containers[infraId] = {
    id: infraId,
    name: text(values, 'infra-name') ?? `${id.slice(0, 12)}-infra`,
    podId: id,
    isInfra: true,
    labels,
    image: image.names[0] ?? image.id,
    imageId: image.id,
    command: [],
    flags: {},
    volumes: [],
    restart: '',
    stopTimeout: 10,
    ...neverStarted(model),
  };
  model.out(`${id}\n`);
  return 0;
}

function* infraImage(model: Model, name: string | undefined): Waiting<Image> {
  const own = `localhost/podman-pause:${model.settings.version ?? '4.3.1'}-0`;
  const found = findImage(model.state, name ?? own);
  if (found !== undefined) return found;
  return name === undefined
    ? storeImage(model.state, { name: own }, model.now())
    : yield* pullImage(model, name);
}

/** `127.0.0.1:8080` for `127.0.0.1:8080:80/tcp`. */
function listener(publish: string): string {
  const parts = publish
    .replace(/\/\w+$/, '')
    .split(':')
    .slice(0, -1);
  return parts.length === 1 ? `0.0.0.0:${parts[0] ?? ''}` : parts.join(':');
}

export function startPods(model: Model, { words }: Input): number {
  for (const pod of named(model, words)) {
    startInfra(model, pod);
    for (const member of membersOf(model.state, pod)) start(model, member);
    model.out(`${pod.id}\n`);
  }
  return 0;
}

export function* stopPods(model: Model, { values, words }: Input): Running {
  const pods = named(model, words, flag(values, 'ignore'));
  for (const pod of pods) {
    yield* stopAll(model, pod, number(values, 'time'));
    model.out(`${pod.id}\n`);
  }
  return 0;
}

/** The infra container is removed after all containers that depend on it. */
function* stopAll(model: Model, pod: Pod, seconds: number | undefined): Waiting {
  const ids = membersOf(model.state, pod).map(({ id }) => id);
  yield* stop(model, ids, seconds);
  yield* stop(model, [pod.infraId], seconds);
}

export function killPods(model: Model, { values, words }: Input): number {
  for (const pod of named(model, words)) {
    const { state } = model;
    for (const member of [...membersOf(state, pod), infraOf(state, pod)]) kill(model, member, values);
    model.out(`${pod.id}\n`);
  }
  return 0;
}

export function* removePods(model: Model, { values, words }: Input): Running {
  const isForced = flag(values, 'force');
  for (const pod of named(model, words, isForced || flag(values, 'ignore'), 1)) {
    if (!isForced) refuseRunning(model, pod);
    yield* stopAll(model, pod, number(values, 'time'));
    // Another process may have removed it in the meantime.
    if (model.state.pods[pod.id] === undefined) continue;
    const ids = [...membersOf(model.state, pod), infraOf(model.state, pod)].map(({ id }) => id);
    yield* remove(model, ids, 0);
    Reflect.deleteProperty(model.state.pods, pod.id);
    model.out(`${pod.id}\n`);
  }
  return 0;
}

/** Without --force, running containers keep the pod, but exited ones are removed. */
function refuseRunning({ state }: Model, pod: Pod): void {
  const running = membersOf(state, pod).filter(isAlive);
  if (running.length === 0) return;
  for (const { id } of membersOf(state, pod).filter((member) => !isAlive(member)))
    Reflect.deleteProperty(state.containers, id);
  throw new PodmanError(
    joined([
      ...running.map(
        (member) => `removing container ${member.id} from pod ${pod.id}: ${removalOfRunning(member)}`,
      ),
      `removing container ${pod.infraId} from pod ${pod.id}: a container that depends on container ${pod.infraId} still exists: dependency exists`,
    ]),
  );
}

function named(
  { state }: Model,
  words: readonly string[],
  ignoresMissing = false,
  exitCode?: number,
): readonly Pod[] {
  needNames(words);
  return words
    .map((word) => (ignoresMissing ? findPod(state, word) : podNamed(state, word, exitCode)))
    .filter((pod) => pod !== undefined);
}
