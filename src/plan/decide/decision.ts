import type { ContainerRole, DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import type { UpdatablePart } from '../../podman/operations/container-update.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import { type Change, type Reason } from '../change.ts';
import type { FilesChange, FilesDecision } from './file-volumes.ts';

/** What has been decided about one pod. The changes that are shown and the steps that are run both come from it. */
export interface PodDecision {
  readonly desired: DesiredPod;
  readonly pod: PodAction;
  /** A pod that stays has other containers, or in another order, than its labels say. */
  readonly hasNewList?: true;
  /** Init containers that are to run, in their order. */
  readonly init: readonly ContainerDecision[];
  readonly containers: readonly ContainerDecision[];
  /** Containers that the manifest does not have any more. */
  readonly removed: readonly ObservedContainer[];
  /** Containers left by runs that were cut short, or in the way, by podman's names. They are removed first. */
  readonly leftovers: readonly string[];
  /** Notes that are about nothing once all else is done, by podman's names. They are removed last. */
  readonly oldRecords: readonly string[];
  /**
   * Containers that run and that go, make room, or have to be down before the init containers run again, by podman's
   * names. They are stopped before all else, together.
   */
  readonly toStop: readonly string[];
  /** The pod is there, and something in it is paused. */
  readonly isPaused: boolean;
  /** How many containers are in the pod that is there. */
  readonly members: number;
  /** The infra container does not run, and so is started before the first container. */
  readonly startsInfra: boolean;
  readonly files: FilesDecision;
  /** podman's names of the secrets that it has of the pod. */
  readonly secrets: readonly string[];
  /** Those of them that no container of the manifest has. */
  readonly removedSecrets: readonly string[];
}

/** What becomes of the pod itself. `keep` may have changes inside. */
export type PodAction =
  { readonly kind: 'keep' } | { readonly kind: 'create' | 'replace' | 'restart'; readonly reason: Reason };

export interface ContainerDecision {
  readonly container: DesiredContainer;
  readonly action: ContainerAction;
  readonly reason: Reason;
}

/**
 * How a container gets to be as it should be:
 * - `run`: it is made; `isThere` when one of its name has to make room
 * - `take-over`: a new one takes the place of the old one, which comes back when the new one does not start;
 *   `waitsForSurplus` when the new one may not run beside a container that the manifest does not have any more
 * - `update`: podman changes it as it runs
 * - `start`, `resume`: it is started, or goes on
 * - `rename`: it has another name, and may have to be started or to go on as well
 * - `complete`: a new one runs already and only has to get the name of the old one, which is removed
 */
export type ContainerAction =
  | { readonly kind: 'run'; readonly isThere: boolean }
  | { readonly kind: 'replace'; readonly isRunning: boolean; readonly waitsForSurplus?: true }
  | { readonly kind: 'update'; readonly parts: readonly UpdatablePart[]; readonly containerId: string }
  | { readonly kind: 'start' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'rename'; readonly from: string; readonly then: 'start' | 'resume' | 'nothing' }
  | { readonly kind: 'complete'; readonly from: string };

/** Whether a container is made, from its image, and not just started. */
export function isMade({ action }: ContainerDecision): boolean {
  return action.kind === 'run' || action.kind === 'replace';
}

/** The changes of a decision: the pod first, then its volumes and its containers in the order of the manifest. */
export function changesOf(decision: PodDecision): readonly Change[] {
  const { desired, pod, init, containers, removed, leftovers, files, removedSecrets } = decision;
  const name = desired.name;
  const changes: readonly Change[] = [
    ...(pod.kind === 'keep'
      ? []
      : [{ subject: { kind: 'pod', pod: name }, action: pod.kind, reason: pod.reason } as const]),
    ...files.changes.map(({ volume, reason }): Change => ({
      subject: { kind: 'volume', pod: name, name: volume },
      action: fileAction(reason),
      reason,
    })),
    ...[...init, ...containers].map((each): Change => ({
      subject: { kind: 'container', pod: name, role: each.container.role, name: each.container.name },
      action: actionOf(each.action),
      reason: each.reason,
    })),
    ...removed.map((existing): Change => ({
      subject: { kind: 'container', pod: name, role: roleOf(existing), name: existing.owner?.name ?? '' },
      action: 'remove',
      reason: { kind: 'not-in-files' },
    })),
  ];
  // All containers may be as they should be, and yet there is something to clear away.
  if (changes.length > 0 || leftovers.length + removedSecrets.length === 0) return changes;
  return [{ subject: { kind: 'pod', pod: name }, action: 'mend', reason: { kind: 'interrupted' } }];
}

function fileAction({ kind }: FilesChange['reason']): Change['action'] {
  if (kind === 'absent') return 'create';
  return kind === 'interrupted' ? 'mend' : 'update';
}

function actionOf(action: ContainerAction): Change['action'] {
  switch (action.kind) {
    case 'run':
      return action.isThere ? 'replace' : 'create';
    case 'replace':
      return 'replace';
    case 'start':
    case 'resume':
      return 'restart';
    case 'update':
      return 'update';
    case 'rename':
    case 'complete':
      return 'mend';
  }
}

export function roleOf(container: ObservedContainer): ContainerRole {
  return container.owner?.role === 'init' ? 'init' : 'container';
}
