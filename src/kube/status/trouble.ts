import { restartsAfter, type RestartPolicy, type RestartRule } from '../spec/restart-policy.ts';
import type { ContainerFacts, ContainerStage } from './facts.ts';
import { isCrashLooping } from './stability.ts';

/** Why a container is not in the state in which `up` should leave it. */
export type Trouble =
  /** It has ended, and stays so. */
  | { readonly kind: 'failed'; readonly exitCode: number }
  /** It has ended, and is or was started again. The exit code is that of its last end; absent if it is unknown. */
  | {
      readonly kind: 'restarting';
      readonly policy: RestartPolicy;
      readonly restarts: number;
      readonly exitCode?: number;
    }
  /** It was never started, or it is gone. */
  | { readonly kind: 'not-started'; readonly stage: ContainerStage['kind'] };

export interface TroubleContext {
  /** The restart policy of the container. */
  readonly policy: RestartPolicy;
  readonly rules?: readonly RestartRule[];
  /** Seconds since 1970. */
  readonly now: number;
  /** This run of podpose has started it: each restart since is a crash. */
  readonly isFresh: boolean;
}

/** Undefined if the container runs, or has completed and may. */
export function troubleOf(
  facts: ContainerFacts & { readonly createdAt: number },
  { policy, rules = [], now, isFresh }: TroubleContext,
): Trouble | undefined {
  const { stage, restarts, createdAt, startedAt = 0, lastEnd } = facts;
  const restarting = (exitCode: number | undefined): Trouble => ({
    kind: 'restarting',
    policy,
    restarts,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
  switch (stage.kind) {
    case 'running': {
      const hasCrashed = isFresh ? restarts > 0 : isCrashLooping({ restarts, createdAt, startedAt }, now);
      return hasCrashed ? restarting(lastEnd?.exitCode) : undefined;
    }
    case 'backing-off':
      return restarting(stage.exitCode);
    case 'ended':
      if (restartsAfter({ restartPolicy: policy, restartPolicyRules: rules }, stage.exitCode))
        return restarting(stage.exitCode);
      return stage.exitCode === 0 ? undefined : { kind: 'failed', exitCode: stage.exitCode };
    case 'created':
      // podman creates its process again before it restarts it.
      return startedAt > 0 ? restarting(lastEnd?.exitCode) : { kind: 'not-started', stage: stage.kind };
    case 'absent':
    case 'config-error':
    case 'start-failed':
    case 'unknown':
      return { kind: 'not-started', stage: stage.kind };
  }
}
