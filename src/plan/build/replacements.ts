import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import type { PodDecision } from '../decide/decision.ts';
import { removesFirst, type UnwantedPod } from '../decide/workload-pods.ts';
import { lastIds, type Step } from '../step.ts';
import { startingAfter } from './step-order.ts';

/** The steps of one pod, without those of other pods. */
export interface PodSteps {
  readonly desired: DesiredPod;
  /** Whether the pod exists already. */
  readonly exists: boolean;
  readonly steps: readonly Step[];
}

export interface RemovalSteps {
  readonly unwanted: UnwantedPod;
  readonly steps: readonly Step[];
}

interface OrderedSteps {
  readonly pods: readonly PodSteps[];
  readonly removals: readonly RemovalSteps[];
}

/**
 * Orders the steps of the pods of workloads: a Deployment creates new pods before it removes old ones, or the other way round;
 * a StatefulSet creates its pods one after another, changes the last one first, and removes the last one first.
 */
export function orderWorkloads(
  workloads: readonly Workload[],
  { pods, removals }: OrderedSteps,
  observed: readonly ObservedPod[],
): OrderedSteps {
  return workloads.reduce((ordered, workload) => orderWorkload(workload, ordered, observed), {
    pods,
    removals,
  });
}

function orderWorkload(
  workload: Workload,
  steps: OrderedSteps,
  observed: readonly ObservedPod[],
): OrderedSteps {
  if (workload.replacement === 'in-order') return oneAfterAnother(workload, steps);
  const isOld = ({ unwanted }: RemovalSteps): boolean =>
    unwanted.workload === workload && unwanted.why === 'template-changed';
  const isOwn = ({ desired }: PodSteps): boolean => desired.owner === workload.owner;
  const old = steps.removals.filter(isOld);
  if (old.length === 0) return steps;
  const created = steps.pods.filter((pod) => isOwn(pod) && !pod.exists);
  // Another workload may wait for the ports, too.
  const joining = steps.pods.filter(({ exists }) => !exists).map(({ desired }) => desired);
  const unwanted = steps.removals.map((removal) => removal.unwanted);
  if (removesFirst(workload, unwanted, joining, observed)) {
    const gone = old.flatMap((removal) => lastIds(removal.steps, []));
    return {
      ...steps,
      pods: steps.pods.map((pod) =>
        isOwn(pod) && !pod.exists ? { ...pod, steps: startingAfter(pod.steps, gone) } : pod,
      ),
    };
  }
  const running = created.flatMap((pod) => lastIds(pod.steps, []));
  return {
    ...steps,
    removals: steps.removals.map((removal) =>
      isOld(removal) ? { ...removal, steps: startingAfter(removal.steps, running) } : removal,
    ),
  };
}

function oneAfterAnother(workload: Workload, { pods, removals }: OrderedSteps): OrderedSteps {
  const own = pods.filter(({ desired, steps }) => desired.owner === workload.owner && steps.length > 0);
  const sequence = sequenceOf(own);
  const going = removals.filter(({ unwanted }) => unwanted.workload === workload);
  return {
    pods: chained(pods, sequence),
    removals: chained(removals, going),
  };
}

/** The order in which a StatefulSet creates and changes its pods. */
function sequenceOf<T extends { readonly exists: boolean }>(pods: readonly T[]): readonly T[] {
  return [...pods.filter(({ exists }) => !exists), ...pods.filter(({ exists }) => exists).reverse()];
}

/** The decisions with those first that wait for no other pod. The first pod on a network brings its bridge up. */
export function unwaitingFirst(
  workloads: readonly Workload[],
  decisions: readonly PodDecision[],
): readonly PodDecision[] {
  const waiting = workloads
    .filter(({ replacement }) => replacement === 'in-order')
    .flatMap(({ owner }) => {
      const own = decisions.filter(({ desired }) => desired.owner === owner);
      return sequenceOf(own.map((decision) => ({ decision, exists: decision.current !== undefined }))).slice(
        1,
      );
    })
    .map(({ decision }) => decision);
  return [...decisions.filter((decision) => !waiting.includes(decision)), ...waiting];
}

/** The items, of which those of the sequence wait for their predecessors. */
function chained<T extends { readonly steps: readonly Step[] }>(
  items: readonly T[],
  sequence: readonly T[],
): readonly T[] {
  const waiting = new Map<T, T>();
  let before: readonly string[] = [];
  for (const item of sequence) {
    const steps = startingAfter(item.steps, before);
    waiting.set(item, { ...item, steps });
    before = lastIds(steps, before);
  }
  return items.map((item) => waiting.get(item) ?? item);
}
