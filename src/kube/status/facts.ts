import type { RestartPolicy, RestartRule } from '../spec/restart-policy.ts';

/** The facts about a pod that determine its status, independent of the runtime. Times are in seconds since 1970. */
export interface PodFacts {
  readonly restartPolicy: RestartPolicy;
  /** In the order in which they run, including containers that are not created yet. */
  readonly initContainers: readonly ContainerFacts[];
  readonly containers: readonly ContainerFacts[];
  /** No container will be restarted, regardless of the restart policy. */
  readonly isTerminal: boolean;
  /** It has exceeded its activeDeadlineSeconds, and was stopped. */
  readonly isPastDeadline?: boolean;
  /** It is being deleted. */
  readonly isTerminating: boolean;
  readonly createdAt?: number;
  /** The start of its sandbox; absent if it has none that runs, 0 if the time is unknown. */
  readonly sandboxStartedAt?: number;
}

export interface ContainerFacts {
  readonly name: string;
  /** The number of restarts. */
  readonly restarts: number;
  readonly stage: ContainerStage;
  /** An init container with restartPolicy Always. */
  readonly isSidecar?: true;
  /** Absent for that of the pod. */
  readonly restartPolicy?: RestartPolicy;
  readonly restartPolicyRules?: readonly RestartRule[];
  /** The sandbox in which it ran or runs has ended; the pod has a new sandbox or none. */
  readonly hasLostSandbox?: true;
  /** The result of the startup probe; absent without such a probe. */
  readonly started?: ProbeAnswer;
  /** The result of the readiness probe; absent without such a probe. */
  readonly ready?: ProbeAnswer;
  /** When `ready` became true. */
  readonly readySince?: number;
  /** The start of the current run, or of the last one if it has ended. */
  readonly startedAt?: number;
  /** The end of the last run, if the stage is `ended` or `backing-off`. */
  readonly finishedAt?: number;
  /** The end before the current run. */
  readonly lastEnd?: LastEnd;
}

/** `unknown`: nothing runs the probe, or its result cannot be asked for. */
export type ProbeAnswer = boolean | 'unknown';

export interface LastEnd {
  /** Absent if it is unknown. */
  readonly exitCode?: number;
  readonly reason?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** What podpose's watcher knows of a container. */
export interface WatchedFacts {
  readonly restarts: number;
  /** The end of the run before the current or last one. */
  readonly lastEnd?: LastEnd;
  /** The last end of a container that does not run; with the reason `StartError` if its last start failed. */
  readonly end?: LastEnd & { readonly message?: string };
  /** The time of its next start. */
  readonly restartAt?: number;
  /** The length of its back-off; 0 for a restart at once. */
  readonly waitSeconds?: number;
  /** The watcher has started the current run: the run before has ended by itself, or a probe has failed. */
  readonly isRestart?: boolean;
  /** Its postStart hook runs. For a kubelet, it waits until then. */
  readonly isInPostStart?: boolean;
  /** Of a container with probes. */
  readonly started?: boolean;
  readonly ready?: boolean;
  /** The last result of each probe, as in `readiness GET :8080/ -> 503, 2 of 3 failed`. */
  readonly probes?: readonly string[];
}

/** The length of a back-off in seconds, and its end. */
export interface BackOffTime {
  readonly seconds: number;
  readonly until: number;
}

export type ContainerStage =
  | { readonly kind: 'absent' }
  /** Created but never started. */
  | { readonly kind: 'created' }
  /** An object that it refers to is missing. */
  | { readonly kind: 'config-error'; readonly message: string }
  /** The runtime failed to start it; the message is empty if the cause is unknown. With a back-off, it waits for the next try. */
  | {
      readonly kind: 'start-failed';
      readonly message: string;
      /** When it failed, in seconds since 1970; absent if only podman knows of it. */
      readonly finishedAt?: number;
      readonly backOff?: BackOffTime;
    }
  | { readonly kind: 'running'; readonly isPaused: boolean }
  /** The reason is set if the runtime reports one besides the exit code, such as `OOMKilled`. */
  | { readonly kind: 'ended'; readonly exitCode: number; readonly reason?: string }
  /** It has exited and waits for its restart. */
  | {
      readonly kind: 'backing-off';
      readonly exitCode: number;
      readonly reason?: string;
      readonly backOff?: BackOffTime;
    }
  | { readonly kind: 'unknown' };
