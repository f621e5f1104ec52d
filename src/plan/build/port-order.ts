import type { DesiredPod } from '../../kube/spec/desired.ts';
import { collide, lastAppliedHostPorts } from '../../podman/inspect/host-ports.ts';
import { policyOf } from '../../podman/operations/registry.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import type { PodDecision } from '../decide/decision.ts';
import type { Step } from '../step.ts';
import { inOrder } from './step-order.ts';

/**
 * Creates a pod after the removal of other pods that use one of its host ports: a port moves from one pod to another, or
 * two pods swap ports. `removed` are further pods that go. Orphans are removed before any pod is created anyway.
 */
export function orderByPorts(
  steps: readonly Step[],
  decisions: readonly PodDecision[],
  observed: readonly ObservedPod[],
  removed: readonly string[] = [],
): readonly Step[] {
  const replaced = observed.filter(
    ({ name }) =>
      removed.includes(name) ||
      decisions.some(({ desired, pod }) => desired.name === name && pod.kind === 'replace'),
  );
  const ordered = steps.map((step) => {
    const { reservesPortsOf } = policyOf(step.operation);
    const pod = decisions.find(({ desired }) => desired.name === reservesPortsOf)?.desired;
    if (pod === undefined) return step;
    const users = replaced.filter((other) => other.name !== pod.name && usesPortOf(other, pod));
    const removals = users.flatMap(({ name }) => removalOf(name, steps));
    return removals.length === 0 ? step : { ...step, needs: [...new Set([...step.needs, ...removals])] };
  });
  return ordered.every((step, index) => step === steps[index]) ? steps : inOrder(ordered);
}

function usesPortOf(other: ObservedPod, { sandbox }: DesiredPod): boolean {
  const used = lastAppliedHostPorts(other);
  return sandbox.hostPorts.some((port) => used.some((usedPort) => collide(port, usedPort)));
}

function removalOf(pod: string, steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ id, operation }) => (policyOf(operation).releasesPortsOf === pod ? [id] : []));
}
