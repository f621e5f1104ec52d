import { defined } from '../../base/defined.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import type { RestartPolicy, RestartRule } from '../../kube/spec/restart-policy.ts';
import type { ContainerLifecycle } from '../../kube/spec/probe.ts';
import { lifecycleOf } from '../../kube/spec/recorded-lifecycle.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { lastAppliedContainer, lastAppliedSandbox } from '../../podman/last-applied.ts';
import type { RunPostStart } from '../../podman/operations/hook-work.ts';
import { graceOf } from '../plan-down.ts';
import { lastIds, type Step } from '../step.ts';

/** A container that has just started. */
interface StartedContainer extends Pick<ContainerLifecycle, 'postStart' | 'preStop'> {
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  /** podman's name. */
  readonly name: string;
  readonly graceSeconds: number;
  readonly restartPolicy: RestartPolicy;
  readonly restartPolicyRules?: readonly RestartRule[];
  readonly hostNetwork: boolean;
}

/** The operation that runs the postStart hook of a container, if it has one. */
export function postStartOperation({
  postStart,
  preStop,
  ...container
}: StartedContainer): RunPostStart | undefined {
  return postStart && { kind: 'run-post-start', ...container, hook: postStart, ...defined({ preStop }) };
}

/** The step that runs the postStart hook of a container, if it has one. */
export function postStartSteps(
  container: StartedContainer,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const operation = postStartOperation(container);
  const id = `post-start/${container.pod}/${container.container}`;
  return operation === undefined ? [] : [{ id, needs, cause, operation }];
}

/** An existing container, with the hooks of its last-applied record. */
export function existingContainer(
  { owner, labels, name }: ObservedContainer,
  pod: ObservedPod | undefined,
  members: readonly ObservedContainer[],
): StartedContainer {
  const applied = lastAppliedContainer(labels);
  const { postStart, preStop, restartPolicyRules } = lifecycleOf(applied?.settings ?? {});
  return {
    pod: owner?.pod ?? '',
    container: owner?.name ?? '',
    role: owner?.role === 'init' ? 'init' : 'container',
    name,
    graceSeconds: graceOf(members),
    restartPolicy: applied?.restartPolicy ?? POD_DEFAULTS.restartPolicy,
    hostNetwork: pod !== undefined && lastAppliedSandbox(pod.labels).hostNetwork,
    ...defined({ postStart, preStop, restartPolicyRules }),
  };
}

/**
 * Joins the steps of containers that start one after another: a container starts when the postStart hooks of the earlier
 * ones have ended, and its own hook runs when the earlier ones have started. Both whatever the result, as in a kubelet,
 * which goes on with the next container (syncPod in kuberuntime_manager.go).
 */
export function oneAfterAnother(groups: readonly (readonly Step[])[]): readonly Step[] {
  let earlier: readonly string[] = [];
  let hooks: readonly string[] = [];
  return groups.flatMap((steps) => {
    const own = new Set(steps.map(({ id }) => id));
    const ordered = steps.map((step) => {
      const isFirst = step.needs.every((id) => !own.has(id));
      const after = isPostStart(step) ? earlier : isFirst ? hooks : [];
      return after.length === 0 ? step : { ...step, after };
    });
    earlier = [...earlier, ...lastIds(steps, [])];
    hooks = [...hooks, ...steps.filter(isPostStart).map(({ id }) => id)];
    return ordered;
  });
}

function isPostStart({ operation }: Step): boolean {
  return operation.kind === 'run-post-start';
}
