import type { SidecarWatch } from '../apply/context.ts';
import type { ApplyEvent } from '../apply/events.ts';
import { abortController, anyOf } from '../base/abort.ts';
import { defined } from '../base/defined.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import { subjectId } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { containerName } from '../podman/names.ts';
import { sightOfPodman, sightOfWatcher, untilAvailable } from './await-ready.ts';
import { askWatcher } from './project-watcher.ts';
import { addCommandEvent } from './saved-reports.ts';
import type { Engine } from './engine.ts';
import type { Watch, WatchOptions } from './watch-options.ts';
import { watchProject } from './watch.ts';
import type { WatchedStatus, WatchReport } from './watch-report.ts';

/** How often a sidecar that is waited for is looked up. */
const POLL_MILLISECONDS = 50;

/** How long a plan is applied until the pods that it has done with are watched, in milliseconds: an init container may take minutes. */
const PATIENCE_MILLISECONDS = 2000;

/** Two watches start containers meanwhile: together not more at once than a watcher. */
const STARTS_AT_ONCE = 1;

/** The watch while a plan is applied. */
export interface ApplyWatch extends SidecarWatch {
  /** Receives the events of the plan. */
  readonly onEvent: (event: ApplyEvent) => void;
  /** Resolves when no start is under way. */
  readonly end: () => Promise<void>;
}

/**
 * Watches the project while a plan is applied: its sidecars and the pods of rollouts, and, as soon as the plan takes some
 * time, all pods that it does not change or has done with. A pod does not wait for another one. The lock of the project is
 * held meanwhile, so that no other watcher restarts them.
 * @param settings undefined if podman restarts the containers: the plan then waits for no probe
 * @param isStoppedElsewhere the pods whose deadlines are kept for the plan
 */
export function watchWhileApplying(
  engine: Engine,
  plan: Plan,
  settings: WatchSettings | undefined,
  isStoppedElsewhere: WatchOptions['isStoppedElsewhere'],
): ApplyWatch {
  const { project } = plan;
  const { clock } = engine.platform;
  const names = new Set<string>();
  const pods = podsInWork(plan);
  const over = abortController();
  /** Of the containers that steps of the plan depend on, and of the pods that it does not change or has done with. */
  let [ofSteps, ofPods]: (Watch | undefined)[] = [];
  const begin = (only: WatchOptions['only'], before?: WatchReport) =>
    settings === undefined
      ? undefined
      : watchProject(engine, {
          ...{ project, stop: over.signal, onTrouble: () => undefined },
          settings: { ...settings, startsAtOnce: STARTS_AT_ONCE },
          onNotice: (notice) => {
            addCommandEvent(engine.platform, project, notice);
          },
          ...defined({ only, before, isStoppedElsewhere }),
        });
  const add = (name: string) => {
    names.add(name);
    const isOfSteps = ({ name: one, owner }: ObservedContainer) =>
      names.has(one) && (ofPods === undefined || pods.areInWork(owner?.pod));
    ofSteps ??= begin(isOfSteps);
    ofSteps?.look();
  };
  const watchPods = async () => {
    await clock.sleep(PATIENCE_MILLISECONDS, over.signal);
    if (over.signal.aborted) return;
    // The probes of containers that a watcher in the background has seen go on.
    const before = await askWatcher(engine.platform, project);
    ofPods = begin(({ owner }) => !pods.areInWork(owner?.pod), before);
  };
  const watchingPods = settings === undefined || plan.steps.length === 0 ? undefined : watchPods();
  const statusOf = (name: string) => ofSteps?.statuses()?.find((one) => nameOf(one) === name);
  /** Waits for a status of a sidecar, or for the signal. Returns whether it has come. */
  const untilStatus = async (
    name: string,
    isMet: (status: WatchedStatus) => boolean,
    onWait: (words: string) => void,
    stop: AbortSignal,
  ) => {
    add(name);
    const signal = anyOf(stop, over.signal);
    let last = '';
    while (!signal.aborted) {
      const status = statusOf(name);
      if (status !== undefined && isMet(status)) return true;
      const words = status === undefined ? '' : wordsOf(status);
      if (words !== last) onWait(words);
      last = words;
      await clock.sleep(POLL_MILLISECONDS, signal);
    }
    return false;
  };
  return {
    restartsContainers: settings !== undefined,
    add,
    onEvent: (event) => {
      if (event.kind === 'step-succeeded' && pods.isDoneAfter(event.step)) ofPods?.look();
    },
    untilStarted: (name, onWait, stop) =>
      untilStatus(name, ({ probed }) => probed?.started === true, onWait, stop),
    // The watch reports a run as its own when the start with its postStart hook has returned.
    untilRestarted: (name, run, onWait, stop) =>
      untilStatus(
        name,
        ({ restartedRun, end }) => restartedRun !== undefined && restartedRun !== run && end === undefined,
        onWait,
        stop,
      ),
    untilReady: (awaited, onWait, stop) => {
      const { name } = awaited;
      add(name);
      const sight =
        settings === undefined ? sightOfPodman(engine, project, name) : sightOfWatcher(() => statusOf(name));
      return untilAvailable(sight, awaited, clock, onWait, anyOf(stop, over.signal));
    },
    end: async () => {
      over.abort();
      await watchingPods;
      await Promise.all([ofSteps?.ended, ofPods?.ended]);
    },
  };
}

/** The pods that a plan has still to change. One of which a step has failed or was skipped is one of them to the end. */
function podsInWork({ changes, steps }: Plan) {
  const podOf = new Map(
    changes.flatMap(({ subject }) => ('pod' in subject ? [[subjectId(subject), subject.pod] as const] : [])),
  );
  const left = new Map<string, number>();
  const count = ({ cause = '' }: Step, number: number) => {
    const pod = podOf.get(cause);
    if (pod === undefined) return undefined;
    const now = (left.get(pod) ?? 0) + number;
    left.set(pod, now);
    return now;
  };
  for (const step of steps) count(step, 1);
  return {
    areInWork: (pod: string | undefined) => (left.get(pod ?? '') ?? 0) > 0,
    /** Counts a step that has succeeded. */
    isDoneAfter: (succeeded: Step) => count(succeeded, -1) === 0,
  };
}

function nameOf({ pod, container }: WatchedStatus): string {
  return containerName({ name: pod }, { name: container });
}

/** As in `startup GET :8080/ -> 503, 1 of 3 failed; restarted 2 times`. */
function wordsOf({ probed, restarts, end }: WatchedStatus): string {
  const [startup = ''] = probed?.words ?? [];
  const ended = end === undefined ? '' : `; ${end.reason} with exit code ${end.exitCode}`;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return `${startup}${ended}${restarts === 0 ? '' : `; restarted ${times}`}`;
}
