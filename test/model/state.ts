/**
 * A podman as data: what it has, and by what rules that changes. Nothing here is a process, a file or a clock; a
 * state is never changed, a new one is made. Only what podpose can notice is in it.
 */
export interface ModelState {
  readonly release: Release;
  /** Seconds since 1970. Whatever happens takes one second. */
  readonly now: number;
  /** Full names of images that are here, and the id of the image that each of them means. */
  readonly images: Names;
  /** The same of the registry that images are pulled from. */
  readonly registry: Names;
  readonly pods: Readonly<Record<string, ModelPod>>;
  readonly containers: Readonly<Record<string, ModelContainer>>;
  readonly volumes: Readonly<Record<string, ModelVolume>>;
  readonly networks: Readonly<Record<string, ModelNetwork>>;
  readonly secrets: readonly string[];
  /** What was made on the host. */
  readonly paths: readonly string[];
  /** Where subPaths were opened for containers: the paths, and the volume of each, or an empty text for a host path. */
  readonly anchors: Names;
}

/** Podman 4.3, and one of today: they differ in what they do after a reboot and with names that there are not. */
export type Release = 'oldest' | 'newer';

export type Names = Readonly<Record<string, string>>;

export interface ModelNetwork {
  readonly labels: Names;
}

export interface ModelPod {
  readonly id: string;
  readonly labels: Names;
  /** The name of its network; absent for podman's default. */
  readonly network?: string;
  readonly infra: RunState;
  /** 0 before the first start. */
  readonly infraStartedAt: number;
  /** How often the infra container was started: each time, the pod has to be initialised again. */
  readonly starts: number;
  /** Of each init container that came to a good end: in which of the starts, and what it was made from. */
  readonly initialised: Names;
}

export type RunState = 'configured' | 'created' | 'running' | 'paused' | 'exited';

export interface ModelContainer {
  readonly id: string;
  readonly labels: Names;
  /** Name of its pod; absent for a container on its own. */
  readonly pod?: string;
  readonly state: RunState;
  readonly exitCode: number;
  /** 0 before the first start. */
  readonly startedAt: number;
  /** 0 before the first end. */
  readonly exitedAt: number;
  readonly restartPolicy: string;
  /** The limits that are in force, by the flags that set them. */
  readonly limits: Names;
  readonly image: string;
  readonly imageId: string;
  /** Named volumes that are mounted as a whole: podman knows that the container uses them. */
  readonly volumes: readonly string[];
  /** Volumes of which a folder is mounted, by its path: podman does not know. */
  readonly reachesInto: readonly string[];
  /** The opened subPaths that it mounts: each start needs them. */
  readonly anchors: readonly string[];
}

export interface ModelVolume {
  readonly id: string;
  readonly labels: Names;
  readonly isTmpfs: boolean;
  /** How often it was mounted by hand. */
  readonly holds: number;
  /** What was written into it: a fingerprint, or `half` of it. Absent before, and once it is lost. */
  readonly files?: string;
}

export function emptyState(release: Release, registry: Names): ModelState {
  return {
    release,
    now: 1_750_000_000,
    images: {},
    registry,
    pods: {},
    containers: {},
    volumes: {},
    networks: {},
    secrets: [],
    paths: [],
    anchors: {},
  };
}

/** The same record with one more member, or with another one in its place. */
export function put<T>(
  record: Readonly<Record<string, T>>,
  name: string,
  member: T,
): Readonly<Record<string, T>> {
  return { ...record, [name]: member };
}

export function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  const { [name]: _gone, ...rest } = record;
  return rest;
}

export function isUp({ state }: ModelContainer): boolean {
  return state === 'running' || state === 'paused';
}

/** The containers of a pod, with podman's names. */
export function membersOf(state: ModelState, pod: string): readonly (readonly [string, ModelContainer])[] {
  return Object.entries(state.containers).filter(([, container]) => container.pod === pod);
}
