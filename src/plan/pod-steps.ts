import type { DesiredContainer, DesiredPod, DesiredVolume } from '../pod/desired.ts';
import { podVolumeName } from '../podman/names.ts';
import type { ObservedVolume } from '../podman/observed.ts';
import { subjectId, type Action, type Change } from './change.ts';
import type { Step } from './step.ts';

export interface PodStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly changes: readonly Change[];
  readonly volumes: readonly ObservedVolume[];
  readonly hostPaths: readonly HostPathToMake[];
  /** Steps that everything waits for: the images. */
  readonly after: readonly string[];
  readonly infraImage?: string;
}

export interface HostPathToMake {
  readonly path: string;
  readonly what: 'directory' | 'file';
}

/** The commands that carry out the changes of one pod, in an order that may be run as it stands. */
export function podSteps(input: PodStepsInput): readonly Step[] {
  const { pod, changes } = input;
  if (changes.length === 0) return [];
  const actions = new Map(changes.map((change) => [subjectId(change.subject), change.action]));
  const podId = subjectId({ kind: 'pod', pod: pod.name });
  const podAction = actions.get(podId);

  const removal =
    podAction === 'replace'
      ? removePodSteps(pod.name, pod.terminationGracePeriodSeconds, podId, input.after)
      : [];
  const volumes = volumeSteps(input, podAction, podId, lastIds(removal, input.after));
  const hostPaths = input.hostPaths.map(({ path, what }): Step => ({
    id: `host-path/${path}`,
    needs: input.after,
    cause: podId,
    operation: { kind: 'make-host-path', path, what },
  }));
  const before = lastIds([...volumes, ...hostPaths], lastIds(removal, input.after));
  const creation: readonly Step[] =
    podAction === 'create' || podAction === 'replace'
      ? [
          {
            id: podId,
            needs: before,
            cause: podId,
            operation: {
              kind: 'create-pod',
              project: input.project,
              pod,
              ...(input.infraImage === undefined ? {} : { infraImage: input.infraImage }),
            },
          },
        ]
      : [];
  const steps = [...removal, ...volumes, ...hostPaths, ...creation];
  let ready = creation.length > 0 ? [podId] : before;
  for (const container of pod.initContainers) {
    const own = containerSteps(input, container, actions, podAction, ready);
    steps.push(...own);
    ready = lastIds(own, ready);
  }
  return [
    ...steps,
    ...pod.containers.flatMap((container) => containerSteps(input, container, actions, podAction, ready)),
  ];
}

/** Stops and removes a pod. Its emptyDirs go with it, as they do on a cluster; `removeVolumeSteps` does that. */
export function removePodSteps(
  pod: string,
  graceSeconds: number,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return [{ id: `remove-pod/${pod}`, needs, cause, operation: { kind: 'remove-pod', pod, graceSeconds } }];
}

/** Removes volumes that were made for a pod, once the pod is gone. */
export function removeVolumeSteps(
  pod: string,
  volumes: readonly ObservedVolume[],
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const names = ownVolumes(pod, volumes).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      id: `remove-volumes/${pod}`,
      needs,
      cause,
      operation: { kind: 'remove-volumes', volumes: [...names].sort() },
    },
  ];
}

function ownVolumes(pod: string, volumes: readonly ObservedVolume[]): readonly ObservedVolume[] {
  return volumes.filter(({ owner }) => owner?.pod === pod && owner.role === 'emptyDir');
}

/**
 * Volumes before the pod: where a pod exists, its volumes are known to be ready. A new pod gets new ones,
 * also where an earlier run was cut short and has left some.
 */
function volumeSteps(
  input: PodStepsInput,
  podAction: Action | undefined,
  cause: string,
  after: readonly string[],
): readonly Step[] {
  const { pod, project } = input;
  const isNew = podAction === 'create' || podAction === 'replace';
  const removal = isNew ? removeVolumeSteps(pod.name, input.volumes, cause, after) : [];
  const there = new Map(isNew ? [] : input.volumes.map((volume) => [volume.name, volume]));
  const emptyDirs = pod.volumes.filter(isEmptyDir);
  const missing = emptyDirs.filter((volume) => !there.has(podVolumeName(pod, volume)));

  const creation = missing.map((volume): Step => ({
    id: `volume/${pod.name}/${volume.name}`,
    needs: lastIds(removal, after),
    cause,
    operation: {
      kind: 'create-volume',
      project,
      pod: pod.name,
      volume: volume.name,
      medium: volume.source.medium,
      ...(volume.source.sizeLimit === undefined ? {} : { sizeLimit: volume.source.sizeLimit }),
    },
  }));
  const idsOf = (volumes: readonly DesiredVolume[]) =>
    volumes.map(({ name }) => `volume/${pod.name}/${name}`);
  const onDisk = missing.filter(({ source }) => source.medium === 'disk');
  const open: readonly Step[] =
    onDisk.length === 0
      ? []
      : [
          {
            id: `open-volumes/${pod.name}`,
            needs: idsOf(onDisk),
            cause,
            operation: { kind: 'open-volumes', pod: pod.name, volumes: onDisk.map(({ name }) => name) },
          },
        ];
  const hold = emptyDirs
    .filter(({ source }) => source.medium === 'Memory')
    .filter((volume) => (there.get(podVolumeName(pod, volume))?.mountCount ?? 0) === 0)
    .map((volume): Step => ({
      id: `hold-volume/${pod.name}/${volume.name}`,
      needs: missing.includes(volume) ? idsOf([volume]) : after,
      cause,
      operation: { kind: 'hold-volume', pod: pod.name, volume: volume.name },
    }));
  return [...removal, ...creation, ...open, ...hold];
}

function isEmptyDir(
  volume: DesiredVolume,
): volume is DesiredVolume & { readonly source: { readonly type: 'emptyDir' } } {
  return volume.source.type === 'emptyDir';
}

function containerSteps(
  input: PodStepsInput,
  container: DesiredContainer,
  actions: ReadonlyMap<string, Action>,
  podAction: Action | undefined,
  needs: readonly string[],
): readonly Step[] {
  const { pod, project } = input;
  const id = subjectId({ kind: 'container', pod: pod.name, role: container.role, name: container.name });
  const action = actions.get(id);
  if (action === undefined || action === 'remove') return [];
  if (action === 'start')
    return [
      {
        id,
        needs,
        cause: id,
        operation: { kind: 'start-container', pod: pod.name, container: container.name },
      },
    ];
  const subPaths = subPathSteps(pod, container, id, needs);
  const replace = action === 'replace' && podAction !== 'replace';
  return [
    ...subPaths,
    {
      id,
      needs: lastIds(subPaths, needs),
      cause: id,
      operation: { kind: 'run-container', project, pod, container, replace },
      ...(container.role === 'init' && pod.restartPolicy !== 'Never' ? { retry: 'back-off' } : {}),
    },
  ];
}

function subPathSteps(
  pod: DesiredPod,
  container: DesiredContainer,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return container.volumeMounts.flatMap((mount): readonly Step[] =>
    mount.subPath === undefined
      ? []
      : [
          {
            id: `sub-path/${pod.name}/${container.name}${mount.mountPath}`,
            needs,
            cause,
            operation: {
              kind: 'make-sub-path',
              pod: pod.name,
              container: container.name,
              from:
                mount.source.type === 'hostPath'
                  ? { type: 'path', path: mount.source.path }
                  : { type: 'volume', volume: mount.name },
              subPath: mount.subPath,
            },
          },
        ],
  );
}

/** The steps that nothing else in the list waits for: what comes next has to wait for these; for `otherwise` if there are none. */
function lastIds(steps: readonly Step[], otherwise: readonly string[]): string[] {
  const needed = new Set(steps.flatMap((step) => step.needs));
  const last = steps.map(({ id }) => id).filter((id) => !needed.has(id));
  return last.length > 0 ? last : [...otherwise];
}
