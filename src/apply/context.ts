import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { Clock } from '../platform/clock.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { ApplyEvent } from './events.ts';

/** Dependencies and limits for applying a plan. */
export interface ExecuteContext {
  readonly podman: PodmanClient;
  readonly capabilities: PodmanCapabilities;
  /** Reveals secret values to commands that need them, and redacts them in podman's output. */
  readonly secrets: Pick<SecretKeeper, 'reveal' | 'redact'>;
  readonly clock: Clock;
  readonly emit: (event: ApplyEvent) => void;
  /** Maximum number of parallel commands. A command that stops containers mostly waits, and counts as a quarter. */
  readonly concurrency: number;
  /** Aborted to stop gracefully: running steps finish or are terminated, no new step starts. Its reason is a `StopReason`. */
  readonly stop: AbortSignal;
  /** Aborted to kill all running commands. */
  readonly kill: AbortSignal;
  /** Deadline, in milliseconds on the clock, for retries of failed init containers. */
  readonly retryUntil: number;
}
