import { defined } from '../../base/defined.ts';
import type { ContainerRole, DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import type { UpdatablePart } from '../../podman/operations/container-update.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { stopSeconds, type Change, type Reason } from '../change.ts';
import { canStop } from './found-containers.ts';
import type { FilesChange, FilesDecision } from './file-volumes.ts';

/** The decision about one pod: source of its changes and its steps. */
export interface PodDecision {
  readonly desired: DesiredPod;
  readonly pod: PodAction;
  /** The existing pod. */
  readonly current?: ObservedPod;
  /** A kept pod has other containers, or another order, than podman has on record: a record container has to store them. */
  readonly listRecord?: ListRecordDecision;
  /** Init containers to run and sidecars to change, in order. */
  readonly init: readonly ContainerDecision[];
  /** Names of sidecars without a change that the next containers wait for until they have started. */
  readonly awaited: readonly string[];
  readonly containers: readonly ContainerDecision[];
  /** Containers that are not in the manifest. */
  readonly removed: readonly ObservedContainer[];
  /** Leftover containers of interrupted runs, and conflicting ones, by podman's names. Removed first. */
  readonly leftovers: readonly string[];
  /** Obsolete record containers, by podman's names. Removed last. */
  readonly oldRecords: readonly string[];
  /**
   * Running containers to be removed, recreated, or stopped before init containers re-run, by podman's names. Stopped
   * first, together.
   */
  readonly toStop: readonly string[];
  /** The pod exists, and has a paused container. */
  readonly isPaused: boolean;
  /** The containers of the existing pod. */
  readonly members: readonly ObservedContainer[];
  /** The infra container is not running, and starts before the first container. */
  readonly startsInfra: boolean;
  readonly files: FilesDecision;
  /** podman secrets of the pod, by name. */
  readonly secrets: readonly string[];
  /** Secrets that no container of the manifest uses. */
  readonly removedSecrets: readonly string[];
}

export interface ListRecordDecision {
  /** App containers of the stored list that neither exist nor are in the manifest, by their names in the pod. */
  readonly gone: readonly string[];
}

/** Action on the pod itself. A pod with `keep` may have changes inside. */
export type PodAction =
  { readonly kind: 'keep' } | { readonly kind: 'create' | 'replace' | 'restart'; readonly reason: Reason };

export interface ContainerDecision {
  readonly container: DesiredContainer;
  readonly action: ContainerAction;
  readonly reason: Reason;
}

/**
 * Action on a container:
 * - `run`: create and start it; `removesExisting`: after removing the existing one
 * - `replace`: create before destroy, with rollback if the new one does not start; `waitsForRemoved`: start it only after
 *   containers that are not in the manifest have stopped
 * - `update`: update it in place
 * - `start`, `unpause`: start it, unpause it
 * - `rename`: restore its name, then start or unpause it if needed
 * - `finish-replace`: finish a replace: remove the old container and rename the new one
 */
export type ContainerAction =
  | { readonly kind: 'run'; readonly removesExisting: boolean }
  | { readonly kind: 'replace'; readonly isRunning: boolean; readonly waitsForRemoved?: true }
  | {
      readonly kind: 'update';
      readonly parts: readonly UpdatablePart[];
      readonly containerId: string;
      /** As in `FoundContainer`. */
      readonly watcherRecord?: string;
      /** Whether podpose's watcher restarts the container. */
      readonly isWatched: boolean;
    }
  | { readonly kind: 'start' }
  | { readonly kind: 'unpause' }
  | { readonly kind: 'rename'; readonly from: string; readonly then: 'start' | 'unpause' | 'nothing' }
  | { readonly kind: 'finish-replace'; readonly from: string };

/** Whether a container is created, and not just started or updated. */
export function isCreated({ action }: ContainerDecision): boolean {
  return action.kind === 'run' || action.kind === 'replace';
}

/** Changes of a decision: the pod, its volumes, its containers in the order of the manifest. */
export function changesOf(decision: PodDecision): readonly Change[] {
  const { desired, pod, init, containers, removed, leftovers, files, removedSecrets, members } = decision;
  const { gone = [] } = decision.listRecord ?? {};
  const { name, terminationGracePeriodSeconds: grace } = desired;
  const isReplaced = pod.kind === 'replace' && members.some(canStop);
  const owned = defined({ owner: desired.owner });
  const found: readonly Change[] = [
    ...(pod.kind === 'keep'
      ? []
      : [
          {
            subject: { kind: 'pod', pod: name },
            action: pod.kind,
            reason: pod.reason,
            ...stopSeconds(isReplaced, grace),
          } as const,
        ]),
    ...files.changes.map(({ volume, reason }): Change => ({
      subject: { kind: 'volume', pod: name, name: volume },
      action: fileAction(reason),
      reason,
    })),
    ...[...init, ...containers].map((each): Change => ({
      subject: { kind: 'container', pod: name, role: each.container.role, name: each.container.name },
      action: actionOf(each.action),
      reason: each.reason,
      ...stopSeconds(each.action.kind === 'replace' && each.action.isRunning, grace),
    })),
    ...removed.map((existing): Change => ({
      subject: { kind: 'container', pod: name, role: roleOf(existing), name: existing.owner?.name ?? '' },
      action: 'remove',
      reason: { kind: 'not-in-files' },
      ...stopSeconds(pod.kind !== 'replace' && canStop(existing), grace),
    })),
    ...gone.map((container): Change => ({
      subject: { kind: 'container', pod: name, role: 'container', name: container },
      action: 'remove',
      reason: { kind: 'not-in-files' },
    })),
  ];
  const changes = desired.owner === undefined ? found : found.map((change) => ({ ...change, ...owned }));
  // Leftovers need cleaning up even if no container changes.
  if (changes.length > 0 || leftovers.length + removedSecrets.length === 0) return changes;
  return [
    { subject: { kind: 'pod', pod: name }, ...owned, action: 'repair', reason: { kind: 'interrupted' } },
  ];
}

function fileAction({ kind }: FilesChange['reason']): Change['action'] {
  if (kind === 'absent') return 'create';
  return kind === 'interrupted' ? 'repair' : 'update';
}

function actionOf(action: ContainerAction): Change['action'] {
  switch (action.kind) {
    case 'run':
      return action.removesExisting ? 'replace' : 'create';
    case 'replace':
      return 'replace';
    case 'start':
    case 'unpause':
      return 'restart';
    case 'update':
      return 'update';
    case 'rename':
    case 'finish-replace':
      return 'repair';
  }
}

export function roleOf(container: ObservedContainer): ContainerRole {
  return container.owner?.role === 'init' ? 'init' : 'container';
}

/** Why something is done to a pod or a container although its settings are those of the manifest. */
const REPAIRS: ReadonlySet<Reason['kind']> = new Set([
  'absent',
  'infra-restarted',
  'init-unfinished',
  'interrupted',
  'mount-points-differ',
  'not-running',
  'pod-replaced',
  'pod-restarts',
  'renamed',
] satisfies readonly Reason['kind'][]);

/** Whether an existing pod is changed because it has other settings than in the manifest, and not just started or repaired. */
export function changesTemplate({ current, pod, init, containers, removed }: PodDecision): boolean {
  if (current === undefined) return false;
  const reasons = [...(pod.kind === 'keep' ? [] : [pod]), ...init, ...containers].map(({ reason }) => reason);
  return removed.length > 0 || reasons.some(({ kind }) => !REPAIRS.has(kind));
}

/** Whether nothing changes except leftovers of earlier runs. */
export function isUnchanged({ pod, init, containers, removed, files, listRecord }: PodDecision): boolean {
  const changes = init.length + containers.length + removed.length + files.changes.length;
  return pod.kind === 'keep' && changes === 0 && listRecord === undefined;
}
