import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import type { MessageSource } from '../inspect/termination-message.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import type { WatcherRecord } from '../watcher-record.ts';
import type { Command } from './argument.ts';
import type { HookWork } from './hook-work.ts';

/**
 * The definition of one kind of operation. Its members are methods, which TypeScript compares bivariantly: so one
 * registry can hold the definitions of all kinds.
 */
export interface OperationDefinition<O> {
  /** The kind in the JSON formats, if it was renamed inside podpose later: programs rely on the published name. */
  readonly publishedKind?: string;
  /** @param podman the podman that the user has chosen, for the few scripts that run it again */
  command(operation: O, capabilities: PodmanCapabilities, podman: string): Command;
  /** A verb phrase that can follow "cannot": `pull image nginx:1.27`. */
  describe(operation: O): string;
  /** @param cause the subject of the change that needs the step */
  words(operation: O, cause?: string): OperationWords;
  target(operation: O): OperationTarget;
  policy?(operation: O): OperationPolicy;
  /**
   * The operation for a retry after a failure; the same operation if absent.
   * @param restarts what is known of the runs of the container that it replaces; absent if it has not run
   */
  again?(operation: O, restarts?: WatcherRecord): O;
}

/** The definitions of an operation family, by kind. */
export type Definitions<O extends { readonly kind: string }> = {
  readonly [K in O['kind']]: OperationDefinition<Extract<O, { readonly kind: K }>>;
};

/** The progress texts of an operation. */
export interface OperationWords {
  /** The object in the notation of plans: `pod/web init/setup`. */
  readonly subject: string;
  /** Shown while it runs: `creating`. */
  readonly doing: string;
  /** Shown after success: `created`. */
  readonly done: string;
  /** An internal step, shown only with --verbose. */
  readonly isInternal?: true;
  /** The list that contains the subject after an incomplete run. */
  readonly result?: 'made' | 'stopped' | 'removed';
  /** The heading, for a subject outside of a pod. */
  readonly group?: string;
}

/** The object of an operation, by the names in the manifests. */
export interface OperationTarget {
  readonly pod?: string;
  readonly container?: string;
  readonly role?: ContainerRole;
  readonly image?: string;
}

/** How the executor runs an operation. By default, it runs a short command and waits for it. */
export interface OperationPolicy {
  /** Which lines are shown as they are printed: all `output` of a container, or the last line of `progress`. */
  readonly streams?: 'output' | 'progress';
  /** The container that the command waits for, and whose output and exit code it passes on. */
  readonly attached?: AttachedContainer;
  /** An extra line of podman that is not shown. */
  readonly hiddenLine?: string;
  /**
   * On a stop request, the command is terminated without loss, and its exit code has no meaning. By default, the
   * executor waits for the command, or stops its attached container.
   */
  readonly stopped?: 'terminate';
  /** podpose carries it out itself, with the same effect as the command. */
  readonly hooks?: HookWork;
  /** It mostly waits, and uses no CPU, like a command that stops containers. */
  readonly waits?: true;
  /** The containers that the command stops. When the command must be killed, they are killed instead. */
  readonly stops?: Stopped;
  /** The end of podman's error if nothing was left to do, which is no failure. */
  readonly endedAlready?: string;
  /** podman's name of the sidecar that it starts, unless podman restarts it. */
  readonly startsSidecar?: string;
  /**
   * podman's name of the container whose start it waits for. podpose runs the probe of the container itself, instead of the
   * command.
   */
  readonly awaits?: string;
  /** The container that it waits for until it is available. podpose runs the probe itself, instead of the command. */
  readonly awaitsReady?: AwaitedReadiness;
  /** What helps after one kind of failure, beside the help of that kind. */
  readonly failureHelp?: Pick<Diagnostic, 'code'> & { readonly help: string };
  /** Milliseconds to wait before the command. */
  readonly waitsBefore?: number;
  /** The container or pod that it starts: `web/app`, `web`. */
  readonly starts?: string;
  /** The pod that uses its host ports from then on. */
  readonly reservesPortsOf?: string;
  /** The pod whose host ports are free afterwards. */
  readonly releasesPortsOf?: string;
}

export interface AwaitedReadiness {
  /** podman's name of the container. */
  readonly name: string;
  readonly isProbed: boolean;
  readonly owner: string;
  readonly minReadySeconds: number;
  readonly deadlineSeconds: number;
}

export interface AttachedContainer {
  /** podman's name. */
  readonly name: string;
  readonly graceSeconds: number;
  readonly message: MessageSource;
}

/** All containers of a pod, or containers by name. */
export type Stopped = { readonly pod: string } | { readonly containers: readonly string[] };
