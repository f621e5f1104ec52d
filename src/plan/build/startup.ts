import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { lifecycleOf } from '../../kube/spec/recorded-lifecycle.ts';
import { isSidecar } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { isSidecarRecord, lastAppliedContainer, lastAppliedSandbox } from '../../podman/last-applied.ts';
import type { WaitForStartup } from '../../podman/operations/startup.ts';
import { subjectId } from '../change.ts';
import type { Step } from '../step.ts';

/*
 * A sidecar holds up the next containers until its startup probe has succeeded. Without one, it has started once it runs
 * (computeInitContainerActions in pkg/kubelet/kuberuntime/kuberuntime_container.go).
 */

/** The wait for a sidecar of the manifest. */
export function startupSteps(
  { name: pod, sandbox: { hostNetwork } }: DesiredPod,
  container: DesiredContainer,
  needs: readonly string[],
): readonly Step[] {
  const { startupProbe: probe, name, terminationGracePeriodSeconds } = container;
  if (!isSidecar(container) || probe === undefined) return [];
  const graceSeconds = probe.terminationGracePeriodSeconds ?? terminationGracePeriodSeconds;
  return [startupStep({ pod, container: name, probe, hostNetwork, graceSeconds }, needs)];
}

/** The wait for an existing sidecar, from its last-applied record. */
export function observedStartupSteps(
  { name: pod, labels }: ObservedPod,
  container: ObservedContainer,
  needs: readonly string[],
): readonly Step[] {
  const applied = lastAppliedContainer(container.labels);
  if (applied === undefined || !isSidecarRecord(container.labels)) return [];
  const { startupProbe: probe } = lifecycleOf(applied.settings);
  const name = container.owner?.name;
  if (probe === undefined || name === undefined) return [];
  const { hostNetwork } = lastAppliedSandbox(labels);
  const graceSeconds = probe.terminationGracePeriodSeconds ?? applied.terminationGracePeriodSeconds;
  return [startupStep({ pod, container: name, probe, hostNetwork, graceSeconds }, needs)];
}

function startupStep(wait: Omit<WaitForStartup, 'kind'>, needs: readonly string[]): Step {
  const { pod, container: name } = wait;
  return {
    id: `started/${pod}/${name}`,
    needs,
    cause: subjectId({ kind: 'container', pod, role: 'init', name }),
    operation: { kind: 'wait-for-startup', ...wait },
  };
}
