import { defined } from '../../base/defined.ts';
import { jobOwner, jobPodPrefix, type DesiredJob } from '../../kube/jobs/desired-job.ts';
import type { JobPod } from '../../kube/jobs/job-status.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { decodeOwner } from '../labels.ts';
import { isSidecarRecord } from '../last-applied.ts';
import { appliedContainers } from './container-list.ts';
import type { ObservedContainer, ObservedPod } from './observed.ts';
import { podMembers } from './pod-members.ts';

type Job = Pick<DesiredJob, 'name' | 'hash' | 'spec'> & {
  readonly template?: Pick<DesiredPod, 'activeDeadlineSeconds'>;
};

/** What podpose's watcher knows of a container. */
export interface ContainerKnowledge {
  readonly restarts: number;
  /** Its last start has failed. */
  readonly hasFailedStart: boolean;
}

/** The pods of a Job that podman has, as the controller of Jobs sees them. Pods of an earlier template are left out. */
export function jobPodsOf(
  job: Job,
  pods: readonly ObservedPod[],
  containers: readonly ObservedContainer[],
  know: (id: string) => ContainerKnowledge | undefined = () => undefined,
): readonly JobPod[] {
  const prefix = jobPodPrefix(job);
  return pods
    .filter(({ name, labels }) => decodeOwner(labels) === jobOwner(job) && name.startsWith(prefix))
    .map((pod) => jobPod(pod, containers, job, know));
}

/** The end of the name of a pod, and its index: `job-1a2b3-2-1` is the second pod of index 2. */
export function placeOfPod(
  job: Job,
  pod: string,
): { readonly suffix: string; readonly index: number | undefined } {
  const suffix = pod.slice(jobPodPrefix(job).length);
  return { suffix, index: job.spec.isIndexed ? Number.parseInt(suffix, 10) : undefined };
}

function jobPod(
  pod: ObservedPod,
  all: readonly ObservedContainer[],
  job: Job,
  know: (id: string) => ContainerKnowledge | undefined,
): JobPod {
  const lasting = podMembers(pod.name, all).filter(
    ({ owner, labels }) =>
      owner?.role === 'container' || (owner?.role === 'init' && !isSidecarRecord(labels)),
  );
  const ends = lasting.map((container) => endOf(container, know(container.id)));
  const apps = ends.filter(({ container }) => container.owner?.role === 'container');
  const declared = appliedContainers(pod, all)?.filter(({ role }) => role === 'container').length ?? 1;
  const state = STATES.find(([when]) => when({ pod, ends, apps, declared, job }))?.[1] ?? 'active';
  return {
    ...{ name: pod.name, state },
    ...defined({
      index: placeOfPod(job, pod.name).index,
      isIncomplete: isIncomplete(state, ends, apps.length < declared) ? (true as const) : undefined,
      endedAt: state === 'active' ? undefined : Math.round(Math.max(0, ...lasting.map(endTime)) * 1000),
    }),
    failures: ends.flatMap(({ exitCode, container }) =>
      exitCode === undefined || exitCode === 0 ? [] : [{ container: container.owner?.name ?? '', exitCode }],
    ),
    restarts: lasting.reduce(
      (sum, { id, restarts = 0 }) => sum + Math.max(restarts, know(id)?.restarts ?? 0),
      0,
    ),
  };
}

/** A pod whose init container runs is being created. */
function isIncomplete(state: JobPod['state'], ends: readonly End[], lacksContainers: boolean): boolean {
  const isRunning = ends.some(({ container }) => RUNNING.has(container.state));
  return state === 'active' && lacksContainers && !isRunning;
}

interface End {
  readonly container: ObservedContainer;
  /** Undefined for a container that has not ended. */
  readonly exitCode: number | undefined;
}

interface Subject {
  readonly pod: ObservedPod;
  readonly ends: readonly End[];
  readonly apps: readonly End[];
  /** The number of app containers in the manifest. */
  readonly declared: number;
  readonly job: Job;
}

/**
 * The first row that applies. An init container that has failed is retried by the podpose that starts the pod, and not after that.
 * A pod without a running infra container was stopped by somebody: its containers have not failed.
 */
const STATES: readonly (readonly [when: (subject: Subject) => boolean, state: JobPod['state']])[] = [
  [({ ends }) => ends.some(({ container }) => RUNNING.has(container.state)), 'active'],
  [isPastDeadline, 'failed'],
  [
    ({ apps, declared }) => apps.length >= declared && apps.every(({ exitCode }) => exitCode === 0),
    'succeeded',
  ],
  [({ pod }) => pod.infra !== 'running', 'active'],
  [
    ({ ends }) =>
      ends.some(({ container, exitCode = 0 }) => container.owner?.role === 'init' && exitCode !== 0),
    'failed',
  ],
  [({ job }) => job.spec.restartPolicy !== 'Never', 'active'],
  [
    ({ apps, declared }) =>
      apps.length >= declared &&
      apps.every(({ exitCode }) => exitCode !== undefined) &&
      apps.some(({ exitCode }) => exitCode !== 0),
    'failed',
  ],
];

/**
 * Whether a container of the pod has ended at its activeDeadlineSeconds or later: the watcher stops the pod then, and the infra
 * container may still run.
 */
function isPastDeadline({ pod, ends, job }: Subject): boolean {
  const { activeDeadlineSeconds } = job.template ?? {};
  if (activeDeadlineSeconds === undefined || pod.infraStartedAt <= 0) return false;
  const deadline = pod.infraStartedAt + activeDeadlineSeconds;
  return ends.some(({ container }) => container.exitedAt >= deadline);
}

const RUNNING: ReadonlySet<string> = new Set(['running', 'paused', 'stopping', 'stopped']);

/** As a kubelet reports a start that has failed. */
const START_FAILED = 128;

function endOf(container: ObservedContainer, known: ContainerKnowledge | undefined): End {
  if (container.state === 'exited') return { container, exitCode: container.exitCode };
  return { container, exitCode: known?.hasFailedStart === true ? START_FAILED : undefined };
}

function endTime({ exitedAt }: ObservedContainer): number {
  return exitedAt;
}
