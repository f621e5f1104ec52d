import { defined } from '../../base/defined.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { DesiredVolume } from '../../kube/spec/desired-volume.ts';
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
  /** Existing volumes of the pod. */
  readonly volumes: readonly ObservedVolume[];
  readonly files: FilesDecision;
  /** The pod is created or replaced: it gets new volumes. */
  readonly isNew: boolean;
  readonly cause: string;
  readonly needs: readonly string[];
}

/**
 * Creates the volumes of a pod and writes their files, before the pod is created: an existing pod has complete volumes. A
 * new pod gets new volumes; volumes left by an interrupted run are removed.
 */
export function volumeSteps(input: VolumeStepsInput): readonly Step[] {
  const { pod, volumes, isNew, cause, needs } = input;
  const removal = isNew ? removeVolumeSteps(pod.name, volumes, cause, needs) : [];
  const existing = new Map(isNew ? [] : volumes.map((volume) => [volume.name, volume]));
  const wanted = mountedPodVolumes(pod);
  const missing = wanted.filter((volume) => !existing.has(podVolumeName(pod, volume)));
  const toMount = wanted.filter(
    (volume) => isInMemory(volume) && (existing.get(podVolumeName(pod, volume))?.mountCount ?? 0) === 0,
  );
  const changed = new Set(input.files.changes.map(({ volume }) => volume));
  const written = wanted
    .filter(isFileVolume)
    .filter((volume) => changed.has(volume.name) || missing.includes(volume) || toMount.includes(volume));
  // A new pod needs no record: if the run is interrupted, the pod does not exist.
  const hasRecord = !isNew && written.length > 0;
  const removed = lastIds(removal, needs);
  const record = hasRecord ? createFilesRecordSteps(input, removed) : [];
  const ready = lastIds(record, removed);
  const created = [
    ...missing.map((volume) => createStep(input, volume, ready)),
    ...modeSteps(input, missing.filter(isWritableByAll)),
    ...toMount.map((volume) =>
      mountStep(input, volume, missing.includes(volume) ? [idOf(pod, volume)] : ready),
    ),
  ];
  const writing = written.map((volume) =>
    writeFilesStep(pod, volume, readyToWrite(input, volume, created, ready)),
  );
  const finish = hasRecord ? finishFilesRecordSteps(input, lastIds(writing, ready)) : [];
  return [...removal, ...record, ...created, ...writing, ...finish];
}

/** IDs of the steps after which a volume can be written to: it is created, and mounted if it is in memory. */
function readyToWrite(
  { pod }: VolumeStepsInput,
  volume: FileVolume,
  created: readonly Step[],
  otherwise: readonly string[],
): readonly string[] {
  const last = [mountIdOf(pod, volume), idOf(pod, volume)].find((id) =>
    created.some((step) => step.id === id),
  );
  return last === undefined ? otherwise : [last];
}

/** Removes volumes that the manifest does not have any more, after the containers that mounted them. */
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

/** Volumes in memory (tmpfs), which need `MountVolume`. */
function isInMemory({ source }: PodVolume): boolean {
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

/** Volumes on disk that all users of the pod may write to, which need `SetVolumeMode`. */
function isWritableByAll({ source }: PodVolume): boolean {
  switch (source.type) {
    case 'emptyDir':
      return source.medium === 'disk';
    // As provisioners for a single node do, for example local-path.
    case 'ephemeral':
      return true;
    // `WriteFiles` sets their mode.
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

function mountIdOf(pod: DesiredPod, { name }: DesiredVolume): string {
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
      ...defined({ group: pod.fsGroup }),
    },
  };
}

function modeSteps({ pod, cause }: VolumeStepsInput, volumes: readonly PodVolume[]): readonly Step[] {
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

function mountStep({ pod, cause }: VolumeStepsInput, volume: PodVolume, needs: readonly string[]): Step {
  return {
    id: mountIdOf(pod, volume),
    needs,
    cause,
    operation: { kind: 'mount-volume', pod: pod.name, volume: volume.name },
  };
}
