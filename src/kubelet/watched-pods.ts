import { defined } from '../base/defined.ts';
import { isSidecar } from '../kube/spec/restart-policy.ts';
import type { Member, WatchSettings } from './watched.ts';
import { mayBeStarted, nextRestart, restartsAll } from './watched-restarts.ts';

/**
 * Marks the sidecars of pods whose app containers have all ended for good, or an init container: such a pod has succeeded or
 * failed, whatever its sidecars do (getPhase in pkg/kubelet/kubelet_pods.go, computeInitContainerActions in
 * kuberuntime_container.go), and the kubelet stops what still runs.
 */
export function withPodEnds(members: readonly Member[], settings: WatchSettings): readonly Member[] {
  const sidecars = members.filter(({ container }) => isSidecar(container));
  if (sidecars.length === 0) return members;
  const over = new Set(
    sidecars
      .map(({ container }) => container.pod)
      .filter((pod) =>
        isOver(
          members.filter(({ container }) => container.pod === pod),
          settings,
        ),
      ),
  );
  return members.map((member) =>
    isSidecar(member.container) ? { ...member, isPodOver: over.has(member.container.pod) } : member,
  );
}

function isOver(ofPod: readonly Member[], settings: WatchSettings): boolean {
  const apps = ofPod.filter(({ container }) => container.role === 'container');
  if (ofPod.some(({ hasFailedInit }) => hasFailedInit === true)) return true;
  return apps.length > 0 && apps.every((app) => hasEndedForGood(app, settings));
}

/** One that was stopped on purpose may be started again. */
function hasEndedForGood(member: Member, settings: WatchSettings): boolean {
  const { run, podIsUp, isPodWhole, isStarting } = member;
  if (run.kind !== 'ended' || !podIsUp || !isPodWhole || mayBeStarted(member) || isStarting) return false;
  if (member.isResetting === true) return false;
  return nextRestart(member, settings) === undefined;
}

/** Marks the containers of pods that are to be restarted as a whole, and tells which these are. */
export function withPodRestarts(members: readonly Member[]): {
  readonly members: readonly Member[];
  readonly pods: readonly string[];
} {
  const sources = new Set(members.filter(restartsAll));
  const pods = new Set([...sources].map(({ container }) => container.pod));
  if (pods.size === 0) return { members, pods: [] };
  return {
    pods: [...pods],
    members: members.map((member) =>
      pods.has(member.container.pod)
        ? {
            ...member,
            isResetting: true,
            ...(sources.has(member) ? { resetAfter: member.startKey } : {}),
          }
        : member,
    ),
  };
}

/** The containers of a pod after its restart, which was carried out or not. */
export function afterPodRestart(member: Member, isDone: boolean): Member {
  const { isResetting: _, resetAfter, ...rest } = member;
  return isDone ? { ...rest, ...defined({ resetAfter }) } : rest;
}

/**
 * Marks the containers of pods whose deadlines have passed: they are not restarted. A pod that has succeeded or failed before
 * has none: a kubelet no longer looks after it.
 */
export function withDeadlines(
  members: readonly Member[],
  now: number,
  settings: WatchSettings,
): readonly Member[] {
  const late = members.filter(({ deadlineAt = Infinity, podIsUp }) => podIsUp && deadlineAt <= now);
  if (late.length === 0 && members.every(({ isPastDeadline }) => isPastDeadline !== true)) return members;
  const isOverBefore = ({ container: { pod }, deadlineAt = Infinity }: Member) =>
    wasOver(
      members.filter(({ container }) => container.pod === pod),
      deadlineAt,
      settings,
    );
  const pods = new Set(late.filter((one) => !isOverBefore(one)).map(({ container }) => container.pod));
  return members.map((member) => {
    const isPastDeadline = pods.has(member.container.pod);
    if (isPastDeadline === (member.isPastDeadline === true)) return member;
    const { isPastDeadline: _, ...rest } = member;
    return isPastDeadline ? { ...rest, isPastDeadline } : rest;
  });
}

/** Whether a pod had succeeded or failed at its deadline. */
function wasOver(ofPod: readonly Member[], deadlineAt: number, settings: WatchSettings): boolean {
  if (ofPod.some(({ run }) => run.kind === 'ended' && run.finishedAt >= deadlineAt)) return false;
  return isOver(
    ofPod.map(({ isPastDeadline: _, ...member }) => member),
    settings,
  );
}

/** The pods to stop, since their deadlines have passed, and the next deadline. */
export function deadlines(
  members: readonly Member[],
  now: number,
): { readonly stops: readonly string[]; readonly nextAt: number } {
  const later = members.filter(({ podIsUp }) => podIsUp).map(({ deadlineAt = Infinity }) => deadlineAt);
  return {
    stops: [
      ...new Set(
        members.filter(({ isPastDeadline }) => isPastDeadline === true).map(({ container }) => container.pod),
      ),
    ],
    nextAt: Math.min(Infinity, ...later.filter((at) => at > now)),
  };
}

/** The pods that are over and whose sidecars still run. */
export function podsOver(members: readonly Member[]): readonly string[] {
  const running = members.filter(({ isPodOver, run }) => isPodOver && run.kind === 'running');
  return [...new Set(running.map(({ container }) => container.pod))];
}

/** Whether a container is being stopped for good, since its pod is over or its deadline has passed. */
export function isStopping({ isPodOver, isPastDeadline }: Member): boolean {
  return isPodOver || isPastDeadline === true;
}
