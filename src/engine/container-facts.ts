import { defined } from '../base/defined.ts';
import type { ContainerFacts, ContainerStage } from '../kube/status/facts.ts';
import type { ContainerState, ObservedContainer } from '../podman/inspect/observed.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';

/** A container of a pod, which may not be created yet. */
export interface NamedContainer {
  readonly name: string;
  readonly observed?: ObservedContainer;
}

/** The facts about a container, in Kubernetes terms. podman reports no reason of an exit besides its code. */
export function containerFacts({ name, observed }: NamedContainer, sandboxStartedAt: number): ContainerFacts {
  const stage = stageOf(observed);
  const { startedAt = 0, exitedAt = 0, restarts = 0 } = observed ?? {};
  const isUp = stage.kind === 'running';
  const hasEnded = stage.kind === 'ended';
  return {
    name,
    restarts,
    stage,
    ...(startedAt > 0 ? { startedAt } : {}),
    ...(exitedAt > 0 && hasEnded ? { finishedAt: exitedAt } : {}),
    // podman keeps the time of the last end when it starts the container again, and drops its exit code.
    ...(exitedAt > 0 && !hasEnded && restarts > 0 ? { lastEnd: { finishedAt: exitedAt } } : {}),
    ...((isUp || hasEnded) && startedAt < sandboxStartedAt ? { hasLostSandbox: true } : {}),
  };
}

/** The policy of an app container, from its last-applied record. */
export function ownRestartPolicy({ observed }: NamedContainer): Pick<ContainerFacts, 'restartPolicy'> {
  const restartPolicy =
    observed === undefined ? undefined : lastAppliedContainer(observed.labels)?.restartPolicy;
  return defined({ restartPolicy });
}

const STAGES: Readonly<Record<ContainerState, (container: ObservedContainer) => ContainerStage>> = {
  configured: neverRan,
  created: neverRan,
  initialized: neverRan,
  running: () => ({ kind: 'running', isPaused: false }),
  stopping: () => ({ kind: 'running', isPaused: false }),
  paused: () => ({ kind: 'running', isPaused: true }),
  stopped: ended,
  exited: ended,
  removing: ended,
  unknown: () => ({ kind: 'unknown' }),
};

function stageOf(container: ObservedContainer | undefined): ContainerStage {
  return container === undefined ? { kind: 'absent' } : STAGES[container.state](container);
}

function neverRan({ startFailure: message }: ObservedContainer): ContainerStage {
  if (message === undefined) return { kind: 'created' };
  return NO_SECRET.test(message) ? { kind: 'config-error', message } : { kind: 'start-failed', message };
}

/** podman looks a secret of a variable up at every start. It reports this from 5.4.2 on. */
const NO_SECRET = /no secret with name or id|no such secret/;

function ended({ exitCode }: ObservedContainer): ContainerStage {
  return { kind: 'ended', exitCode };
}
