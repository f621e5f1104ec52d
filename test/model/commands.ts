import { decodeSpec, encodeSpec, givenLabels, LABEL } from '../../src/podman/labels.ts';
import { digest } from '../../src/base/digest.ts';
import { stableJson } from '../../src/base/stable-json.ts';
import type { Argument, Command } from '../../src/podman/operations/argument.ts';
import { namesOf } from '../../src/podman/operations/hook-work.ts';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { imageNames } from '../support/image-names.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';
import {
  done,
  endContainer,
  failed,
  removeContainer,
  removePod,
  startContainer,
  startInfra,
  stopContainer,
  stopPod,
  withContainer,
  withPod,
  type Outcome,
} from './lifecycle.ts';
import { isUp, put, without, type ModelContainer, type ModelState, type Names } from './state.ts';

/** Capabilities of the newer release. The older one has other commands, but the same labels. */
export const CAPABILITIES = capabilitiesOf({ major: 5, minor: 4, patch: 2 });

/**
 * A part of what a command does that is there or not, whenever one looks. Between two of them, anything else may
 * happen, and podman may be killed or fail.
 */
export interface Effect {
  readonly happen: (state: ModelState) => Outcome;
  /**
   * The state after the container that the command waits for has failed: the command passes on its exit code. Absent for
   * other effects: nothing happens when they fail, and podman reports an error.
   */
  readonly failContainer?: (state: ModelState) => ModelState;
}

/** The effects of an operation, in order. Names, labels and flags are read from the very command that podpose runs. */
export function effectsOf(operation: Operation, { args }: Command): readonly Effect[] {
  const texts = args.map(plainText);
  const asked = args.flatMap(askedVolume);
  const anchors = args.flatMap(anchorIn);
  const words = texts.slice(texts.indexOf('--time') + 2);
  switch (operation.kind) {
    case 'pull-image':
      return [only((state) => pull(state, last(texts)))];
    case 'create-volume':
      return [
        only((state) => createVolume(state, last(texts), labelsIn(texts), texts.includes('type=tmpfs'))),
      ];
    case 'create-claim-volume':
      return [
        only((state) =>
          createVolume(state, operation.claimName, labelsIn(texts), texts.includes('type=tmpfs')),
        ),
      ];
    case 'wait-for-ready':
    case 'wait-for-startup':
    case 'check-image-shell':
    case 'check-image-user':
      return [only(done)];
    case 'close-sub-paths':
      return [only((state) => closeAnchors(state, anchors))];
    case 'adopt-claim-volume':
      return [only((state) => createVolume(state, last(texts), labelsIn(texts), false))];
    case 'set-volume-mode':
    case 'set-volume-ownership':
    case 'make-termination-log':
      return [only((state) => needVolumes(state, asked))];
    case 'make-sub-path':
      return [only((state) => openAnchors(needVolumes(state, asked), anchors, asked[0] ?? ''))];
    case 'mount-volume':
      return [only((state) => holdVolume(state, last(texts)))];
    case 'write-files':
      return [
        only((state) => writeFiles(state, asked[0] ?? '', 'half')),
        only((state) => writeFiles(state, asked[0] ?? '', digest(stableJson(operation.files)))),
      ];
    case 'create-files-record':
    case 'create-list-record':
      return makingEffects(operation.image, texts, { asked, anchors });
    case 'finish-files-record':
      return [only((state) => rename(state, texts[1] ?? '', last(texts)))];
    case 'make-host-path':
      return [only((state) => done({ ...state, paths: [...state.paths, last(texts)] }))];
    case 'create-secret':
      return [only((state) => createSecret(state, texts.at(-2) ?? ''))];
    case 'start-infra':
      return [only((state) => startPod(state, operation.pod))];
    case 'create-pod':
      return [only((state) => createPod(state, texts))];
    case 'create-service':
      return [only((state) => createPod(state, texts))];
    case 'start-service':
      return [only((state) => startPod(state, `${operation.service}-svc`))];
    case 'set-service-rules':
    case 'record-service':
    case 'remove-service-record':
    case 'record-headless-service':
    case 'remove-headless-service':
    case 'record-job':
    case 'remove-job-record':
    case 'create-job-secret':
    case 'remove-names':
      return [only(done)];
    case 'remove-service':
      return [only((state) => done(removePod(state, last(texts))))];
    case 'create-network':
      return [only((state) => createNetwork(state, last(texts), labelsIn(texts)))];
    case 'remove-network':
      return [only((state) => removeNetwork(state, last(texts)))];
    case 'fix-bridge-address':
      return [only((state) => needBridge(state, operation.network))];
    case 'run-container':
    case 'create-replacement':
    case 'create-container-record':
      return makingEffects(operation.container.image, texts, { asked, anchors });
    case 'record-stop':
      return makingEffects(operation.image, texts, { asked, anchors });
    case 'start-container':
    case 'start-init-container':
      return [only((state) => startContainer(state, last(texts)))];
    case 'verify-running':
      return [only((state) => seeRunning(state, texts[1] ?? ''))];
    case 'update-container':
      return [only((state) => update(state, last(texts), texts))];
    case 'unpause-container':
      return [only((state) => unpause(state, last(texts)))];
    case 'stop-containers':
      return [only((state) => needContainers(state, words)), ...words.map((name) => stopping(name))];
    case 'terminate-containers': {
      const names = namesOf(operation);
      return [only((state) => needContainers(state, names)), ...names.map((name) => stopping(name))];
    }
    case 'run-post-start':
      return [only((state) => needContainers(state, [operation.name]))];
    case 'rename-container':
      return [only((state) => rename(state, texts[1] ?? '', last(texts)))];
    case 'stop-pod':
      return [only((state) => done(stopPod(state, last(texts))))];
    case 'signal-containers':
      return [only((state) => needContainers(state, operation.containers))];
    case 'remove-pod':
      return [
        only((state) => done(stopPod(state, last(texts)))),
        only((state) => done(removePod(state, last(texts)))),
      ];
    case 'remove-containers':
      return words.map((name) => removing(name, words));
    case 'remove-volumes':
      return [only((state) => removeVolumes(state, texts.slice(2)))];
    case 'remove-secrets':
      return [only((state) => removeSecrets(state, texts.slice(2)))];
  }
}

function only(happen: Effect['happen']): Effect {
  return { happen };
}

/** What a container mounts by its path. */
interface PathMounts {
  /** Volumes of which a folder is mounted. */
  readonly asked: readonly string[];
  readonly anchors: readonly string[];
}

/** `podman run`, which has its container made and then started, or `podman create`. */
function makingEffects(image: string, texts: readonly string[], mounts: PathMounts): readonly Effect[] {
  const name = after('--name', texts);
  const room: readonly Effect[] = texts.includes('--replace')
    ? [only((state) => done(removeContainer(state, name)))]
    : [];
  const make: readonly Effect[] = [
    only((state) => (findImage(state, image) === undefined ? pull(state, image) : done(state))),
    ...room,
    only((state) => makeContainer(state, name, image, texts, mounts)),
  ];
  if (texts[0] === 'create') return make;
  const start = only((state) => startContainer(state, name));
  const end: Effect = {
    happen: (state) => awaitEnd(state, name),
    failContainer: (state) => endContainer(state, name, 1),
  };
  return texts.includes('--detach') ? [...make, start] : [...make, start, end];
}

/** The container completes, or has been stopped. */
function awaitEnd(state: ModelState, name: string): Outcome {
  const container = state.containers[name];
  if (container === undefined || isUp(container)) return done(endContainer(state, name, 0));
  const { exitCode } = container;
  return exitCode === 0 ? done(state) : { ...failed(state, `exit code ${exitCode}`), exitCode };
}

function makeContainer(
  state: ModelState,
  name: string,
  image: string,
  texts: readonly string[],
  { asked, anchors }: PathMounts,
): Outcome {
  const pod = after('--pod', texts);
  const imageId = findImage(state, image);
  const mounted = valuesOf('--volume', texts).map((volume) => volume.split(':', 1)[0] ?? '');
  const volumes = [
    ...mounted.filter((source) => /^[^/]/.test(source)),
    // A part of a volume, which podman mounts by itself.
    ...valuesOf('--mount', texts).flatMap((mount) => /^type=volume,source=([^,]+)/.exec(mount)?.[1] ?? []),
  ];
  const missingPath = mounted.find((source) => source.startsWith('/') && !isPath(state, source));
  if (imageId === undefined) return failed(state, `${image}: image not known`);
  if (missingPath !== undefined) return failed(state, `statfs ${missingPath}: no such file or directory`);
  if (state.pods[pod] === undefined) return failed(state, `no pod with name or ID ${pod} found`);
  if (isNameTaken(state, name)) return failed(state, `the container name "${name}" is already in use`);
  const missingVolume = asked.find((volume) => state.volumes[volume] === undefined);
  if (missingVolume !== undefined) return failed(state, `no volume with name "${missingVolume}" found`);
  const missingAnchor = anchors.find((anchor) => state.anchors[anchor] === undefined);
  if (missingAnchor !== undefined) return failed(state, `statfs ${missingAnchor}: no such file or directory`);
  const missingSecret = valuesOf('--secret', texts)
    .map((secret) => secret.split(',', 1)[0] ?? '')
    .find((secret) => !state.secrets.includes(secret));
  if (missingSecret !== undefined) return failed(state, `no secret with name or id "${missingSecret}"`);
  const container: ModelContainer = {
    id: idFor(state, name),
    labels: labelsIn(texts),
    pod,
    state: 'created',
    exitCode: 0,
    startedAt: 0,
    exitedAt: 0,
    restartPolicy: after('--restart', texts) || 'no',
    limits: limitsIn(texts),
    image: imageNames(image)[0] ?? image,
    imageId,
    volumes,
    reachesInto: [...asked, ...anchors.map((anchor) => state.anchors[anchor] ?? '')].filter(isNotEmpty),
    anchors,
  };
  // A named volume that there is not is made by podman, without a word.
  const withVolumes = volumes.reduce(
    (before, volume) =>
      before.volumes[volume] === undefined ? createVolume(before, volume, {}, false).state : before,
    state,
  );
  return done(withContainer(withVolumes, name, container));
}

/** A path, or one below it that `make-sub-path` has made. */
function isPath({ paths }: ModelState, path: string): boolean {
  return paths.some((there) => path === there || path.startsWith(`${there}/`));
}

/** Containers and pods must not have the same name either. */
function isNameTaken(state: ModelState, name: string): boolean {
  return state.containers[name] !== undefined || state.pods[name] !== undefined;
}

function pull(state: ModelState, image: string): Outcome {
  const name = imageNames(image).find((candidate) => state.registry[candidate] !== undefined);
  const id = name === undefined ? undefined : state.registry[name];
  return name === undefined || id === undefined
    ? failed(state, `reading manifest of ${image}: manifest unknown`)
    : done({ ...state, images: put(state.images, name, id) });
}

/** By a name, or by its id: one that a container was made from is there, also where its name means another by now. */
function findImage({ images, containers }: ModelState, image: string): string | undefined {
  const isInUse = Object.values(containers).some(({ imageId }) => imageId === image);
  return imageNames(image).flatMap((name) => images[name] ?? [])[0] ?? (isInUse ? image : undefined);
}

function createVolume(state: ModelState, name: string, labels: Names, isTmpfs: boolean): Outcome {
  if (state.volumes[name] !== undefined) return failed(state, `volume with name ${name} already exists`);
  const volume = { id: idFor(state, name), labels, isTmpfs, holds: 0 };
  return done({ ...state, volumes: put(state.volumes, name, volume) });
}

function createSecret(state: ModelState, name: string): Outcome {
  return state.secrets.includes(name)
    ? failed(state, `${name}: secret name in use`)
    : done({ ...state, secrets: [...state.secrets, name] });
}

function removeSecrets(state: ModelState, names: readonly string[]): Outcome {
  const missing = names.find((name) => !state.secrets.includes(name));
  return missing === undefined
    ? done({ ...state, secrets: state.secrets.filter((name) => !names.includes(name)) })
    : failed(state, `no secret with name or id "${missing}": no such secret`);
}

function holdVolume(state: ModelState, name: string): Outcome {
  const volume = state.volumes[name];
  if (volume === undefined) return failed(state, `no volume with name "${name}" found`);
  const holds = volume.holds + (volume.isTmpfs ? 1 : 0);
  return done({ ...state, volumes: put(state.volumes, name, { ...volume, holds }) });
}

function needVolumes(state: ModelState, names: readonly string[]): Outcome {
  const missing = names.find((name) => state.volumes[name] === undefined);
  return missing === undefined ? done(state) : failed(state, `no volume with name "${missing}" found`);
}

/** What is written into a tmpfs that nobody has mounted is lost. */
function writeFiles(state: ModelState, name: string, files: string): Outcome {
  const volume = state.volumes[name];
  if (volume === undefined) return failed(state, `no volume with name "${name}" found`);
  const isKept = !volume.isTmpfs || mountCountOf(state, name) > 0;
  return done(isKept ? { ...state, volumes: put(state.volumes, name, { ...volume, files }) } : state);
}

/** All that can be removed are, also where one cannot. */
function removeVolumes(state: ModelState, names: readonly string[]): Outcome {
  let left = state;
  let failure: string | undefined;
  for (const name of names) {
    const isUsed = Object.values(left.containers).some(({ volumes }) => volumes.includes(name));
    if (left.volumes[name] === undefined) failure = `no volume with name "${name}" found`;
    else if (isUsed) failure = `volume ${name} is being used`;
    else left = { ...left, volumes: without(left.volumes, name) };
  }
  return failure === undefined ? done(left) : failed(left, failure);
}

function createNetwork(state: ModelState, name: string, labels: Names): Outcome {
  return state.networks[name] === undefined
    ? done({ ...state, networks: put(state.networks, name, { labels }) })
    : failed(state, `network name ${name} already used: network already exists`);
}

function removeNetwork(state: ModelState, name: string): Outcome {
  if (state.networks[name] === undefined)
    return failed(state, `unable to find network with name or ID ${name}: network not found`);
  return Object.values(state.pods).some(({ network }) => network === name)
    ? failed(state, `"${name}" has associated containers with it: network is being used`)
    : done({ ...state, networks: without(state.networks, name) });
}

/** podman makes the bridge of a network when the first pod on it starts. */
function needBridge(state: ModelState, name: string): Outcome {
  const isUpOn = ({ network, infra }: ModelState['pods'][string]) => network === name && infra === 'running';
  return Object.values(state.pods).some(isUpOn) ? done(state) : failed(state, `no bridge of ${name}`);
}

function createPod(state: ModelState, texts: readonly string[]): Outcome {
  const name = after('--name', texts);
  const network = after('--network', texts).split(':', 1)[0] ?? '';
  const isOnNetwork = network !== '' && network !== 'host';
  if (isNameTaken(state, name)) return failed(state, `name "${name}" is in use`);
  if (isOnNetwork && state.networks[network] === undefined)
    return failed(state, `unable to find network with name or ID ${network}: network not found`);
  const id = idFor(state, name);
  return done(
    withPod(state, name, {
      id,
      labels: labelsIn(texts),
      ...(isOnNetwork ? { network } : {}),
      infra: 'created',
      infraStartedAt: 0,
      starts: 0,
      initialised: {},
    }),
  );
}

function startPod(state: ModelState, name: string): Outcome {
  return state.pods[name] === undefined
    ? failed(state, `no pod with name or ID ${name} found`)
    : done(startInfra(state, name));
}

function seeRunning(state: ModelState, name: string): Outcome {
  return state.containers[name]?.state === 'running'
    ? done(state)
    : failed(state, 'top can only be used on running containers');
}

function update(state: ModelState, name: string, texts: readonly string[]): Outcome {
  const container = state.containers[name];
  if (container === undefined) return failed(state, `no container with name or ID "${name}" found`);
  const restartPolicy = after('--restart', texts) || container.restartPolicy;
  const limits = { ...container.limits, ...limitsIn(texts) };
  return done(withContainer(state, name, { ...container, restartPolicy, limits }));
}

const LIMITS = ['--cpus', '--cpu-shares', '--memory', '--memory-swap', '--memory-reservation'];

function limitsIn(texts: readonly string[]): Names {
  return Object.fromEntries(
    LIMITS.flatMap((flag) => valuesOf(flag, texts).map((value) => [flag, value] as const)),
  );
}

function unpause(state: ModelState, name: string): Outcome {
  const container = state.containers[name];
  return container?.state === 'paused'
    ? done(withContainer(state, name, { ...container, state: 'running' }))
    : failed(state, `"${name}" is not paused, can't unpause`);
}

/** Nothing is stopped when one of the names is not there. */
function needContainers(state: ModelState, names: readonly string[]): Outcome {
  const missing = names.find((name) => state.containers[name] === undefined);
  return missing === undefined
    ? done(state)
    : failed(state, `no container with name or ID "${missing}" found`);
}

function stopping(name: string): Effect {
  return only((state) => stopContainer(state, name));
}

/**
 * `podman rm --force` finds nothing wrong with a name that there is not; but the oldest podman then does nothing
 * with the others either.
 */
function removing(name: string, all: readonly string[]): Effect {
  return only((state) => {
    const isLeftAlone =
      state.release === 'oldest' && all.slice(all.indexOf(name)).some((other) => !state.containers[other]);
    return done(isLeftAlone ? state : removeContainer(state, name));
  });
}

function rename(state: ModelState, from: string, to: string): Outcome {
  const container = state.containers[from];
  if (container === undefined) return failed(state, `no container with name or ID "${from}" found`);
  if (from !== to && isNameTaken(state, to)) return failed(state, `name ${to} already in use`);
  return done(withContainer(removeContainer(state, from), to, container));
}

/** How often a volume is mounted, as `podman volume ls` says it: only those with a file system of their own are. */
export function mountCountOf(state: ModelState, name: string): number {
  const volume = state.volumes[name];
  if (volume?.isTmpfs !== true) return 0;
  const users = Object.values(state.containers).filter(
    (container) => isUp(container) && container.volumes.includes(name),
  );
  return volume.holds + users.length;
}

function idFor({ now }: ModelState, name: string): string {
  return `${name}@${now}`;
}

function askedVolume(argument: Argument): readonly string[] {
  if (typeof argument === 'string' || argument.ask.args[0] !== 'volume') return [];
  return [argument.ask.args.at(-1) ?? ''];
}

/** The path below podman's run root at which a subPath is opened, or all of a pod. */
function anchorIn(argument: Argument): readonly string[] {
  if (typeof argument === 'string' || argument.ask.args[0] !== 'info') return [];
  return typeof argument.after === 'string' ? [argument.after.replace(/\/target:.*$/, '')] : [];
}

function openAnchors({ state, failure }: Outcome, anchors: readonly string[], volume: string): Outcome {
  if (failure !== undefined) return failed(state, failure);
  const opened = Object.fromEntries(anchors.map((anchor) => [anchor, volume]));
  return done({ ...state, anchors: { ...state.anchors, ...opened } });
}

function closeAnchors(state: ModelState, directories: readonly string[]): Outcome {
  const isLeft = ([anchor]: readonly [string, string]) =>
    !directories.some((directory) => anchor.startsWith(`${directory}/`));
  return done({ ...state, anchors: Object.fromEntries(Object.entries(state.anchors).filter(isLeft)) });
}

/** What has to be asked for is of no interest here: no name and no label is. */
function plainText(argument: Argument): string {
  return typeof argument === 'string' ? argument : '';
}

/** The labels that an operation gives to what it makes. */
export function labelsOf(operation: Operation): Names {
  return labelsIn(commandOf(operation, CAPABILITIES).args.map(plainText));
}

/**
 * As podpose compares them: its own labels without a value are only there to hide those of an image, and what a record has
 * besides the settings is not compared.
 */
function labelsIn(texts: readonly string[]): Names {
  const labels = givenLabels(
    Object.fromEntries(
      valuesOf('--label', texts).map((label) => {
        const cut = label.indexOf('=');
        return [label.slice(0, cut), label.slice(cut + 1)];
      }),
    ),
  );
  const settings = decodeSpec(labels);
  return settings.ok ? { ...labels, [LABEL.spec]: encodeSpec(settings.value) } : labels;
}

function valuesOf(flag: string, texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts[index - 1] === flag && text !== '');
}

function after(flag: string, texts: readonly string[]): string {
  return valuesOf(flag, texts)[0] ?? '';
}

function isNotEmpty(text: string): boolean {
  return text !== '';
}

function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}
