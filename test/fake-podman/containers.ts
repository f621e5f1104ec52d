// podman create, run, start, stop, kill, rm, rename, pause, unpause, update, wait and top.
import { existsSync } from 'node:fs';
import { noSuchContainer, PodmanError } from './errors.ts';
import { pullImage } from './images.ts';
import { signal, start, stop } from './lifecycle.ts';
import { printLines } from './logs.ts';
import type { Container, Image, Input, Model, Running, StopSignal, Values, Waiting } from './model.ts';
import { containerNamed, findContainer, findImage, isAlive, NEVER, newId, podNamed } from './state.ts';
import { flag, number, pairs, text, texts } from './values.ts';
import { needSecrets } from './secrets.ts';
import { makeVolume } from './volumes.ts';

export function* create(model: Model, input: Input): Running {
  model.out(`${yield* make(model, input)}\n`);
  return 0;
}

export function* run(model: Model, input: Input): Running {
  const id = yield* make(model, input);
  yield { moment: 'created' };
  start(model, containerNamed(model.state, id));
  yield { moment: 'started' };
  if (!flag(input.values, 'detach')) return yield* attach(model, id);
  model.out(`${id}\n`);
  return 0;
}

/** Creates a container without starting it. Returns its ID. */
function* make(model: Model, { values, words }: Input): Waiting<string> {
  const [wantedImage, ...command] = words;
  if (wantedImage === undefined) throw new PodmanError('requires at least 1 arg(s), only received 0');
  const podName = text(values, 'pod');
  const podId = podName === undefined ? '' : podNamed(model.state, podName).id;
  if (podId !== '' && values['publish'] !== undefined)
    throw new PodmanError(
      'invalid config provided: published or exposed ports must be defined when the pod is created: network cannot be configured when it is shared with a pod',
    );
  needSecrets(model, texts(values, 'secret'));
  const image = yield* imageFor(model, wantedImage, text(values, 'pull') ?? 'missing');
  const sources = texts(values, 'volume').map((volume) => volume.split(':', 1)[0] ?? '');
  for (const path of sources.filter(isPath))
    if (!existsSync(path)) throw new PodmanError(`statfs ${path}: no such file or directory`);
  const name = text(values, 'name');
  if (name !== undefined) yield* makeRoom(model, name, flag(values, 'replace'));
  const volumes = sources.filter((source) => !isPath(source));
  for (const volume of volumes) if (model.state.volumes[volume] === undefined) makeVolume(model, volume);
  const id = newId(model.state, 'container');
  model.state.containers[id] = {
    id,
    name: name ?? `nameless_${id.slice(0, 6)}`,
    podId,
    isInfra: false,
    labels: pairs(texts(values, 'label')),
    image: nameOf(image, wantedImage),
    imageId: image.id,
    command,
    flags: values,
    volumes,
    restart: text(values, 'restart') ?? '',
    stopTimeout: number(values, 'stop-timeout') ?? 10,
    ...neverStarted(model),
  };
  return id;
}

function isPath(source: string): boolean {
  return source.startsWith('/');
}

/** The name by which an image with several names was requested. */
function nameOf({ names }: Image, wanted: string): string {
  return names.find((name) => name.endsWith(wanted.replace(/^.*\//, ''))) ?? names[0] ?? wanted;
}

function* makeRoom(model: Model, name: string, replaces: boolean): Waiting {
  const old = findContainer(model.state, name);
  if (old?.name !== name) return;
  if (!replaces)
    throw new PodmanError(
      `creating container storage: the container name "${name}" is already in use by ${old.id}. You have to remove that container to be able to reuse that name: that name is already in use`,
    );
  yield* remove(model, [old.id]);
  model.out(`${name}\n`);
}

/** The initial values of a new container. */
export function neverStarted(
  model: Model,
): Pick<
  Container,
  | 'state'
  | 'createdAt'
  | 'startedAt'
  | 'exitedAt'
  | 'exitCode'
  | 'pid'
  | 'isStopped'
  | 'restarts'
  | 'restartAt'
  | 'runs'
> {
  return {
    state: 'created',
    createdAt: model.now(),
    startedAt: NEVER,
    exitedAt: NEVER,
    exitCode: 0,
    pid: 0,
    isStopped: false,
    restarts: 0,
    restartAt: null,
    runs: [],
  };
}

function* imageFor(model: Model, image: string, pull: string): Waiting<Image> {
  const found = findImage(model.state, image);
  if (found !== undefined && pull !== 'always') return found;
  if (pull === 'never') throw new PodmanError(`${image}: image not known`);
  return yield* pullImage(model, image);
}

/** Prints the output of the newest run of a container, forwards signals, and ends with it. */
function* attach(model: Model, id: string): Running {
  const runs = containerNamed(model.state, id).runs.length;
  let shown = 0;
  for (;;) {
    const container = model.state.containers[id];
    const run = container?.runs[runs - 1];
    if (container === undefined || run === undefined) break;
    for (const name of model.takeSignals()) signal(model, container, name);
    const lines = run.lines.slice(shown).filter(({ at }) => at <= model.now());
    printLines(model, lines);
    shown += lines.length;
    // A restart by the restart policy is another run.
    if (!isAlive(container) || container.runs.length > runs) break;
    yield;
  }
  return model.state.exitCodes[id] ?? 0;
}

export function* startContainers(model: Model, { values, words }: Input): Running {
  const [first] = words;
  if (first === undefined) throw new PodmanError('start requires at least one argument');
  if (flag(values, 'attach')) {
    const container = containerNamed(model.state, first);
    start(model, container);
    yield { moment: 'started' };
    return yield* attach(model, container.id);
  }
  for (const word of words) {
    const container = containerNamed(model.state, word);
    if (isAlive(container)) continue;
    startByHand(model, container);
    yield { moment: 'started' };
    model.out(`${word}\n`);
  }
  return 0;
}

function startByHand(model: Model, container: Container): void {
  try {
    start(model, container);
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
    throw new PodmanError(`unable to start container "${container.id}": ${error.message}`);
  }
}

export function* stopContainers(model: Model, { values, words }: Input): Running {
  needNames(words);
  const { state } = model;
  const found = words
    .map((word) => (flag(values, 'ignore') ? findContainer(state, word) : containerNamed(state, word)))
    .filter((container) => container !== undefined);
  const paused = found.find((container) => container.state === 'paused');
  if (paused !== undefined)
    throw new PodmanError(
      `can only stop created or running containers. ${paused.id} is in state paused: container state improper`,
    );
  const names = words.filter((word) => findContainer(state, word) !== undefined);
  yield* stop(
    model,
    found.map(({ id }) => id),
    number(values, 'time'),
  );
  for (const name of names) model.out(`${name}\n`);
  return 0;
}

export function killContainers(model: Model, { values, words }: Input): number {
  needNames(words);
  for (const word of words) {
    const container = containerNamed(model.state, word);
    if (!isAlive(container))
      throw new PodmanError(
        `can only kill running containers. ${container.id} is in state ${container.state}: container state improper`,
      );
    kill(model, container, values);
    model.out(`${word}\n`);
  }
  return 0;
}

export function kill(model: Model, container: Container, values: Values): void {
  container.isStopped = true;
  const name: StopSignal = /KILL|^9$/.test(text(values, 'signal') ?? 'KILL') ? 'KILL' : 'TERM';
  signal(model, container, name);
}

export function* removeContainers(model: Model, { values, words }: Input): Running {
  needNames(words);
  const found = words.map((word) => ({ word, container: findContainer(model.state, word) }));
  const missing = found.find(({ container }) => container === undefined);
  if (missing !== undefined && !flag(values, 'force') && !flag(values, 'ignore'))
    throw noSuchContainer(missing.word, 1);
  // If one of the names is unknown, 4.3.1 does nothing for the others either, and succeeds; 5.4 does not.
  if (missing !== undefined && /^4\./.test(model.settings.version ?? '4.3.1')) return 0;
  for (const { container } of found)
    if (container?.isInfra === true)
      throw new PodmanError(
        `container ${container.id} is the infra container of pod ${container.podId} and cannot be removed without removing the pod`,
      );
  let exitCode = 0;
  for (const { word } of found) {
    // The state may have changed while the previous one was stopped.
    const container = findContainer(model.state, word);
    if (container === undefined) continue;
    if (isAlive(container) && !flag(values, 'force')) {
      model.err(`Error: ${removalOfRunning(container)}\n`);
      exitCode = 2;
      continue;
    }
    yield* remove(model, [container.id], number(values, 'time'));
    model.out(`${word}\n`);
  }
  return exitCode;
}

export function removalOfRunning({ id, state }: Container): string {
  return `cannot remove container ${id} as it is ${state} - running or paused containers cannot be removed without force: container state improper`;
}

/** Stops containers if necessary, and removes them. */
export function* remove(model: Model, ids: readonly string[], seconds?: number): Waiting {
  yield* stop(model, ids, seconds);
  for (const id of ids) Reflect.deleteProperty(model.state.containers, id);
}

export function rename(model: Model, { words }: Input): number {
  const [from, to] = words;
  if (from === undefined || to === undefined || words.length !== 2)
    throw new PodmanError(`accepts 2 arg(s), received ${words.length}`);
  const container = containerNamed(model.state, from);
  if (findContainer(model.state, to)?.name === to)
    throw new PodmanError(
      `renaming container ${container.id}: name ${to} already in use, cannot rename container ${container.id}: container already exists`,
    );
  container.name = to;
  return 0;
}

export function pause(model: Model, { words }: Input): number {
  needNames(words);
  for (const word of words) {
    const container = containerNamed(model.state, word);
    if (container.state !== 'running')
      throw new PodmanError(`"${container.id}" is not running, can't pause: container state improper`);
    needCgroups(model, `pause ${container.id}`, 'cannot pause the container without a cgroup');
    container.state = 'paused';
    model.out(`${word}\n`);
  }
  return 0;
}

export function unpause(model: Model, { words }: Input): number {
  needNames(words);
  for (const word of words) {
    const container = containerNamed(model.state, word);
    if (container.state !== 'paused')
      throw new PodmanError(`"${container.id}" is not paused, can't unpause: container state improper`);
    container.state = 'running';
    model.out(`${word}\n`);
  }
  return 0;
}

export function update(model: Model, { values, words }: Input): number {
  const [word] = words;
  if (word === undefined || words.length !== 1)
    throw new PodmanError(`accepts 1 arg(s), received ${words.length}`);
  const container = containerNamed(model.state, word);
  needCgroups(
    model,
    `update --resources=/var/tmp/podman1 ${container.id}`,
    'opening file `memory.max` for writing: No such file or directory',
  );
  container.flags = { ...container.flags, ...values };
  model.out(`${container.id}\n`);
  return 0;
}

function needCgroups({ settings, err }: Model, command: string, complaint: string): void {
  if (settings.cgroups !== false) return;
  err(`${complaint}\n`);
  throw new PodmanError(`\`/usr/bin/crun ${command}\` failed: exit status 1`);
}

export function* wait(model: Model, { words }: Input): Running {
  needNames(words);
  for (const word of words) {
    const { id } = containerNamed(model.state, word);
    while (!['exited', undefined].includes(model.state.containers[id]?.state)) yield;
    model.out(`${model.state.exitCodes[id] ?? -1}\n`);
  }
  return 0;
}

export function top(model: Model, { words }: Input): number {
  const [word, ...descriptors] = words;
  if (word === undefined) throw new PodmanError('you must provide the name or id of a running container');
  const container = findContainer(model.state, word);
  if (container === undefined)
    throw new PodmanError(`unable to look up requested container: ${noSuchContainer(word).message}`);
  if (!isAlive(container)) throw new PodmanError('top can only be used on running containers');
  const row: Readonly<Record<string, string>> = {
    user: 'root',
    pid: '1',
    ppid: '0',
    '%cpu': '0.000',
    elapsed: '1s',
    tty: '?',
    time: '0s',
    command: container.command.join(' '),
  };
  const columns = descriptors.length === 0 ? Object.keys(row) : descriptors.flatMap((one) => one.split(','));
  const line = (cells: readonly string[]) => `${cells.map((cell) => cell.padEnd(12)).join('')}\n`;
  model.out(line(columns.map((column) => column.toUpperCase())));
  model.out(line(columns.map((column) => row[column.toLowerCase()] ?? '')));
  return 0;
}

export function needNames(words: readonly string[]): void {
  if (words.length === 0) throw new PodmanError('you must provide at least one name or id');
}
