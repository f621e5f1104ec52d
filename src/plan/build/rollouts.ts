import type { Workload } from '../../kube/workloads/workload.ts';
import { isAvailable } from '../decide/availability.ts';
import { changesTemplate, type PodDecision } from '../decide/decision.ts';
import { rollingOrder } from '../decide/rolling-update.ts';
import { removesFirst, type UnwantedPod } from '../decide/workload-pods.ts';
import type { KnownState } from '../needs.ts';
import { lastIds, type Step } from '../step.ts';
import { readinessSteps } from './readiness.ts';
import { startingAfter } from './step-order.ts';

/** The steps of one pod, without those of other pods. */
export interface PodSteps {
  readonly decision: PodDecision;
  readonly steps: readonly Step[];
  /** Those that wait until it is available, after its other steps. */
  readonly gate?: readonly Step[];
}

export interface RemovalSteps {
  readonly unwanted: UnwantedPod;
  readonly steps: readonly Step[];
}

/** A moment of a rollout at which pods get connections from now on, or no more: those that are about to stop. */
export interface RolloutStage {
  readonly ready: readonly PodSteps[];
  /** Names of pods. */
  readonly leaving: readonly string[];
}

export interface OrderedSteps {
  readonly pods: readonly PodSteps[];
  readonly removals: readonly RemovalSteps[];
  /** In the order of the workloads. */
  readonly stages: readonly RolloutStage[];
}

/**
 * Orders the steps of the pods of workloads by their rollouts, and adds the waits that these depend on. If a wait fails, what
 * needs it is skipped: the old pods keep running.
 * @param own observed objects of the project only
 */
export function orderWorkloads(
  workloads: readonly Workload[],
  steps: Omit<OrderedSteps, 'stages'>,
  own: KnownState,
): OrderedSteps {
  return workloads.reduce<OrderedSteps>((ordered, workload) => orderWorkload(workload, ordered, own), {
    ...steps,
    stages: [],
  });
}

function orderWorkload(workload: Workload, steps: OrderedSteps, own: KnownState): OrderedSteps {
  const { order } = workload.rollout;
  if (order.kind === 'ordinal') return inOrdinalOrder(workload, order.isParallel, steps);
  const going = steps.removals.filter(({ unwanted }) => unwanted.workload === workload);
  if (going.length === 0) return steps;
  // Fewer replicas are no rollout.
  if (going.every(({ unwanted }) => unwanted.why === 'replicas-reduced'))
    return withStages(steps, [{ ready: [], leaving: namesOf(going) }]);
  // Another workload may wait for the ports, too.
  const joining = steps.pods.filter(isCreated).map(({ decision }) => decision.desired);
  const unwanted = steps.removals.map((removal) => removal.unwanted);
  return order.kind === 'rolling' && !removesFirst(workload, unwanted, joining, own.pods)
    ? rolling(workload, order, steps, going, own)
    : recreated(workload, steps, going);
}

/** All old pods go before the new ones are created. */
function recreated(workload: Workload, steps: OrderedSteps, going: readonly RemovalSteps[]): OrderedSteps {
  const isAwaited = workload.rollout.order.kind !== 'by-hand';
  const old = going.filter(({ unwanted }) => unwanted.why === 'template-changed');
  const gone = old.flatMap((removal) => lastIds(removal.steps, []));
  const pods = steps.pods.map((pod) => {
    if (!isOf(workload)(pod) || !isCreated(pod)) return pod;
    const delayed = { ...pod, steps: startingAfter(pod.steps, gone) };
    return isAwaited ? gated(workload, delayed) : delayed;
  });
  return withStages({ ...steps, pods }, [{ ready: [], leaving: namesOf(going) }]);
}

/** New pods replace old ones within the limits of a rolling update. */
function rolling(
  workload: Workload,
  limits: { readonly maxSurge: number; readonly maxUnavailable: number },
  steps: OrderedSteps,
  going: readonly RemovalSteps[],
  own: KnownState,
): OrderedSteps {
  const isUp = ({ unwanted }: RemovalSteps) => isAvailable(unwanted.name, own);
  const isKeptUp = (pod: PodSteps) => pod.steps.length === 0 && isAvailable(nameOf(pod), own);
  const removed = [...going.filter((removal) => !isUp(removal)), ...going.filter(isUp)];
  const ofWorkload = steps.pods.filter(isOf(workload));
  const created = ofWorkload.filter(isCreated);
  const kept = ofWorkload.filter((pod) => !isCreated(pod));
  const waiting = kept.filter((pod) => !isKeptUp(pod));
  const up = going.filter(isUp).length;
  const order = rollingOrder({
    ...limits,
    replicas: ofWorkload.length,
    created: created.length,
    kept: { available: kept.length - waiting.length, unavailable: waiting.length },
    removed: { available: up, unavailable: going.length - up },
  });
  const goneIds = removed.map((removal) => lastIds(removal.steps, []));
  const awaited = [...waiting, ...created].map((pod, index) => {
    const after = order.created[index - waiting.length];
    const delayed =
      after === undefined ? pod : { ...pod, steps: startingAfter(pod.steps, goneIds[after] ?? []) };
    return gated(workload, delayed);
  });
  const delays = removed.map((removal, index) => {
    const after = order.removed[index];
    const ready = after === undefined ? [] : awaited.slice(after, after + 1);
    return {
      removal,
      ready,
      steps: startingAfter(
        removal.steps,
        ready.flatMap(({ gate = [] }) => idsOf(gate)),
      ),
    };
  });
  const free = delays.filter(({ ready }) => ready.length === 0);
  return withStages(
    {
      ...steps,
      pods: steps.pods.map((pod) => awaited.find((one) => one.decision === pod.decision) ?? pod),
      removals: steps.removals.map((removal) => ({
        ...removal,
        steps: delays.find((one) => one.removal === removal)?.steps ?? removal.steps,
      })),
    },
    [
      { ready: [], leaving: namesOf(free.map(({ removal }) => removal)) },
      ...delays
        .filter((delay) => !free.includes(delay))
        .map(({ ready, removal }) => ({ ready, leaving: namesOf([removal]) })),
    ],
  );
}

/** Pods with numbers: created one after another, changed one after another in reverse, and removed the last one first. */
function inOrdinalOrder(workload: Workload, isParallel: boolean, steps: OrderedSteps): OrderedSteps {
  const own = steps.pods.filter((pod) => isOf(workload)(pod) && pod.steps.length > 0);
  const created = own.filter(isCreated);
  const changed = own.filter(({ decision }) => changesTemplate(decision)).reverse();
  const sequence = [...(isParallel ? [] : created), ...changed];
  const placed: PodSteps[] = [];
  for (const [index, pod] of sequence.entries()) {
    const before = placed.at(-1)?.gate ?? [];
    const delayed = { ...pod, steps: startingAfter(pod.steps, idsOf(before)) };
    const isLast = index === sequence.length - 1;
    placed.push(isLast && isCreated(pod) ? delayed : gated(workload, delayed));
  }
  const going = steps.removals.filter(({ unwanted }) => unwanted.workload === workload);
  const removals = isParallel ? steps.removals : chained(steps.removals, going);
  const ofChanges = placed.map((pod, index): RolloutStage => {
    const before = placed[index - 1];
    return { ready: before === undefined ? [] : [before], leaving: isCreated(pod) ? [] : [nameOf(pod)] };
  });
  return withStages(
    {
      ...{ removals, stages: steps.stages },
      pods: steps.pods.map((pod) => placed.find((one) => one.decision === pod.decision) ?? pod),
    },
    [...ofChanges, ...going.map((removal) => ({ ready: [], leaving: namesOf([removal]) }))],
  );
}

/** The decisions with those first that wait for no other pod. The first pod on a network brings its bridge up. */
export function unwaitingFirst(
  workloads: readonly Workload[],
  decisions: readonly PodDecision[],
): readonly PodDecision[] {
  const waiting = workloads.flatMap(({ owner, rollout: { order } }) => {
    const own = decisions.filter(({ desired }) => desired.owner === owner);
    if (order.kind !== 'ordinal' || order.isParallel) return [];
    const created = own.filter(({ current }) => current === undefined);
    return [...created, ...own.filter(changesTemplate).reverse()].slice(1);
  });
  return [...decisions.filter((decision) => !waiting.includes(decision)), ...waiting];
}

/** All steps of pods, with the waits. */
export function stepsOfPods({ pods }: Pick<OrderedSteps, 'pods'>): readonly Step[] {
  return pods.flatMap(({ steps, gate = [] }) => [...steps, ...gate]);
}

function gated(workload: Workload, pod: PodSteps): PodSteps {
  return { ...pod, gate: readinessSteps(pod.decision.desired, workload, pod.steps) };
}

/** The removals, of which those of the sequence wait for their predecessors. */
function chained(
  removals: readonly RemovalSteps[],
  sequence: readonly RemovalSteps[],
): readonly RemovalSteps[] {
  const waiting = new Map<RemovalSteps, RemovalSteps>();
  let before: readonly string[] = [];
  for (const removal of sequence) {
    const steps = startingAfter(removal.steps, before);
    waiting.set(removal, { ...removal, steps });
    before = lastIds(steps, before);
  }
  return removals.map((removal) => waiting.get(removal) ?? removal);
}

function withStages(steps: OrderedSteps, stages: readonly RolloutStage[]): OrderedSteps {
  const some = stages.filter(({ ready, leaving }) => ready.length + leaving.length > 0);
  return { ...steps, stages: [...steps.stages, ...some] };
}

function isOf({ owner }: Workload): (pod: PodSteps) => boolean {
  return ({ decision }) => decision.desired.owner === owner;
}

function isCreated({ decision }: PodSteps): boolean {
  return decision.current === undefined;
}

function nameOf({ decision }: PodSteps): string {
  return decision.desired.name;
}

function namesOf(removals: readonly RemovalSteps[]): readonly string[] {
  return removals.map(({ unwanted }) => unwanted.name);
}

function idsOf(steps: readonly Step[]): readonly string[] {
  return steps.map(({ id }) => id);
}
