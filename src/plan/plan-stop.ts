import { podMembers } from '../podman/inspect/pod-members.ts';
import { compareTexts } from '../base/text.ts';
import type { KnownState } from './needs.ts';
import type { Plan } from './plan.ts';
import { graceOf } from './plan-down.ts';
import { lastIds, type Step } from './step.ts';
import { stopRecords } from './build/stop-records.ts';
import { terminateSteps } from './build/termination.ts';
import { isPaused } from './decide/found-containers.ts';
import { ownedBy } from './decide/ownership.ts';
import { stopSeconds, subjectId } from './change.ts';
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
  const { project, observed, graceSeconds } = input;
  const pods = selectedPods(input).filter((pod) => isUp(pod, observed));
  return {
    project,
    changes: pods.map(({ name }) => ({
      subject: { kind: 'pod', pod: name },
      action: 'stop',
      reason: { kind: 'requested' },
      ...stopSeconds(true, graceSeconds ?? graceOf(podMembers(name, observed.containers))),
    })),
    steps: pods.flatMap((pod) => stopPodSteps(pod, input)),
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
  return live.includes(infra) || podMembers(name, containers).some(({ state }) => live.includes(state));
}

/** Stops a pod: first its containers, if they have preStop hooks or an order. */
export function stopPodSteps(current: ObservedPod, { observed, graceSeconds }: StopInput): readonly Step[] {
  const pod = current.name;
  const members = podMembers(pod, observed.containers);
  const cause = subjectId({ kind: 'pod', pod });
  const grace = graceSeconds ?? graceOf(members);
  const paused = isPaused(pod, observed);
  const stopping = { pod, current, members, graceSeconds: grace, cause, needs: [] };
  const records = stopRecords(current, members).map((operation): Step => ({
    id: `record-stop/${pod}/${operation.container}`,
    needs: [],
    cause,
    operation,
  }));
  // A pod is stopped even if a record cannot be written.
  const after = records.map(({ id }) => id);
  const terminate = terminateSteps(`terminate/${pod}`, stopping, paused);
  return [
    ...records,
    ...terminate.map((step): Step => ({ ...step, after })),
    {
      id: `stop-pod/${pod}`,
      needs: lastIds(terminate, []),
      after,
      cause,
      operation: {
        kind: 'stop-pod',
        pod,
        graceSeconds: grace,
        containers: members.length,
        ...(paused ? { isPaused: true } : {}),
      },
    },
  ];
}
