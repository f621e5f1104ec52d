import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { Clock } from '../platform/clock.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { ApplyEvent } from './events.ts';

/** What it takes to apply a plan. */
export interface ExecuteContext {
  readonly podman: PodmanClient;
  readonly capabilities: PodmanCapabilities;
  /** Where a command that hands a secret over gets the value from, and what hides it in podman's words. */
  readonly secrets: Pick<SecretKeeper, 'reveal' | 'redact'>;
  readonly clock: Clock;
  readonly emit: (event: ApplyEvent) => void;
  /** How many commands may run at the same time. Of those that do nothing but wait most of the time, four count as one. */
  readonly concurrency: number;
  /** Given once: begin nothing new, and bring to an end what is under way. Its reason is a `StopReason`. */
  readonly stop: AbortSignal;
  /** Given once: kill what is under way. */
  readonly kill: AbortSignal;
  /** When, on the clock, a failed init container is not tried again any more. */
  readonly retryUntil: number;
}
