import { defined } from '../../base/defined.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { lastingContainers } from '../../kube/spec/restart-policy.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import { subjectId } from '../change.ts';
import { lastIds, type Step } from '../step.ts';

/** Waits until a new pod of a workload is available: each of its containers. The steps of other pods may need that. */
export function readinessSteps(
  { name: pod, sandbox: { hostNetwork }, ...containers }: DesiredPod,
  { owner, rollout: { minReadySeconds, deadlineSeconds } }: Workload,
  steps: readonly Step[],
): readonly Step[] {
  const needs = lastIds(steps, []);
  return lastingContainers(containers).map(({ name, role, startupProbe, readinessProbe }) => ({
    id: `ready/${pod}/${name}`,
    needs,
    cause: subjectId({ kind: 'container', pod, role, name }),
    operation: {
      ...{ kind: 'wait-for-ready', owner, pod, container: name, role },
      ...{ hostNetwork, minReadySeconds, deadlineSeconds },
      ...defined({ probe: readinessProbe ?? startupProbe }),
    },
  }));
}
