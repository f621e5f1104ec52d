import { compareTexts } from '../base/text.ts';
import type { KnownState } from './needs.ts';
import type { Plan } from './plan.ts';
import { graceOf } from './plan-down.ts';
import type { Step } from './step.ts';
import { isPaused } from './decide/found-containers.ts';
import { ownedBy } from './decide/ownership.ts';
import { subjectId } from './change.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';

export interface StopInput {
  readonly project: string;
  readonly observed: KnownState;
  /** Only these pods of the project; all of them when absent. */
  readonly pods?: readonly string[];
  /** Seconds; each pod's own grace period when absent. */
  readonly graceSeconds?: number | undefined;
}

/** Plans the stop of a project's pods. They are kept, so that they can be started again. Stopped pods are left out. */
export function planStop(input: StopInput): Plan {
  const { project, observed } = input;
  const pods = selectedPods(input).filter((pod) => isUp(pod, observed));
  return {
    project,
    changes: pods.map(({ name }) => ({
      subject: { kind: 'pod', pod: name },
      action: 'stop',
      reason: { kind: 'requested' },
    })),
    steps: pods.map((pod) => stopPodStep(pod.name, input)),
    warnings: [],
  };
}

/** The pods of the target, sorted by name. */
export function selectedPods({
  project,
  observed,
  pods,
}: Pick<StopInput, 'project' | 'observed' | 'pods'>): readonly ObservedPod[] {
  return ownedBy(project, observed)
    .pods.filter(({ name }) => pods === undefined || pods.includes(name))
    .sort((a, b) => compareTexts(a.name, b.name));
}

/** Whether anything of a pod runs: its infra container, or a container whose infra container was killed. */
export function isUp({ name, infra }: ObservedPod, { containers }: KnownState): boolean {
  const live = ['running', 'paused', 'stopping'];
  return (
    live.includes(infra) || containers.some(({ podName, state }) => podName === name && live.includes(state))
  );
}

export function stopPodStep(pod: string, { observed, graceSeconds }: StopInput): Step {
  const members = observed.containers.filter(({ podName }) => podName === pod);
  return {
    id: `stop-pod/${pod}`,
    needs: [],
    cause: subjectId({ kind: 'pod', pod }),
    operation: {
      kind: 'stop-pod',
      pod,
      graceSeconds: graceSeconds ?? graceOf(members),
      containers: members.length,
      ...(isPaused(pod, observed) ? { isPaused: true } : {}),
    },
  };
}
