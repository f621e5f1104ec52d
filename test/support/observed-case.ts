import type { FileType } from '../../src/base/file-type.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { LimitedResource } from '../../src/podman/inspect/limits.ts';
import {
  EMPTY_PODMAN,
  idOf,
  STARTED_AT,
  stateAfter,
  type ContainerState,
  type NetworkState,
  type PodmanState,
  type PodState,
  type VolumeState,
} from './podman-state.ts';

/**
 * podman's state in a case (`observed.json`), described by what podpose has applied before and what has changed since.
 * Pods, containers, volumes and networks have podman's names. `null` means removed. A name that was not applied is an object that
 * somebody else has created. A label that is `null` is removed, too.
 */
export interface ObservedCase {
  /** Default: `4.3.1`. */
  readonly podman?: string;
  /** The manifest that was applied before: a file of the case. By default, nothing was applied. */
  readonly applied?: string;
  /** Its project. Default: `demo`. */
  readonly project?: string;
  /** Full names of images, in addition to those of the applied manifest. */
  readonly images?: readonly string[];
  /** Full names that refer to another image than when the manifest was applied. */
  readonly movedTags?: readonly string[];
  readonly pods?: Changes<PodState>;
  readonly containers?: Changes<ContainerState>;
  readonly volumes?: Changes<VolumeState>;
  readonly networks?: Changes<NetworkState>;
  /** Replacements by the names of their containers: created from the manifest of the case, by an interrupted run. */
  readonly replacements?: Readonly<Record<string, Partial<ContainerState>>>;
  /** New names that somebody gave to containers, by their old names. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Resources that the user cannot limit, with cgroup v2. By default, none. */
  readonly cannotLimit?: readonly LimitedResource[];
  /** The machine's /etc/resolv.conf. By default, it has none. */
  readonly resolvConf?: string;
  /** The addresses of hosts. By default, none is known. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
  /** Files of the machine. By default, no path exists. */
  readonly paths?: Readonly<Record<string, FileType>>;
}

type Changes<T> = Readonly<Record<string, null | (Partial<Omit<T, 'labels'>> & LabelChanges)>>;

interface LabelChanges {
  readonly labels?: Readonly<Record<string, string | null>>;
}

const FOREIGN_IMAGE = 'docker.io/library/alpine:3.22';

/**
 * @param applied the plan of the manifest that was applied before
 * @param wanted the plan of the manifest of the case for an empty podman
 */
export function observedState(observed: ObservedCase, applied?: Plan, wanted?: Plan): PodmanState {
  const { images = [], movedTags = [], replacements = {}, renamed = {} } = observed;
  const before = applied === undefined ? EMPTY_PODMAN : stateAfter(applied);
  const made = wanted === undefined ? EMPTY_PODMAN : stateAfter(wanted);
  const containers = change(before.containers, observed.containers, {
    labels: {},
    state: 'running',
    exitCode: 0,
    startedAt: STARTED_AT,
    image: FOREIGN_IMAGE,
    imageId: idOf(FOREIGN_IMAGE),
  });
  for (const [name, state] of Object.entries(replacements))
    containers.set(`${name}_new`, { ...known(made.containers, name), ...state });
  for (const [name, newName] of Object.entries(renamed)) {
    containers.set(newName, known(Object.fromEntries(containers), name));
    containers.delete(name);
  }
  return {
    version: observed.podman ?? EMPTY_PODMAN.version,
    images: {
      ...before.images,
      ...Object.fromEntries(images.map((name) => [name, idOf(name)])),
      ...Object.fromEntries(movedTags.map((name) => [name, idOf(`${name} of today`)])),
    },
    pods: Object.fromEntries(change(before.pods, observed.pods, { labels: {}, infra: 'running' })),
    containers: Object.fromEntries(containers),
    networks: Object.fromEntries(change(before.networks, observed.networks, { labels: {}, dns: true })),
    secrets: before.secrets,
    volumes: Object.fromEntries(change(before.volumes, observed.volumes, { labels: {}, mountCount: 0 })),
  };
}

function known<T>(things: Readonly<Record<string, T>>, name: string): T {
  const found = things[name];
  if (found === undefined) throw new Error(`observed.json names '${name}', which was never there`);
  return found;
}

/** @param foreign the defaults of an object that podpose did not create */
function change<T extends { readonly labels: Readonly<Record<string, string>> }>(
  before: Readonly<Record<string, T>>,
  changes: Changes<T> = {},
  foreign: T,
): Map<string, T> {
  const after = new Map(Object.entries(before));
  for (const [name, changed] of Object.entries(changes)) {
    if (changed === null) {
      known(before, name);
      after.delete(name);
    } else {
      const found = after.get(name) ?? foreign;
      after.set(name, { ...found, ...changed, labels: relabel(found.labels, changed) });
    }
  }
  return after;
}

function relabel(
  found: Readonly<Record<string, string>>,
  { labels = {} }: LabelChanges,
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...found, ...labels });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}
