import type { ContainerRole } from '../../kube/spec/desired.ts';
import type { RestartPolicy, RestartRule } from '../../kube/spec/restart-policy.ts';
import type { LifecycleHook } from '../../kube/spec/probe.ts';

/**
 * What a kubelet does itself. podpose carries it out without a shell, with the same effect as the command: see
 * `kubelet/hooks.ts` and `kubelet/termination.ts`.
 */
export type HookWork = { readonly postStart: RunPostStart } | { readonly termination: TerminateContainers };

/** Runs the postStart hook of a container that has just started. After a failure, the container is killed. */
export interface RunPostStart {
  readonly kind: 'run-post-start';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  /** podman's name. */
  readonly name: string;
  readonly hook: LifecycleHook;
  /** Runs before the container is killed. */
  readonly preStop?: LifecycleHook;
  readonly graceSeconds: number;
  /** Applies when the container is killed. */
  readonly restartPolicy: RestartPolicy;
  readonly restartPolicyRules?: readonly RestartRule[];
  readonly hostNetwork: boolean;
}

/** A container to stop. */
export interface Termination {
  /** podman's name. */
  readonly name: string;
  readonly preStop?: LifecycleHook;
}

/**
 * Stops containers as a kubelet does: all preStop hooks run at once, each container gets its stop signal after its own
 * hook, and the sidecars get theirs one after another when the other containers have ended. All that happens within one
 * grace period, and at least two seconds are left after the signal.
 */
export interface TerminateContainers {
  readonly kind: 'terminate-containers';
  readonly pod: string;
  readonly containers: readonly Termination[];
  /** In the order in which they stop. */
  readonly sidecars: readonly Termination[];
  /** At least 1. */
  readonly graceSeconds: number;
  /** As in `ContainersStop`. */
  readonly besideOthers: boolean;
  readonly hostNetwork: boolean;
}

/** podman's names of all containers that are stopped. */
export function namesOf({
  containers,
  sidecars,
}: Pick<TerminateContainers, 'containers' | 'sidecars'>): readonly string[] {
  return [...containers, ...sidecars].map(({ name }) => name);
}
