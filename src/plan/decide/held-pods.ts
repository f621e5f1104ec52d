import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import { isServing } from '../../podman/inspect/backends.ts';
import { decodeOwner } from '../../podman/labels.ts';
import type { KnownState } from '../needs.ts';
import type { UpInput } from '../up-input.ts';
import { changesTemplate, type PodDecision } from './decision.ts';
import { ownedBy } from './ownership.ts';

/** A pod that runs, and keeps an earlier template of its workload. */
export interface HeldPod {
  readonly name: string;
  readonly workload: Workload;
  /** The pods of the files that are not created as long as it exists, or not changed. */
  readonly instead: readonly string[];
}

/** The pods that keep an earlier template: by OnDelete, or because their number is below the partition of a StatefulSet. */
export function heldPods(
  { project, workloads = [], observed, options }: UpInput,
  decisions: readonly PodDecision[],
): readonly HeldPod[] {
  if (options.forceRecreate) return [];
  const own = ownedBy(project, observed);
  return workloads.flatMap((workload) =>
    workload.rollout.order.kind === 'ordinal'
      ? heldByNumber(workload, decisions, own)
      : heldOnDelete(workload, decisions, own),
  );
}

function heldByNumber(
  workload: Workload,
  decisions: readonly PodDecision[],
  own: KnownState,
): readonly HeldPod[] {
  const { order, isOnDelete } = workload.rollout;
  const partition = order.kind === 'ordinal' ? order.partition : 0;
  return decisions.flatMap((decision): readonly HeldPod[] => {
    const { desired, current } = decision;
    const { name } = desired;
    const isMeant = isOnDelete || Number(/\d+$/.exec(name)?.[0]) < partition;
    if (desired.owner !== workload.owner || !isMeant || !changesTemplate(decision)) return [];
    const runs = current !== undefined && isServing(current, own.containers);
    return runs ? [{ name, workload, instead: [name] }] : [];
  });
}

function heldOnDelete(
  workload: Workload,
  decisions: readonly PodDecision[],
  own: KnownState,
): readonly HeldPod[] {
  const { owner, podPrefix, rollout } = workload;
  if (!rollout.isOnDelete) return [];
  const instead = decisions.flatMap(({ desired }) => (desired.owner === owner ? [desired.name] : []));
  return own.pods
    .filter(
      (pod) =>
        decodeOwner(pod.labels) === owner &&
        !pod.name.startsWith(podPrefix) &&
        isServing(pod, own.containers),
    )
    .map(({ name }) => ({ name, workload, instead }));
}

/** The input for the workloads that are to be changed; all other pods stay as they are. */
export function restricted(input: UpInput): UpInput {
  const { project, pods, workloads = [], observed, options } = input;
  const { only } = options;
  if (only === undefined) return input;
  const others = ownedBy(project, observed).pods.filter(({ labels }) => !only.has(decodeOwner(labels) ?? ''));
  return {
    ...input,
    pods: pods.filter(({ pod }) => only.has(pod.owner ?? '')),
    workloads: workloads.filter(({ owner }) => only.has(owner)),
    held: new Set(others.map(({ name }) => name)),
  };
}

/** A note for each pod that keeps an earlier template. */
export function heldNotes(held: readonly HeldPod[]): readonly Diagnostic[] {
  return held.map(({ name, workload: { owner, rollout } }) => ({
    code: 'earlier-template',
    severity: 'note',
    message: `${owner} pod/${name} keeps its earlier template: ${
      rollout.isOnDelete ? 'updateStrategy is OnDelete' : 'its number is below the partition'
    }`,
    help: `'podman pod rm --force ${name}' removes it; the next 'podpose up' creates it from the template of the file.`,
  }));
}

/** The input without the pods that are not created or changed, and the decisions about the others. */
export function withoutHeld<T extends UpInput>(
  input: T,
  decisions: readonly PodDecision[],
  held: readonly HeldPod[],
): { readonly input: T; readonly decisions: readonly PodDecision[] } {
  if (held.length === 0) return { input, decisions };
  const instead = new Set(held.flatMap((pod) => pod.instead));
  return {
    input: {
      ...input,
      pods: input.pods.filter(({ pod }) => !instead.has(pod.name)),
      held: new Set([...(input.held ?? []), ...held.map(({ name }) => name)]),
    },
    decisions: decisions.filter(({ desired }) => !instead.has(desired.name)),
  };
}
