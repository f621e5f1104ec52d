import { podMembers } from '../../podman/inspect/pod-members.ts';
import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { stoppedRunOf } from '../../podman/container-record.ts';
import { LABEL, WATCHER_RECORD_LABEL } from '../../podman/labels.ts';
import { containerName, containerRecordName, replacementName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';

/** An existing container. Its last-applied label is that of its record container, if it was updated. */
export interface FoundContainer extends ObservedContainer {
  /** podman's name of its record container. */
  readonly record?: string;
  /** An update was interrupted. */
  readonly isTainted?: boolean;
  /** What the watcher has recorded on its record container: another record has to keep it. */
  readonly watcherRecord?: string;
  /** The start of the run that podpose has stopped, in seconds since 1970. */
  readonly stoppedRun?: number;
}

/** The existing containers of one pod, by their names in the pod. */
export interface FoundContainers {
  readonly byName: ReadonlyMap<string, FoundContainer>;
  /** Replacements left by interrupted runs. */
  readonly replacements: ReadonlyMap<string, ObservedContainer>;
  /** Duplicates, obsolete record containers, and containers that have the name of another one. By podman's names. */
  readonly leftovers: readonly string[];
}

/**
 * Finds the containers of a pod by their labels, also if they were renamed, unless the new name is that of another
 * container of the pod. Of duplicates, the one with the right name counts.
 */
export function findContainers(
  pod: DesiredPod,
  observed: Pick<ObservedState, 'containers'>,
): FoundContainers {
  const wanted = [...pod.initContainers, ...pod.containers];
  const reserved = new Map(
    wanted.flatMap((container) =>
      [containerName, replacementName, containerRecordName].map((nameOf) => [
        nameOf(pod, container),
        container.name,
      ]),
    ),
  );
  const byName = new Map<string, FoundContainer>();
  const replacements = new Map<string, ObservedContainer>();
  const records: ObservedContainer[] = [];
  const leftovers: string[] = [];
  const own = podMembers(pod.name, observed.containers)
    .filter(({ owner }) => owner?.pod === pod.name)
    .sort((a, b) => compareTexts(a.name, b.name));
  for (const container of own) {
    const name = container.owner?.name;
    if (name === undefined) continue;
    const isWanted = wanted.some((other) => other.name === name);
    const other = byName.get(name);
    if (container.owner?.role === 'note') records.push(container);
    else if (container.name === replacementName(pod, { name })) replacements.set(name, container);
    else if (isWanted && (reserved.get(container.name) ?? name) !== name) leftovers.push(container.name);
    else if (other === undefined || container.name === containerName(pod, { name })) {
      if (other !== undefined) leftovers.push(other.name);
      byName.set(name, container);
    } else leftovers.push(container.name);
  }
  for (const record of records) {
    const name = record.owner?.name ?? '';
    const container = byName.get(name);
    if (container === undefined || record.labels[LABEL.recordOf] !== container.id)
      leftovers.push(record.name);
    else byName.set(name, withRecord(container, record));
  }
  return { byName, replacements, leftovers };
}

/** The containers with what their record containers have of them. */
export function withRecords(containers: readonly ObservedContainer[]): readonly FoundContainer[] {
  const records = new Map(
    containers.flatMap((one) =>
      one.owner?.role === 'note' ? [[one.labels[LABEL.recordOf], one] as const] : [],
    ),
  );
  return containers.map((container) => {
    const record = records.get(container.id);
    return record === undefined ? container : withRecord(container, record);
  });
}

/** The container with the last-applied label of its record. A record without that label is of an interrupted update. */
function withRecord(container: ObservedContainer, { name, labels }: ObservedContainer): FoundContainer {
  const { [LABEL.spec]: spec, [WATCHER_RECORD_LABEL]: watcherRecord } = labels;
  const found = {
    ...container,
    record: name,
    ...defined({ watcherRecord, stoppedRun: stoppedRunOf(labels) }),
  };
  return spec === undefined
    ? { ...found, isTainted: true }
    : { ...found, labels: { ...container.labels, [LABEL.spec]: spec } };
}

/**
 * Whether podman can stop a container. It cannot stop a paused one. A container may be left in state "stopping" if the
 * command that stopped it was killed: stopping it again ends it.
 */
export function canStop({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'stopping';
}

/** Whether a pod has a paused container. */
export function isPaused(
  pod: string,
  { pods, containers }: Pick<ObservedState, 'pods' | 'containers'>,
): boolean {
  return (
    pods.some(({ name, infra }) => name === pod && infra === 'paused') ||
    podMembers(pod, containers).some(({ state }) => state === 'paused')
  );
}
