import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { HookFailure, HookRunner } from '../kubelet/hooks.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import type { Clock } from '../platform/clock.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { AwaitedReadiness } from '../podman/operations/definition.ts';
import type { ApplyEvent } from './events.ts';
import type { PodDeadlines } from './pod-deadlines.ts';

/** Dependencies and limits for applying a plan. */
export interface ExecuteContext {
  readonly podman: PodmanClient;
  readonly capabilities: PodmanCapabilities;
  /** Reveals secret values to commands that need them, and redacts them in podman's output. */
  readonly secrets: Pick<SecretKeeper, 'reveal' | 'redact'>;
  readonly clock: Clock;
  readonly runHook: HookRunner;
  /** A preStop hook has failed, and its container was stopped nevertheless; or a postStart hook, whose step has failed. */
  readonly onHookFailed: (failure: HookFailure) => void;
  readonly emit: (event: ApplyEvent) => void;
  /** Maximum number of parallel commands. A command that stops containers mostly waits, and counts as a quarter. */
  readonly concurrency: number;
  /** Aborted to stop gracefully: running steps finish or are terminated, no new step starts. Its reason is a `StopReason`. */
  readonly stop: AbortSignal;
  /** Aborted to kill all running commands. */
  readonly kill: AbortSignal;
  /** Deadline, in milliseconds on the clock, for retries of failed init containers and for the start of sidecars. */
  readonly retryUntil: number;
  /** The back-off between these retries. */
  readonly settings: WatchSettings;
  readonly sidecars: SidecarWatch;
  /** Absent: pods have no deadlines while the plan is applied. */
  readonly deadlines?: PodDeadlines;
  /** Of a step: aborted at the deadline of its pod. */
  readonly passed?: AbortSignal;
  /** Lets others change the project while a step waits for an init container. Absent: nobody else can. */
  readonly lock?: StepLock;
}

/** The lock of the project, for a plan with one pod whose init containers may run for long. */
export interface StepLock {
  /** Lets others have the lock from now on, or soon. */
  readonly pause: () => void;
  /**
   * Takes the lock again.
   * @returns false if the pod was stopped or removed meanwhile: the plan must not go on
   */
  readonly resume: () => Promise<boolean>;
}

/** Restarts and probes the sidecars and the pods of rollouts that the plan has started, while it goes on. */
export interface SidecarWatch {
  /** Whether podpose restarts containers that end; otherwise, podman may. */
  readonly restartsContainers: boolean;
  /** @param name podman's name of a sidecar that was started */
  readonly add: (name: string) => void;
  /**
   * Waits until a sidecar that has ended was restarted, and its postStart hook has succeeded. Or for a signal.
   * @param run podman's text of the start of the run that has ended
   * @param onWait receives what it waits for, such as `Error with exit code 143; restarted once`
   * @returns whether it was restarted
   */
  readonly untilRestarted: (
    name: string,
    run: string,
    onWait: (words: string) => void,
    stop: AbortSignal,
  ) => Promise<boolean>;
  /**
   * Waits until the startup probe of a sidecar has succeeded, or for a signal.
   * @param onWait receives what it waits for, such as `startup GET :8080/ -> 503, 1 of 3 failed`
   * @returns whether it has started
   */
  readonly untilStarted: (
    name: string,
    onWait: (words: string) => void,
    stop: AbortSignal,
  ) => Promise<boolean>;
  /**
   * Waits until a container is available: ready, and for long enough. Or until its deadline, or for the signal.
   * @param onWait receives what it waits for
   * @returns whether it is available
   */
  readonly untilReady: (
    awaited: AwaitedReadiness,
    onWait: (words: string) => void,
    stop: AbortSignal,
  ) => Promise<boolean>;
}
