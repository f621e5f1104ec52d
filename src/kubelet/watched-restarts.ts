import { defined } from '../base/defined.ts';
import { mayRestart } from '../kube/spec/restart-policy.ts';
import { restartAfter, restarted, type ContainerEnd, type RestartSubject } from './container-lifecycle.ts';
import {
  WATCH_DEFAULTS,
  type EndedRun,
  type Member,
  type Past,
  type WatchedContainer,
  type WatchSettings,
} from './watched.ts';

/** When a container that has ended starts again; undefined if it does not. `at` is in the past for a restart at once. */
export function nextRestart(
  { run, podIsUp, isStoppedOnPurpose, isPodOver, isPastDeadline, container, ...past }: Member,
  settings: WatchSettings = WATCH_DEFAULTS,
): { readonly at: number; readonly waitSeconds: number } | undefined {
  const { backOff, killedBy, lastEnd, isResetting } = past;
  if (run.kind !== 'ended' || !podIsUp || isPodOver || isPastDeadline === true) return undefined;
  if (mayBeStarted({ isStoppedOnPurpose, ...defined({ killedBy }) }) || isResetting === true)
    return undefined;
  const scale = scaleOf(settings);
  const decision = restartAfter(
    subjectOf(container),
    container.restartPolicy,
    killedBy === undefined ? endOf(run, scale) : killedEnd(run, lastEnd, scale),
    backOff,
  );
  return decision.kind === 'restart'
    ? { at: decision.at * scale, waitSeconds: decision.waitSeconds * scale }
    : undefined;
}

/**
 * Whether the end of a container restarts all containers of its pod: a rule says so, and they were not yet restarted for it
 * (ShouldAllContainersRestart in pkg/kubelet/container/helpers.go).
 */
export function restartsAll(member: Member): boolean {
  const { run, podIsUp, isStoppedOnPurpose, isPodOver, isPastDeadline, isResetting } = member;
  const { container, killedBy, startKey, resetAfter } = member;
  if (run.kind !== 'ended' || !podIsUp || isStoppedOnPurpose || isPodOver || isPastDeadline === true)
    return false;
  if (isResetting === true || killedBy !== undefined || resetAfter === startKey) return false;
  const end = { exitCode: run.exitCode, finishedAt: run.finishedAt };
  return restartAfter(subjectOf(container), container.restartPolicy, end, undefined).kind === 'restart-all';
}

/** Whether a user has stopped a container, who may start it again. For podman, one that a probe has killed was stopped, too. */
export function mayBeStarted({
  isStoppedOnPurpose,
  killedBy,
}: Pick<Member, 'isStoppedOnPurpose' | 'killedBy'>): boolean {
  return isStoppedOnPurpose && killedBy === undefined;
}

/** Whether there will be something to do for a container. */
export function isWork(member: Member, settings: WatchSettings): boolean {
  const { run, podIsUp, container, isPodOver, probes, deadlineAt } = member;
  const hasTask = mayRestart(subjectOf(container)) || probes !== undefined || deadlineAt !== undefined;
  if (member.isResetting === true) return true;
  if (!podIsUp || !hasTask) return false;
  if (run.kind === 'ended' && isPodOver) return false;
  return run.kind !== 'ended' || mayBeStarted(member) || nextRestart(member, settings) !== undefined;
}

/** What decides on the restarts of a container. */
export function subjectOf({ lifecycle, role, restartPolicy }: WatchedContainer): RestartSubject {
  return { ...lifecycle, role, restartPolicy };
}

/** What `Past` is after a container was restarted. */
export function pastAfterRestart(
  past: Past & Pick<Member, 'killedBy'>,
  end: EndedRun,
  restartedAt: number,
  settings: WatchSettings = WATCH_DEFAULTS,
): Past {
  const scale = scaleOf(settings);
  const counted = past.killedBy === undefined ? endOf(end, scale) : killedEnd(end, past.lastEnd, scale);
  const backOff = restarted(past.backOff, counted, restartedAt / scale);
  return { restarts: past.restarts + 1, lastEnd: end, ...defined({ backOff }) };
}

/** The back-off is computed with the times of a cluster: how much shorter those of this watcher are. */
export function scaleOf({ firstBackOffSeconds }: WatchSettings): number {
  return firstBackOffSeconds / WATCH_DEFAULTS.firstBackOffSeconds;
}

function endOf({ exitCode, finishedAt }: EndedRun, scale: number): ContainerEnd {
  return { exitCode, finishedAt: finishedAt / scale };
}

function killedEnd(run: EndedRun, lastEnd: EndedRun | undefined, scale: number): ContainerEnd {
  const previousFinishedAt = lastEnd === undefined ? undefined : lastEnd.finishedAt / scale;
  return { ...endOf(run, scale), killedByProbe: defined({ previousFinishedAt }) };
}
