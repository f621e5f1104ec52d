import type { PodDeadlines } from '../apply/pod-deadlines.ts';
import type { ApplyEvent } from '../apply/events.ts';
import { abortController } from '../base/abort.ts';
import { DEADLINE_EXCEEDED } from '../kube/status/pod-status.ts';
import { untilDeadline } from '../kubelet/deadlines.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { observeProject } from '../podman/inspect/observe-containers.ts';
import { lastAppliedContainer, recordedDeadline } from '../podman/last-applied.ts';
import type { Operation } from '../podman/operations/operation.ts';
import type { Engine } from './engine.ts';
import { deadlineExceeded } from './late-pods.ts';
import { addCommandEvent } from './saved-reports.ts';
import { stopWatchedPod, type ActionContext } from './watch-actions.ts';
import { isUp, watchedContainerOf } from './watch-sighting.ts';

/** The deadlines while a plan is applied. */
export interface ApplyDeadlines extends PodDeadlines {
  /** Whether the deadline of a pod is kept here. */
  readonly areKept: (pod: string) => boolean;
  /** Receives the events of the plan. */
  readonly onEvent: (event: ApplyEvent) => void;
  /** Resolves when no pod is being stopped. */
  readonly end: () => Promise<void>;
}

interface Deadline {
  readonly passed: AbortController;
  seconds: number;
}

/**
 * Stops each pod of a plan at its activeDeadlineSeconds until the plan has been applied: no watcher looks after a pod whose
 * init containers run. Within the grace period, as a kubelet does.
 */
export function keepDeadlinesWhileApplying(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  project: string,
  action: ActionContext,
): ApplyDeadlines {
  const { clock, today } = platform;
  const over = abortController();
  const deadlines = new Map<string, Deadline>();
  const kept = new Set<string>();
  const underWay: Promise<void>[] = [];
  const of = (pod: string): Deadline => {
    const deadline = deadlines.get(pod) ?? { passed: abortController(), seconds: Infinity };
    deadlines.set(pod, deadline);
    return deadline;
  };
  const observe = async (): Promise<ContainersAndPods> => {
    const found = await observeProject(podman, project);
    return found.ok ? found.value : { pods: [], containers: [] };
  };
  const runningIn = (pod: string, { containers }: ContainersAndPods) =>
    containers
      .filter(({ owner, state }) => owner?.pod === pod && state === 'running')
      .flatMap((one) => watchedContainerOf(one) ?? []);

  const keep = async (pod: string, given: number | undefined) => {
    const deadline = of(pod);
    const seconds = given ?? deadlineIn(pod, await observe());
    if (seconds === undefined) return;
    deadline.seconds = seconds;
    const startedAt = async () => {
      const found = (await observe()).pods.find(({ name }) => name === pod);
      return found !== undefined && isUp(found) ? found.infraStartedAt * 1000 : undefined;
    };
    if ((await untilDeadline(seconds, startedAt, { clock, today, over: over.signal })) === undefined) return;
    deadline.passed.abort();
    const notice = { kind: 'deadline-exceeded', pod, container: '', role: 'container', restarts: 0 } as const;
    addCommandEvent(platform, project, { ...notice, message: DEADLINE_EXCEEDED.message });
    await stopWatchedPod(pod, runningIn(pod, await observe()), action);
  };
  return {
    areKept: (pod) => kept.has(pod),
    passed: (pod) => of(pod).passed.signal,
    error: (pod) => ({
      ...deadlineExceeded({ name: pod, activeDeadlineSeconds: of(pod).seconds }),
      help: `podpose logs ${pod} shows the output of its containers.`,
    }),
    onEvent: (event) => {
      if (event.kind !== 'step-started') return;
      const started = startOf(event.step.operation);
      if (started === undefined || kept.has(started.pod)) return;
      kept.add(started.pod);
      underWay.push(keep(started.pod, started.seconds));
    },
    end: async () => {
      over.abort();
      await Promise.all(underWay);
    },
  };
}

/** The start of a container whose pod may have a deadline. Undefined for other operations. */
function startOf(
  operation: Operation,
): { readonly pod: string; readonly seconds: number | undefined } | undefined {
  if (operation.kind === 'start-init-container') return { pod: operation.pod, seconds: undefined };
  if (operation.kind !== 'run-container') return undefined;
  const { pod, container } = operation;
  const { activeDeadlineSeconds: seconds } = container;
  return seconds === undefined ? undefined : { pod: pod.name, seconds };
}

function deadlineIn(pod: string, { containers }: ContainersAndPods): number | undefined {
  return containers
    .filter(({ owner }) => owner?.pod === pod)
    .flatMap(({ labels }) => lastAppliedContainer(labels) ?? [])
    .map(recordedDeadline)
    .find((seconds) => seconds !== undefined);
}
