import type { WatchNotice, WatchSettings } from '../kubelet/watched.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import type { EngineResult } from './failure.ts';
import type { RunJobAction } from './watch-jobs.ts';
import type { RestartPod } from './watch-pod-orders.ts';
import type { WatchedStatus, WatchReport } from './watch-report.ts';

export interface WatchOptions {
  readonly project: string;
  readonly settings: WatchSettings;
  readonly onNotice: (notice: WatchNotice) => void;
  /** Reports that podman fails, once until it works again. */
  readonly onTrouble: (message: string) => void;
  /** Ends the watch. Containers are not affected. */
  readonly stop: AbortSignal;
  /** What the watcher before has reported at its end. */
  readonly before?: WatchReport;
  readonly restartPod?: RestartPod;
  /** Carries out what is due for Jobs and CronJobs; without it, they are left alone. */
  readonly runJob?: RunJobAction;
  /** Reports what is done for a Job or CronJob. */
  readonly onJob?: (message: string) => void;
  /** Watches only containers of which this is true, until the signal. For a podpose that holds the lock of the project. */
  readonly only?: (container: ObservedContainer) => boolean;
  /** Pods that somebody else stops at their deadlines. */
  readonly isStoppedElsewhere?: (pod: string) => boolean;
}

/** A watch that has begun. */
export interface Watch {
  /** Resolves when nothing is left to watch, or at the signal, and no start is under way. */
  readonly ended: Promise<EngineResult<'nothing-left' | 'stopped'>>;
  /** Undefined before the first look. */
  readonly statuses: () => readonly WatchedStatus[] | undefined;
  /** Whether the endpoints of a Service are not yet the pods that are ready. */
  readonly areEndpointsPending: () => boolean;
  /** Looks at once, and does not end before. */
  readonly look: () => void;
  /** Whether the watch has found nothing to watch, and ends: it does not look any more. */
  readonly isEnding: () => boolean;
}
