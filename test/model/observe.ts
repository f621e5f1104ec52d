import { decodeContainersAndPods, decodeImages, decodeVolumes } from '../../src/podman/inspect/decode.ts';
import type { ObservedState } from '../../src/podman/inspect/observed.ts';
import { imageNames } from '../support/image-names.ts';
import { mountCountOf } from './commands.ts';
import { IMAGE_NAMES } from './manifests.ts';
import type { ModelState, Names } from './state.ts';

/** Puts the rows of a list that podman prints in another order. */
export type Shuffle = <T>(rows: readonly T[]) => readonly T[];

/** What podpose sees of a state: what podman would print of it, read by podpose's own decoders. */
export function observe(state: ModelState, shuffle: Shuffle = (rows) => rows): ObservedState {
  const print = (rows: readonly object[]) => JSON.stringify(shuffle(rows));
  return {
    ...decodeContainersAndPods(print(psRows(state))),
    images: observeImages(state.images),
    volumes: decodeVolumes(print(volumeRows(state))),
  };
}

/** The year 1: podman's word for never. */
const NEVER = -62135596800;

function psRows({ pods, containers }: ModelState): readonly object[] {
  const infras = Object.entries(pods).map(([name, pod]) => ({
    Id: `${pod.id}-infra`,
    Names: [`${pod.id}-infra`],
    IsInfra: true,
    Pod: pod.id,
    PodName: name,
    Labels: pod.labels,
    State: pod.infra,
    StartedAt: pod.infraStartedAt || NEVER,
  }));
  const others = Object.entries(containers).map(([name, container]) => ({
    Id: container.id,
    Names: [name],
    IsInfra: false,
    Pod: pods[container.pod ?? '']?.id ?? '',
    PodName: container.pod ?? '',
    Labels: container.labels,
    State: container.state,
    ExitCode: container.exitCode,
    StartedAt: container.startedAt || NEVER,
    ExitedAt: container.exitedAt || NEVER,
    Image: container.image,
    ImageID: container.imageId,
  }));
  return [...infras, ...others];
}

/** A line for each name that is asked for and means an image, in the order of the names. */
function observeImages(images: Names): ObservedState['images'] {
  const idOf = (name: string) => imageNames(name).flatMap((full) => images[full] ?? [])[0];
  const asked = IMAGE_NAMES.filter((name) => idOf(name) !== undefined);
  const rows = asked.map((name) => ({ Id: idOf(name), RepoTags: imageNames(name), RepoDigests: [] }));
  return decodeImages(rows.map((row) => JSON.stringify(row)).join('\n'), asked);
}

function volumeRows(state: ModelState): readonly object[] {
  return Object.entries(state.volumes).map(([name, { labels }]) => ({
    Name: name,
    Labels: labels,
    MountCount: mountCountOf(state, name),
  }));
}
