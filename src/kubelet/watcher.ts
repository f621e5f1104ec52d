import { mayRestart } from '../kube/spec/restart-policy.ts';
import type { ProbeEvent } from './container-probes.ts';
import { applyEvent, noticeOf } from './watched-events.ts';
import { advanceProbed } from './watched-probes.ts';
import {
  deadlines,
  isStopping,
  podsOver,
  withDeadlines,
  withPodEnds,
  withPodRestarts,
} from './watched-pods.ts';
import { nextRestart, subjectOf } from './watched-restarts.ts';
import {
  WATCH_DEFAULTS,
  type KillOrder,
  type Member,
  type ProbeOrder,
  type WatchedContainer,
  type Watcher,
  type WatchEvent,
  type WatchNotice,
  type WatchSettings,
  type WatchStep,
} from './watched.ts';

export const NEW_WATCHER: Watcher = { members: new Map() };

/** Applies one event at a time, and orders the starts and probes that are due. */
export function advanceWatcher(
  watcher: Watcher,
  event: WatchEvent,
  now: number,
  settings: WatchSettings = WATCH_DEFAULTS,
): WatchStep {
  const applied = applyEvent(watcher, event, now, settings);
  const resets = withPodRestarts(withDeadlines([...applied.members.values()], now, settings));
  const probed = withPodEnds(resets.members, settings).map((member) =>
    probeMember(member, applied.probeEvents.get(member.container.id) ?? [], now),
  );
  const members = new Map(probed.map(({ member }) => [member.container.id, member]));
  const { starts, nextStartAt } = dueStarts([...members.values()], now, settings);
  for (const container of starts) {
    const member = members.get(container.id);
    if (member !== undefined)
      members.set(container.id, { ...member, isStarting: true, isStartWaiting: true });
  }
  const deadline = deadlines([...members.values()], now);
  return {
    watcher: { members },
    starts,
    probes: probed.flatMap(({ probes }) => probes),
    kills: probed.flatMap(({ kills }) => kills),
    sidecarStops: podsOver([...members.values()]),
    podStops: deadline.stops,
    podRestarts: resets.pods,
    records: applied.records ?? [],
    nextAt: Math.min(nextStartAt, deadline.nextAt, ...probed.map(({ nextAt }) => nextAt)),
    notices: [...applied.notices, ...probed.flatMap(({ notices }) => notices)],
  };
}

interface Due {
  readonly starts: readonly WatchedContainer[];
  readonly nextStartAt: number;
}

/**
 * The starts that are due, the oldest first. Those that exceed the limit wait for the end of another start. Of each pod, one
 * container starts at a time, in the order of the manifest, and the next one waits for the end of its postStart hook: a
 * kubelet starts the containers of a pod in turn (SyncPod and startContainer in pkg/kubelet/kuberuntime).
 */
function dueStarts(members: readonly Member[], now: number, settings: WatchSettings): Due {
  const starting = members.filter(({ isStarting }) => isStarting);
  const busy = new Set(starting.map(({ container }) => container.pod));
  const free = settings.startsAtOnce - starting.filter(({ isInPostStart }) => isInPostStart !== true).length;
  const waiting = members
    .flatMap((member) => {
      const restart = nextRestart(member, settings);
      return restart === undefined || member.isStarting ? [] : [{ member, at: restart.at }];
    })
    .sort((a, b) => a.at - b.at);
  const due = waiting.filter(({ at, member }) => at <= now && !busy.has(member.container.pod));
  const pods = [...new Set(due.map(({ member }) => member.container.pod))];
  return {
    starts: pods
      .slice(0, Math.max(0, free))
      .flatMap((pod) => nextOfPod(due.filter(({ member }) => member.container.pod === pod))),
    nextStartAt: waiting.find(({ at }) => at > now)?.at ?? Infinity,
  };
}

/**
 * Of the containers of a pod that are due, the oldest first, the first one of the manifest that was not started since the
 * oldest of them became due: one that crashes again and again must not hold up the others.
 */
function nextOfPod(
  due: readonly { readonly member: Member; readonly at: number }[],
): readonly WatchedContainer[] {
  const oldest = due[0]?.at ?? -Infinity;
  const lastStart = ({ run }: Member) =>
    run.kind === 'ended' ? (run.startedAt ?? run.finishedAt) : Infinity;
  return due
    .filter(({ member, at }) => at === oldest || lastStart(member) <= oldest)
    .map(({ member }) => member)
    .toSorted((a, b) => a.position - b.position)
    .slice(0, 1)
    .map(({ container }) => container);
}

interface Probed {
  readonly member: Member;
  readonly probes: readonly ProbeOrder[];
  readonly kills: readonly KillOrder[];
  readonly nextAt: number;
  readonly notices: readonly WatchNotice[];
}

const NOTICES = { changed: 'probed', unhealthy: 'unhealthy', warning: 'probe-warning' } as const;

function probeMember(member: Member, events: readonly ProbeEvent[], now: number): Probed {
  const { container, probes, probesDueAt } = member;
  if (probes === undefined || (events.length === 0 && probesDueAt !== undefined && now < probesDueAt))
    return { member, probes: [], kills: [], nextAt: probesDueAt ?? Infinity, notices: [] };
  const stops = isStopping(member);
  const { state, begin, nextAt, notices, kill } = advanceProbed(member, events, now, stops);
  const { probesDueAt: _, ...rest } = member;
  // All probes go on if the pod is started again.
  const changed: Member = { ...rest, ...state, ...(stops ? {} : { probesDueAt: nextAt }) };
  return {
    member: changed,
    probes: begin.flatMap((kind) => {
      const { workers = [], run = 0 } = state.probes ?? {};
      const probe = workers.find((worker) => worker.kind === kind)?.probe;
      return probe === undefined ? [] : [{ container, run, kind, probe }];
    }),
    kills: kill === undefined ? [] : [{ container, kill }],
    nextAt,
    notices: [
      ...notices.map(({ kind, message }) => ({ ...noticeOf(NOTICES[kind], changed), message })),
      ...(kill === undefined
        ? []
        : [
            {
              ...noticeOf('killed', changed),
              message: kill.message,
              ...(mayRestart(subjectOf(container)) ? {} : { isForGood: true as const }),
            },
          ]),
    ],
  };
}
