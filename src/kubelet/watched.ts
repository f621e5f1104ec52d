import type { ContainerRole, RestartPolicy } from '../kube/spec/desired.ts';
import type { ContainerLifecycle, Probe, ProbeKind } from '../kube/spec/probe.ts';
import type { Operation } from '../podman/operations/operation.ts';
import type { BackOff } from './container-lifecycle.ts';
import type { ProbeKill, ProbeStatus } from './container-probes.ts';
import type { ProbeResult } from './probe-worker.ts';
import type { ProbedState } from './watched-probes.ts';

/**
 * The watcher of a project: it restarts containers that have ended, and runs their probes. Only a value: what podman
 * showed, what probes have returned and what the clock says goes in; what to start, to probe and to kill comes out. All
 * times are milliseconds of one monotonic clock.
 */
export interface Watcher {
  /** By podman's ID. */
  readonly members: ReadonlyMap<string, Member>;
}

/** A container, as its last-applied record describes it. */
export interface WatchedContainer {
  /** podman's ID. */
  readonly id: string;
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly restartPolicy: RestartPolicy;
  readonly lifecycle: ContainerLifecycle;
  readonly terminationGracePeriodSeconds: number;
  /** What must be done before each start: its subPaths are opened again without following links. */
  readonly beforeStart: readonly Operation[];
  /** Created before the start if the image lacks it. */
  readonly workingDir?: string;
}

/** The last run of a container. */
export type Run =
  | { readonly kind: 'running'; readonly startedAt: number }
  | EndedRun
  /** Never started, paused, or about to be removed: nothing to do. */
  | { readonly kind: 'other' };

export interface EndedRun {
  readonly kind: 'ended';
  /** Absent for a container that failed to start. */
  readonly startedAt?: number;
  readonly finishedAt: number;
  /** 128 for a failed start. */
  readonly exitCode: number;
  /** Of Kubernetes: `Error`, `OOMKilled`, `Completed`, `StartError`. */
  readonly reason: string;
  readonly message?: string;
}

/** A container as a look found it. */
export interface Sighting {
  readonly container: WatchedContainer;
  readonly run: Run;
  /** Identifies the start of the run: another text means another start. */
  readonly startKey: string;
  /** Identifies start and end. */
  readonly key: string;
  /** Identifies the network of its pod: another text means another address. */
  readonly sandbox: string;
  /** Whether the infra container of its pod runs. If not, the pod was stopped, and its containers stay as they are. */
  readonly podIsUp: boolean;
  /** Its position in the manifest: init containers come first. */
  readonly position: number;
  /** All app containers of the manifest exist in its pod. */
  readonly isPodWhole: boolean;
  /** An init container of its pod has failed for good, and no app container runs. */
  readonly hasFailedInit?: true;
  /** When its pod is stopped for activeDeadlineSeconds; absent without. */
  readonly deadlineAt?: number;
  /** It was stopped by `podman stop` or `podpose stop`, and stays so until it is started. */
  readonly isStoppedOnPurpose: boolean;
  /** What is known of it from before this watcher. Only of the first sighting. */
  readonly past?: Past;
}

export interface Past {
  readonly restarts: number;
  readonly backOff?: BackOff;
  /** The end of the run before the last. */
  readonly lastEnd?: EndedRun;
  /** What the watcher before has found out about the current run. */
  readonly probed?: ProbeStatus;
  /** Whether the watcher before has started the current run. */
  readonly isRestart?: boolean;
  /** The watcher before has ended the last run for this: it was not stopped on purpose. */
  readonly killedBy?: ProbeKill;
  /** The last start, if it has failed: podman shows the run before it. */
  readonly failedStart?: EndedRun;
  /** Of what is known, the oldest part that only podman's events have. */
  readonly recordedAt?: number;
}

export interface Member
  extends Omit<Sighting, 'past'>, Omit<Past, 'probed' | 'failedStart' | 'recordedAt'>, ProbedState {
  /** Whether this watcher, or the one before, has started the current run. */
  readonly isRestart: boolean;
  /** Its restarts since then are only in podman's events. */
  readonly recordedAt: number;
  /** Until then its probes need no more than their own events; absent if they were not advanced yet. */
  readonly probesDueAt?: number;
  /** Its start was ordered and has not returned. */
  readonly isStarting: boolean;
  /** The start that was ordered has not begun: it waits for the lock of the project. A start that is seen is another one. */
  readonly isStartWaiting?: true;
  /** It runs, and its start returns when its postStart hook has ended. */
  readonly isInPostStart?: true;
  /** A sidecar of a pod whose app containers have ended for good: it is stopped, and not restarted. */
  readonly isPodOver: boolean;
  /** All containers of its pod are being restarted. */
  readonly isResetting?: true;
  /** The run whose end has restarted all containers of its pod: once. */
  readonly resetAfter?: string;
  /** The deadline of its pod has passed. */
  readonly isPastDeadline?: true;
}

export type WatchEvent =
  /** All containers of the project that podman has. */
  | { readonly kind: 'looked'; readonly sightings: readonly Sighting[] }
  /** A start has returned; with podman's error if it has failed. `wasKilled`: its postStart hook has failed. */
  | {
      readonly kind: 'start-returned';
      readonly id: string;
      readonly error?: string;
      readonly wasKilled?: true;
    }
  /** A container was started, and its postStart hook runs. The start returns when that has ended. */
  | { readonly kind: 'post-start-begun'; readonly id: string }
  /** All containers of a pod were restarted; or were not, as another podpose changes the project. */
  | { readonly kind: 'pod-restarted'; readonly pod: string }
  | { readonly kind: 'pod-restart-postponed'; readonly pod: string }
  /** A start that was ordered is carried out: no other podpose changes the project. */
  | { readonly kind: 'start-begun'; readonly id: string }
  /** A start was not carried out: another podpose changes the project. */
  | { readonly kind: 'start-postponed'; readonly id: string }
  /** A probe has returned. */
  | {
      readonly kind: 'probe-returned';
      readonly id: string;
      /** As in the order. */
      readonly run: number;
      readonly probe: ProbeKind;
      readonly result: ProbeResult;
    }
  /** Time has passed. */
  | { readonly kind: 'time' };

export interface WatchSettings {
  /** Length of the first back-off in seconds: 10 on a cluster. All other times of the back-off are in proportion. */
  readonly firstBackOffSeconds: number;
  /** How many containers start at the same time. */
  readonly startsAtOnce: number;
}

export const WATCH_DEFAULTS: WatchSettings = { firstBackOffSeconds: 10, startsAtOnce: 2 };

export interface WatchStep {
  readonly watcher: Watcher;
  /** The containers to start now. Each is answered by `start-returned` or `start-postponed`. */
  readonly starts: readonly WatchedContainer[];
  /** The probes to begin now. Each is answered by `probe-returned`. */
  readonly probes: readonly ProbeOrder[];
  /** The containers to kill now, since a probe has failed too often. */
  readonly kills: readonly KillOrder[];
  /**
   * The pods whose sidecars are to be stopped, since the other containers have ended. They are ordered in every step until
   * the sidecars have ended.
   */
  readonly sidecarStops: readonly string[];
  /** The pods to stop, since their deadlines have passed. They are ordered in every step until they have stopped. */
  readonly podStops: readonly string[];
  /** The pods whose containers are all to be restarted. Each is answered by `pod-restarted` or `pod-restart-postponed`. */
  readonly podRestarts: readonly string[];
  /** What is to be recorded now. */
  readonly records: readonly RecordOrder[];
  /** When the next event `time` is needed; Infinity for none. */
  readonly nextAt: number;
  readonly notices: readonly WatchNotice[];
}

/** What podman may not keep of a container: it records no failed start, and rotates its events. */
export interface RecordOrder {
  readonly container: WatchedContainer;
  readonly past: Pick<Past, 'restarts' | 'backOff' | 'lastEnd'>;
  /** It runs, or its last start has failed. */
  readonly run: Run;
}

export interface ProbeOrder {
  readonly container: WatchedContainer;
  /** Which run of the container is probed: the result counts in no other. */
  readonly run: number;
  readonly kind: ProbeKind;
  readonly probe: Probe;
}

export interface KillOrder {
  readonly container: WatchedContainer;
  readonly kill: ProbeKill;
}

/** For people and for events. */
export interface WatchNotice {
  /**
   * `probed`: a result of a probe counts; `killed`: a probe has failed too often; `unhealthy` and `probe-warning`: each such
   * result, for events only.
   */
  readonly kind:
    | 'ended'
    | 'restarted'
    | 'start-failed'
    | 'probed'
    | 'unhealthy'
    | 'probe-warning'
    | 'killed'
    | 'post-start-failed'
    | 'pre-stop-failed'
    | 'deadline-exceeded'
    | 'restarting-all';
  readonly pod: string;
  /** Empty for a notice about the pod. */
  readonly container: string;
  readonly role: ContainerRole;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  /** Seconds until the restart; absent if it is not restarted. */
  readonly waitSeconds?: number;
  /** Of `killed`: nothing restarts it. */
  readonly isForGood?: true;
  readonly restarts: number;
}

/** The exit code of a container that failed to start, as in containerd (internal/cri/server/container_start.go). */
export const START_FAILED = 128;
