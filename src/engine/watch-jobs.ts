import type { StepLock } from '../apply/context.ts';
import { jobPodPrefix } from '../kube/jobs/desired-job.ts';
import type { NextTime } from '../kube/jobs/schedule.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ContainerKnowledge } from '../podman/inspect/job-pods.ts';
import { observePods } from '../podman/inspect/observe.ts';
import { podMembers } from '../podman/inspect/pod-members.ts';
import type { ObservedCronJob } from '../podman/job-record.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { Engine } from './engine.ts';
import { isCronJob, jobRecords } from '../podman/job-record.ts';
import { actionWords } from './job-words.ts';
import { decideJobs, type JobAction, type JobContext, type JobDecisions } from './job-decisions.ts';
import { stepLock } from './step-lock.ts';
import type { WatchLock } from './watch-lock.ts';

/** Runs the Jobs and CronJobs of a project. */
export interface JobWatch {
  /** Carries out what is due, unless that is under way. */
  readonly follow: () => Promise<void>;
  /** When something is due, in milliseconds of the monotonic clock. */
  readonly nextAt: () => number;
}

/**
 * Carries out an action. Returns why that has failed. The lock of the project is held.
 * @param lock to be paused while init containers run
 */
export type RunJobAction = (
  action: JobAction,
  podman: PodmanClient,
  stop: AbortSignal,
  lock?: StepLock,
) => Promise<string | undefined>;

export interface JobWatchContext {
  readonly engine: Pick<Engine, 'platform'>;
  /** Keeps work that the watch waits for at its end. */
  readonly keep: (work: Promise<void>) => void;
  readonly runAction: RunJobAction;
  readonly project: string;
  readonly settings: WatchSettings;
  readonly lock: WatchLock;
  readonly stop: AbortSignal;
  readonly podman: () => PodmanClient;
  /** What podman has; undefined before the first look. */
  readonly look: () => ContainersAndPods | undefined;
  readonly lookAgain: () => Promise<boolean>;
  readonly lookSoon: () => void;
  readonly know: (id: string) => ContainerKnowledge | undefined;
  /** Reports an error of podman. */
  readonly report: (message: string) => void;
  /** Reports what is done. */
  readonly onAction: (message: string) => void;
}

const BUSY_MILLISECONDS = 500;
/** The time until the next try after a failure. */
const AGAIN_MILLISECONDS = 5000;

export function watchJobs(context: JobWatchContext): JobWatch {
  const { engine, runAction, project, settings, lock, stop, lookAgain, lookSoon, report, onAction } = context;
  const { clock, today } = engine.platform;
  const schedules = new Map<string, NextTime>();
  /** podman's names of pods with init containers that are being created. */
  const creating = new Set<string>();
  let isUnderWay = false;
  let decidedOn: ContainersAndPods | undefined;
  let nextTimeOf: ((schedule: string, timeZone?: string) => NextTime) | undefined;
  let nextAt = Infinity;

  return { follow, nextAt: () => (isUnderWay ? Infinity : nextAt) };

  async function follow(): Promise<void> {
    const look = context.look();
    if (isUnderWay || look === undefined || (look === decidedOn && clock.now() < nextAt)) return;
    if (nextTimeOf === undefined && jobRecords(project, look.containers).some(isCronJob)) {
      isUnderWay = true;
      nextTimeOf = (await import('../kube/jobs/schedule.ts')).nextTime;
      isUnderWay = false;
    }
    decidedOn = look;
    const { actions } = decide(look);
    if (actions.length === 0) return;
    isUnderWay = true;
    try {
      await carryOut();
    } finally {
      isUnderWay = false;
      decidedOn = undefined;
      lookSoon();
    }
  }

  async function carryOut(): Promise<void> {
    const release = await lock.take();
    if (release === undefined) {
      await clock.sleep(BUSY_MILLISECONDS, stop);
      return;
    }
    let hasFailed = false;
    try {
      // Another podpose may have changed the Jobs by the time this process has the lock.
      const look = (await lookAgain()) ? context.look() : undefined;
      for (const action of look === undefined ? [] : decide(look).actions) {
        if (stop.aborted) return;
        const words = actionWords(action);
        if (words !== undefined) onAction(words);
        if (action.kind === 'create-pods' && hasInitContainers(action)) {
          for (const pod of action.pods) context.keep(createAlone({ ...action, pods: [pod] }));
          continue;
        }
        const error = await runAction(action, context.podman(), stop);
        if (error === undefined) continue;
        report(error);
        hasFailed = true;
        break;
      }
    } finally {
      release();
    }
    if (hasFailed) await clock.sleep(AGAIN_MILLISECONDS, stop);
  }

  /** Creates a pod, beside everything else: its init containers may run for long. */
  async function createAlone(action: CreatePods): Promise<void> {
    const [pod = ''] = podNames(action);
    creating.add(pod);
    const held = await lock.take();
    if (held !== undefined) {
      const podman = context.podman();
      const observePod = async () => {
        const observed = await observePods(podman);
        const found = observed.ok ? observed.value.pods.find(({ name }) => name === pod) : undefined;
        if (!observed.ok || found === undefined) return undefined;
        const members = podMembers(pod, observed.value.containers);
        return { ...found, isRunning: members.some(({ state }) => state === 'running') };
      };
      const paused = stepLock({ platform: engine.platform, lock, observePod, stop }, held);
      const error = await runAction(action, podman, stop, paused);
      paused.release();
      if (error !== undefined) {
        report(error);
        await clock.sleep(AGAIN_MILLISECONDS, stop);
      }
    }
    creating.delete(pod);
    decidedOn = undefined;
    lookSoon();
  }

  function decide(look: ContainersAndPods): JobDecisions {
    const now = today();
    const decisions = decideJobs(look, {
      ...{ project, now, know: context.know, nextTime: scheduleOf },
      ...{ firstBackOffSeconds: settings.firstBackOffSeconds, creating },
    } satisfies JobContext);
    nextAt = decisions.nextAt === Infinity ? Infinity : clock.now() + (decisions.nextAt - now);
    return { ...decisions, actions: decisions.actions.flatMap(withoutCreating) };
  }

  function withoutCreating(action: JobAction): readonly JobAction[] {
    if (action.kind !== 'create-pods') return [action];
    const names = podNames(action);
    const pods = action.pods.filter((_, index) => !creating.has(names[index] ?? ''));
    return pods.length === 0 ? [] : [{ ...action, pods }];
  }

  function scheduleOf({ cronJob: { spec } }: ObservedCronJob): NextTime {
    const key = `${spec.timeZone ?? ''} ${spec.schedule}`;
    const known = schedules.get(key) ?? nextTimeOf?.(spec.schedule, spec.timeZone);
    if (known !== undefined) schedules.set(key, known);
    return known ?? (() => Infinity);
  }
}

type CreatePods = Extract<JobAction, { readonly kind: 'create-pods' }>;

function hasInitContainers({ record: { job } }: CreatePods): boolean {
  return job.template.initContainers.length > 0;
}

/** podman's names of the pods, in order. */
function podNames({ record: { job }, pods }: CreatePods): readonly string[] {
  return pods.map(({ suffix }) => `${jobPodPrefix(job)}${suffix}`);
}
