import type { ContainerRole } from '../../kube/spec/desired.ts';
import type { MessageSource } from '../inspect/termination-message.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import type { Command } from './argument.ts';

/**
 * All that podpose knows of one kind of operation. The members are methods, which TypeScript compares loosely: so the
 * definitions of all kinds fit one registry.
 */
export interface OperationDefinition<O> {
  /**
   * The kind as the JSON formats name it, where it was renamed inside podpose since: programs rely on the published name.
   */
  readonly publishedKind?: string;
  /** @param podman the podman that the user has chosen, for the few commands that name it once more inside */
  command(operation: O, capabilities: PodmanCapabilities, podman: string): Command;
  /** In words that can follow "cannot": `pull the image nginx:1.27`. */
  describe(operation: O): string;
  /** @param cause the change that the step is part of, by its subject */
  words(operation: O, cause?: string): OperationWords;
  target(operation: O): OperationTarget;
  policy?(operation: O): OperationPolicy;
  /** The operation to retry with after a failure; the same one where this is absent. */
  again?(operation: O): O;
}

/** The definitions of a family: one for each of its kinds. */
export type Definitions<O extends { readonly kind: string }> = {
  readonly [K in O['kind']]: OperationDefinition<Extract<O, { readonly kind: K }>>;
};

/** Progress in words. */
export interface OperationWords {
  /** As plans name it: `pod/web init/setup`. */
  readonly subject: string;
  /** While it runs: `creating`. */
  readonly doing: string;
  /** After success: `created`. */
  readonly done: string;
  /** Quick and of no interest: shown only with --verbose. */
  readonly isPlumbing?: true;
  /** How its subject is listed after an incomplete run. */
  readonly result?: 'made' | 'stopped' | 'removed';
  /** The title of its group where it belongs to no pod. */
  readonly group?: string;
}

/** What an operation acts on, by the names in the manifests. */
export interface OperationTarget {
  readonly pod?: string;
  readonly container?: string;
  readonly role?: ContainerRole;
  readonly image?: string;
}

/** How the executor runs an operation. Most need none of this: a short command that is waited for. */
export interface OperationPolicy {
  /** Its lines are shown as they come: all `output` of a container, or the last line of `progress`. */
  readonly streams?: 'output' | 'progress';
  /** The container whose end the command waits for, and whose output and exit code it passes on. */
  readonly attached?: AttachedContainer;
  /** A line that podman prints besides: it is not shown. */
  readonly hiddenLine?: string;
  /**
   * On a request to stop: the command is terminated and nothing is lost; its exit code then says nothing. Without it,
   * the command is waited for, or its attached container is stopped.
   */
  readonly stopped?: 'terminate';
  /** The containers that the command stops. Where it is to be killed, they are killed in its place. */
  readonly stops?: Stopped;
  /** What podman's error ends with where there was nothing left to do: no failure. */
  readonly endedAlready?: string;
  /** Milliseconds to wait before the command. */
  readonly waitsBefore?: number;
  /** The container that it starts, or the pod: `web/app`, `web`. */
  readonly starts?: string;
  /** The container that runs if it succeeds: `web/app`. */
  readonly verifies?: string;
}

export interface AttachedContainer {
  /** podman's name. */
  readonly name: string;
  readonly graceSeconds: number;
  readonly message: MessageSource;
}

/** The containers of a pod, or those of some names. */
export type Stopped = { readonly pod: string } | { readonly containers: readonly string[] };
