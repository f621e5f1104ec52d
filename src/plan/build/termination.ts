import { lifecycleOf } from '../../kube/spec/recorded-lifecycle.ts';
import { compareTexts } from '../../base/text.ts';
import { defined } from '../../base/defined.ts';
import { appliedContainers } from '../../podman/inspect/container-list.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { isSidecarRecord, lastAppliedContainer, lastAppliedSandbox } from '../../podman/last-applied.ts';
import type { TerminateContainers, Termination } from '../../podman/operations/hook-work.ts';
import { canStop } from '../decide/found-containers.ts';
import type { Step } from '../step.ts';

/** Containers of a pod to stop. */
export interface StopInput {
  readonly pod: string;
  /** The existing pod. */
  readonly current: ObservedPod | undefined;
  /** All existing containers of the pod. */
  readonly members: readonly ObservedContainer[];
  readonly graceSeconds: number;
  readonly cause: string;
  readonly needs: readonly string[];
  /** Whether steps for other containers of the pod may run at the same time. */
  readonly besideOthers?: boolean;
}

/**
 * The step that stops the running containers of a pod with their preStop hooks and sidecars last, before the pod itself is
 * stopped or removed. None if they can all stop at once, and none for a paused pod, in which no hook can run.
 */
export function terminateSteps(id: string, stop: StopInput, isPaused: boolean): readonly Step[] {
  const operation = isPaused ? undefined : termination(stop.members.filter(canStop), stop);
  return operation === undefined ? [] : [{ id, needs: stop.needs, cause: stop.cause, operation }];
}

/**
 * Stops containers together, within one grace period.
 * @param names podman's names
 */
export function stopContainersSteps(id: string, names: readonly string[], stop: StopInput): readonly Step[] {
  if (names.length === 0) return [];
  const { pod, graceSeconds, cause, needs, besideOthers = false } = stop;
  const sorted = [...names].sort();
  const operation = termination(
    stop.members.filter(({ name }) => names.includes(name)),
    stop,
  ) ?? { kind: 'stop-containers', pod, containers: sorted, graceSeconds, besideOthers };
  return [{ id, needs, cause, operation }];
}

function termination(
  stopped: readonly ObservedContainer[],
  { pod, current, members, graceSeconds, besideOthers = false }: StopInput,
): TerminateContainers | undefined {
  const all = [...stopped]
    .sort((a, b) => compareTexts(a.name, b.name))
    .map((container) => ({ container, ...terminationOf(container) }));
  const last = all.filter(({ container }) => isSidecarRecord(container.labels));
  const isOrdered = last.length > 0 && all.length > 1;
  const hasHook = all.some(({ preStop }) => preStop !== undefined);
  if (graceSeconds === 0 || !(hasHook || isOrdered)) return undefined;
  const order = current === undefined ? [] : (appliedContainers(current, members) ?? []);
  const placeOf = ({ owner }: ObservedContainer) => order.findIndex(({ name }) => name === owner?.name);
  const withoutContainer = ({ name, preStop }: Termination): Termination => ({
    name,
    ...defined({ preStop }),
  });
  return {
    kind: 'terminate-containers',
    pod,
    containers: all.filter((one) => !last.includes(one)).map(withoutContainer),
    sidecars: last.sort((a, b) => placeOf(b.container) - placeOf(a.container)).map(withoutContainer),
    graceSeconds,
    besideOthers,
    hostNetwork: current !== undefined && lastAppliedSandbox(current.labels).hostNetwork,
  };
}

/** By its last-applied record: what runs counts, not the manifest. */
function terminationOf({ name, labels }: ObservedContainer): Termination {
  const applied = lastAppliedContainer(labels);
  return { name, ...defined({ preStop: applied && lifecycleOf(applied.settings).preStop }) };
}
