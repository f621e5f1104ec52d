import { defined } from '../../base/defined.ts';
import type { RestartPolicy } from '../../kube/spec/desired.ts';
import { lifecycleOf } from '../../kube/spec/recorded-lifecycle.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { observedMessageSource } from '../../podman/inspect/termination-message.ts';
import { roleOf } from '../../podman/operations/container.ts';
import { lastAppliedContainer, lastAppliedMounts, lastAppliedSandbox } from '../../podman/last-applied.ts';
import { subjectId } from '../change.ts';
import { graceOf } from '../plan-down.ts';
import { lastIds, type Step } from '../step.ts';
import { existingContainer, postStartSteps } from './post-start.ts';
import { retryOfInit } from './retry.ts';
import { subPathSteps } from './sub-paths.ts';

/* Steps that start existing objects from their last-applied records. */

/** Starts the infra container, and writes /etc/hosts where podman does not. */
export function startInfraStep({ name, labels }: ObservedPod, needs: readonly string[]): Step {
  return {
    id: `infra/${name}`,
    needs,
    cause: subjectId({ kind: 'pod', pod: name }),
    operation: { kind: 'start-infra', pod: name, sandbox: lastAppliedSandbox(labels) },
  };
}

/** Runs an init container to its end. */
export function startInitSteps(
  container: ObservedContainer,
  podPolicy: RestartPolicy,
  needs: readonly string[],
): readonly Step[] {
  const { pod, name, id } = named(container);
  const before = mountSteps(container, needs);
  const { ownRestartPolicy, restartPolicyRules } = lifecycleOf(
    lastAppliedContainer(container.labels)?.settings ?? {},
  );
  const message = observedMessageSource(container) ?? { name: container.name, orLog: false };
  return [
    ...before,
    {
      id,
      needs: lastIds(before, needs),
      cause: id,
      operation: {
        kind: 'start-init-container',
        pod,
        container: name,
        graceSeconds: graceOf([container]),
        message,
      },
      ...retryOfInit(ownRestartPolicy ?? podPolicy, restartPolicyRules),
    },
  ];
}

/** Starts a container that stays up, and runs its postStart hook. */
export function startContainerSteps(
  container: ObservedContainer,
  needs: readonly string[],
  of: { readonly pod: ObservedPod; readonly members: readonly ObservedContainer[] },
): readonly Step[] {
  const { pod, name, role, id } = named(container);
  const before = mountSteps(container, needs);
  const workingDir = lastAppliedContainer(container.labels)?.settings['workingDir'];
  return [
    ...before,
    {
      id,
      needs: lastIds(before, needs),
      cause: id,
      operation: {
        kind: 'start-container',
        pod,
        container: name,
        ...roleOf({ role }),
        isReplacement: false,
        ...defined({ workingDir: typeof workingDir === 'string' ? workingDir : undefined }),
      },
    },
    ...postStartSteps(existingContainer(container, of.pod, of.members), id, [id]),
  ];
}

export function unpauseStep(container: ObservedContainer, needs: readonly string[]): Step {
  const { pod, name, role, id } = named(container);
  return {
    id: `unpause/${pod}/${name}`,
    needs,
    cause: id,
    operation: { kind: 'unpause-container', pod, container: name, ...roleOf({ role }) },
  };
}

/** Opens the subPaths of a container again, and empties its termination message. */
export function mountSteps(container: ObservedContainer, needs: readonly string[]): readonly Step[] {
  const { pod, name, role, id } = named(container);
  const volumeMounts = lastAppliedMounts(container.labels);
  return subPathSteps({ name: pod }, { name, role, volumeMounts }, id, needs);
}

function named({ owner }: ObservedContainer) {
  const [pod, name] = [owner?.pod ?? '', owner?.name ?? ''];
  const role = owner?.role === 'init' ? ('init' as const) : ('container' as const);
  return { pod, name, role, id: subjectId({ kind: 'container', pod, role, name }) };
}
