import type { FileType } from '../../src/base/file-type.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { LimitedResource } from '../../src/podman/inspect/limits.ts';
import {
  EMPTY_PODMAN,
  idOf,
  STARTED_AT,
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
  /** Full names that mean another image than they did when what was applied was made. */
  readonly movedTags?: readonly string[];
  readonly pods?: Changes<PodState>;
  readonly containers?: Changes<ContainerState>;
  readonly volumes?: Changes<VolumeState>;
  /**
   * Containers that were to take the place of another, by the name of the other: made as the manifest of the
   * case says, by a run that was cut short.
   */
  readonly replacements?: Readonly<Record<string, Partial<ContainerState>>>;
  /** New names that somebody gave to containers, by their old names. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What its user may not limit, with cgroup v2; nothing when absent. */
  readonly cannotLimit?: readonly LimitedResource[];
  /** What is on the machine; nothing is where no path is given. */
  readonly paths?: Readonly<Record<string, FileType>>;
}

type Changes<T> = Readonly<Record<string, null | (Partial<Omit<T, 'labels'>> & LabelChanges)>>;

interface LabelChanges {
  readonly labels?: Readonly<Record<string, string | null>>;
}

const FOREIGN_IMAGE = 'docker.io/library/alpine:3.22';

/**
 * @param applied what was planned for the manifest that was applied before
 * @param wanted what would be planned for the manifest of the case if podman had nothing
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
    secrets: before.secrets,
    volumes: Object.fromEntries(change(before.volumes, observed.volumes, { labels: {}, mountCount: 0 })),
  };
}

function known<T>(things: Readonly<Record<string, T>>, name: string): T {
  const found = things[name];
  if (found === undefined) throw new Error(`observed.json names '${name}', which was never there`);
  return found;
}

/** @param foreign what a thing is by default that podpose did not make */
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
