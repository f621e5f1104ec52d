import type { RestartPolicy } from '../spec/desired.ts';

/** The facts about a pod that determine its status, independent of the runtime. */
export interface PodFacts {
  readonly restartPolicy: RestartPolicy;
  /** In the order in which they run, including containers that are not created yet. */
  readonly initContainers: readonly ContainerFacts[];
  readonly containers: readonly ContainerFacts[];
  /** No container will be restarted, regardless of the restart policy. */
  readonly isTerminal: boolean;
  /** It is being deleted. */
  readonly isTerminating: boolean;
}

export interface ContainerFacts {
  readonly name: string;
  /** The number of restarts. */
  readonly restarts: number;
  readonly stage: ContainerStage;
}

export type ContainerStage =
  | { readonly kind: 'absent' }
  /** Created but never started. */
  | { readonly kind: 'created' }
  /** The runtime failed to start it; the message is empty if the reason is unknown. */
  | { readonly kind: 'start-failed'; readonly message: string }
  | {
      readonly kind: 'running';
      readonly isPaused: boolean;
      /** The sandbox of its network has ended; the pod has a new sandbox or none. */
      readonly hasLostSandbox?: true;
    }
  /** The reason is set if the runtime reports one besides the exit code, such as `OOMKilled`. */
  | { readonly kind: 'ended'; readonly exitCode: number; readonly reason?: string }
  /** It has exited and waits for its restart. */
  | { readonly kind: 'backing-off'; readonly exitCode: number }
  | { readonly kind: 'unknown' };
