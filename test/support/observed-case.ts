import type { HostFileType } from '../../src/pod/host-path.ts';
import type { Plan } from '../../src/plan/plan.ts';
import {
  EMPTY_PODMAN,
  stateAfter,
  type ContainerState,
  type PodmanState,
  type PodState,
  type VolumeState,
} from './podman-state.ts';

/**
 * What podman has in a case (`observed.json`), told as what podpose brought up before and what has become of
 * it since. Pods, containers and volumes go by podman's names. `null` says that the thing is gone; a name
 * that was not brought up is something that somebody else has made. A label that is `null` is gone too.
 */
export interface ObservedCase {
  /** `4.3.1` when absent. */
  readonly podman?: string;
  /** The manifest that was applied before: a file of the case. Nothing was when absent. */
  readonly applied?: string;
  /** The project that it was applied as: `demo` when absent. */
  readonly project?: string;
  /** Full names of images, besides those of what was applied. */
  readonly images?: readonly string[];
  readonly pods?: Changes<PodState>;
  readonly containers?: Changes<ContainerState>;
  readonly volumes?: Changes<VolumeState>;
  /** What is on the machine; nothing is where no path is given. */
  readonly paths?: Readonly<Record<string, HostFileType>>;
}

type Changes<T> = Readonly<Record<string, null | (Partial<Omit<T, 'labels'>> & LabelChanges)>>;

interface LabelChanges {
  readonly labels?: Readonly<Record<string, string | null>>;
}

/** @param applied what was planned for the manifest that was applied before */
export function observedState(observed: ObservedCase, applied: Plan | undefined): PodmanState {
  const version = observed.podman ?? EMPTY_PODMAN.version;
  const before = applied === undefined ? EMPTY_PODMAN : stateAfter(applied);
  return {
    version,
    images: [...before.images, ...(observed.images ?? [])],
    pods: change(before.pods, observed.pods, { labels: {}, infra: 'running' }),
    containers: change(before.containers, observed.containers, {
      labels: {},
      state: 'running',
      exitCode: 0,
      startedAt: 1_700_000_000,
      image: 'docker.io/library/busybox:1.36',
    }),
    volumes: change(before.volumes, observed.volumes, { labels: {}, mountCount: 0 }),
  };
}

/** @param foreign what a thing is by default that podpose did not make */
function change<T extends { readonly labels: Readonly<Record<string, string>> }>(
  before: Readonly<Record<string, T>>,
  changes: Changes<T> = {},
  foreign: T,
): Readonly<Record<string, T>> {
  const after = new Map(Object.entries(before));
  for (const [name, changed] of Object.entries(changes)) {
    const found = after.get(name);
    if (changed !== null)
      after.set(name, { ...(found ?? foreign), ...changed, labels: relabel(found, changed) });
    else if (!after.delete(name)) throw new Error(`observed.json removes '${name}', which was never there`);
  }
  return Object.fromEntries(after);
}

function relabel(
  found: { readonly labels: Readonly<Record<string, string>> } | undefined,
  { labels = {} }: LabelChanges,
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...found?.labels, ...labels });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}
