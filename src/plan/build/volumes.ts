import type { DesiredPod, DesiredVolume } from '../../kube/spec/desired.ts';
import {
  isFileVolume,
  mountedPodVolumes,
  type FileVolume,
  type PodVolume,
} from '../../kube/spec/volume-kinds.ts';
import { podVolumeName } from '../../podman/names.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import { lastIds, type Step } from '../step.ts';
import type { FilesDecision } from '../decide/file-volumes.ts';
import { createFilesRecordSteps, finishFilesRecordSteps, writeFilesStep } from './files.ts';
import { removeVolumeSteps } from './removal.ts';

export interface VolumeStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  /** Volumes that were made for the pod and are there. */
  readonly volumes: readonly ObservedVolume[];
  readonly files: FilesDecision;
  /** Whether the pod is made, or made anew: it then gets new volumes. */
  readonly isNew: boolean;
  readonly cause: string;
  readonly needs: readonly string[];
}

/**
 * Volumes come before the pod: where a pod exists, its volumes are ready. A new pod gets new ones, also where
 * an earlier run was cut short and has left some.
 */
export function volumeSteps(input: VolumeStepsInput): readonly Step[] {
  const { pod, volumes, isNew, cause, needs } = input;
  const removal = isNew ? removeVolumeSteps(pod.name, volumes, cause, needs) : [];
  const there = new Map(isNew ? [] : volumes.map((volume) => [volume.name, volume]));
  const wanted = mountedPodVolumes(pod);
  const missing = wanted.filter((volume) => !there.has(podVolumeName(pod, volume)));
  const unheld = wanted.filter(
    (volume) => isHeld(volume) && (there.get(podVolumeName(pod, volume))?.mountCount ?? 0) === 0,
  );
  const changed = new Set(input.files.changes.map(({ volume }) => volume));
  const written = wanted
    .filter(isFileVolume)
    .filter((volume) => changed.has(volume.name) || missing.includes(volume) || unheld.includes(volume));
  // Where the pod is there, it may be looked at by another run before all is written.
  const isNoted = !isNew && written.length > 0;
  const removed = lastIds(removal, needs);
  const doubt = isNoted ? createFilesRecordSteps(input, removed) : [];
  const ready = lastIds(doubt, removed);
  const created = [
    ...missing.map((volume) => createStep(input, volume, ready)),
    ...openSteps(input, missing.filter(isOpened)),
    ...unheld.map((volume) =>
      holdStep(input, volume, missing.includes(volume) ? [idOf(pod, volume)] : ready),
    ),
  ];
  const writing = written.map((volume) =>
    writeFilesStep(pod, volume, whenThere(input, volume, created, ready)),
  );
  const settled = isNoted ? finishFilesRecordSteps(input, lastIds(writing, ready)) : [];
  return [...removal, ...doubt, ...created, ...writing, ...settled];
}

/** When a volume can be written to: it is made, and mounted where it has a file system of its own. */
function whenThere(
  { pod }: VolumeStepsInput,
  volume: FileVolume,
  created: readonly Step[],
  otherwise: readonly string[],
): readonly string[] {
  const last = [holdIdOf(pod, volume), idOf(pod, volume)].find((id) =>
    created.some((step) => step.id === id),
  );
  return last === undefined ? otherwise : [last];
}

/**
 * Removes the volumes that the manifest does not have any more, after the containers that had them mounted.
 */
export function removeUnusedVolumeSteps(
  { pod, volumes, cause }: VolumeStepsInput,
  needs: readonly string[],
): readonly Step[] {
  const wanted = new Set(mountedPodVolumes(pod).map((volume) => podVolumeName(pod, volume)));
  return removeVolumeSteps(
    pod.name,
    volumes.filter(({ name }) => !wanted.has(name)),
    cause,
    needs,
  );
}

/** Those in memory: see `HoldVolume`. */
function isHeld({ source }: PodVolume): boolean {
  switch (source.type) {
    case 'emptyDir':
      return source.medium === 'Memory';
    case 'ephemeral':
      return false;
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return source.medium === 'Memory';
  }
}

/** Those on disk that every user of the pod may write to: see `OpenVolumes`. */
function isOpened({ source }: PodVolume): boolean {
  switch (source.type) {
    case 'emptyDir':
      return source.medium === 'disk';
    // As the provisioners of clusters on one machine make theirs: local-path's, for one.
    case 'ephemeral':
      return true;
    // Whoever writes the files does it.
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return false;
  }
}

function idOf(pod: DesiredPod, { name }: DesiredVolume): string {
  return `volume/${pod.name}/${name}`;
}

function holdIdOf(pod: DesiredPod, { name }: DesiredVolume): string {
  return `hold-volume/${pod.name}/${name}`;
}

function createStep(
  { project, pod, cause }: VolumeStepsInput,
  volume: PodVolume,
  needs: readonly string[],
): Step {
  return {
    id: idOf(pod, volume),
    needs,
    cause,
    operation: {
      kind: 'create-volume',
      project,
      pod: pod.name,
      volume: volume.name,
      source: volume.source,
      ...(pod.fsGroup === undefined ? {} : { group: pod.fsGroup }),
    },
  };
}

function openSteps({ pod, cause }: VolumeStepsInput, volumes: readonly PodVolume[]): readonly Step[] {
  if (volumes.length === 0) return [];
  return [
    {
      id: `open-volumes/${pod.name}`,
      needs: volumes.map((volume) => idOf(pod, volume)),
      cause,
      operation: {
        kind: 'set-volume-mode',
        pod: pod.name,
        volumes: volumes.map(({ name }) => name),
        belongToGroup: pod.fsGroup !== undefined,
      },
    },
  ];
}

function holdStep({ pod, cause }: VolumeStepsInput, volume: PodVolume, needs: readonly string[]): Step {
  return {
    id: holdIdOf(pod, volume),
    needs,
    cause,
    operation: { kind: 'mount-volume', pod: pod.name, volume: volume.name },
  };
}
