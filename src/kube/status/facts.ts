import type { RestartPolicy } from '../spec/desired.ts';

/**
 * What is known of a pod's containers, from which its status is computed. It holds no word of the runtime.
 */
export interface PodFacts {
  readonly restartPolicy: RestartPolicy;
  /** In the order in which they run, also those that have not been created yet. */
  readonly initContainers: readonly ContainerFacts[];
  readonly containers: readonly ContainerFacts[];
  /** Nothing in the pod is going to be started again, whatever its restart policy says. */
  readonly isTerminal: boolean;
  /** It is being deleted. */
  readonly isTerminating: boolean;
}

export interface ContainerFacts {
  readonly name: string;
  /** How often it has been started again. */
  readonly restarts: number;
  readonly stage: ContainerStage;
}

export type ContainerStage =
  | { readonly kind: 'absent' }
  /** It exists and has never run. */
  | { readonly kind: 'created' }
  /** The runtime was told to start it and could not; the message is empty where it does not say why. */
  | { readonly kind: 'start-failed'; readonly message: string }
  | {
      readonly kind: 'running';
      readonly isPaused: boolean;
      /** The sandbox whose network it is in has ended; the pod has another one by now, or none. */
      readonly hasLostSandbox?: true;
    }
  /** The reason is the runtime's, where it has one besides the exit code: `OOMKilled`. */
  | { readonly kind: 'ended'; readonly exitCode: number; readonly reason?: string }
  /** It has ended and waits for its next start. */
  | { readonly kind: 'backing-off'; readonly exitCode: number }
  | { readonly kind: 'unknown' };
