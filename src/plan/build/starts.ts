import { defined } from '../../base/defined.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { observedMessageSource } from '../../podman/inspect/termination-message.ts';
import { lastAppliedContainer, lastAppliedMounts, lastAppliedSandbox } from '../../podman/last-applied.ts';
import { subjectId } from '../change.ts';
import { graceOf } from '../plan-down.ts';
import { lastIds, type Step } from '../step.ts';
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
  retries: boolean,
  needs: readonly string[],
): readonly Step[] {
  const { pod, name, id } = named(container);
  const before = mountSteps(container, needs);
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
      ...(retries ? { retry: 'back-off' } : {}),
    },
  ];
}

export function startContainerSteps(container: ObservedContainer, needs: readonly string[]): readonly Step[] {
  const { pod, name, id } = named(container);
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
        isReplacement: false,
        ...defined({ workingDir: typeof workingDir === 'string' ? workingDir : undefined }),
      },
    },
  ];
}

export function unpauseStep(container: ObservedContainer, needs: readonly string[]): Step {
  const { pod, name, id } = named(container);
  return {
    id: `unpause/${pod}/${name}`,
    needs,
    cause: id,
    operation: { kind: 'unpause-container', pod, container: name },
  };
}

/** Opens the subPaths again, and empties the termination message. */
function mountSteps(container: ObservedContainer, needs: readonly string[]): readonly Step[] {
  const { pod, name, role, id } = named(container);
  const volumeMounts = lastAppliedMounts(container.labels);
  return subPathSteps({ name: pod }, { name, role, volumeMounts }, id, needs);
}

function named({ owner }: ObservedContainer) {
  const [pod, name] = [owner?.pod ?? '', owner?.name ?? ''];
  const role = owner?.role === 'init' ? ('init' as const) : ('container' as const);
  return { pod, name, role, id: subjectId({ kind: 'container', pod, role, name }) };
}
