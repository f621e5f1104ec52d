import { defined } from '../base/defined.ts';
import type { ProbeEvent } from './container-probes.ts';
import { newProbes } from './watched-probes.ts';
import { afterPodRestart } from './watched-pods.ts';
import { nextRestart, pastAfterRestart } from './watched-restarts.ts';
import {
  START_FAILED,
  type EndedRun,
  type Member,
  type Past,
  type RecordOrder,
  type Run,
  type Sighting,
  type Watcher,
  type WatchEvent,
  type WatchNotice,
  type WatchSettings,
} from './watched.ts';

/** What an event changes. */
export interface Applied {
  readonly probeEvents: ReadonlyMap<string, readonly ProbeEvent[]>;
  readonly members: ReadonlyMap<string, Member>;
  readonly notices: readonly WatchNotice[];
  readonly records?: readonly RecordOrder[];
}

/** Applies an event to the members. Their probes are advanced afterwards, with the events that are returned. */
export function applyEvent(
  { members }: Watcher,
  event: WatchEvent,
  now: number,
  settings: WatchSettings,
): Applied {
  const unchanged: Applied = { members, notices: [], probeEvents: new Map() };
  if (event.kind === 'time') return unchanged;
  if (event.kind === 'looked') {
    const seen = event.sightings.map((sighting) =>
      seeContainer(members.get(sighting.container.id), sighting, now, settings),
    );
    return {
      members: new Map(seen.map(({ member }) => [member.container.id, member])),
      notices: seen.flatMap(({ notices = [] }) => notices),
      probeEvents: new Map(seen.map(({ member, probeEvents = [] }) => [member.container.id, probeEvents])),
    };
  }
  if (event.kind === 'pod-restarted' || event.kind === 'pod-restart-postponed') {
    const after = (member: Member) =>
      member.container.pod === event.pod ? afterPodRestart(member, event.kind === 'pod-restarted') : member;
    return { ...unchanged, members: new Map([...members].map(([id, member]) => [id, after(member)])) };
  }
  const member = members.get(event.id);
  if (member === undefined) return unchanged;
  switch (event.kind) {
    case 'start-returned': {
      const started = afterStart(member, event, now, settings);
      const { member: changed, notices = [], probeEvents = [], record } = started;
      return {
        records: record === undefined ? [] : [record],
        probeEvents: new Map([[event.id, probeEvents]]),
        members: new Map(members).set(event.id, changed),
        notices,
      };
    }
    case 'post-start-begun':
      return { ...unchanged, members: new Map(members).set(event.id, { ...member, isInPostStart: true }) };
    case 'start-begun':
    case 'start-postponed': {
      const { isStartWaiting: _, ...begun } = member;
      const isStarting = event.kind === 'start-begun';
      return { ...unchanged, members: new Map(members).set(event.id, { ...begun, isStarting }) };
    }
    case 'probe-returned': {
      const { id, run, probe, result } = event;
      const returned: ProbeEvent = { kind: 'returned', probe, run, result };
      return { ...unchanged, probeEvents: new Map([[id, [returned]]]) };
    }
  }
}

interface Seen {
  readonly member: Member;
  readonly probeEvents?: readonly ProbeEvent[];
  readonly notices?: readonly WatchNotice[];
  readonly record?: RecordOrder;
}

function seeContainer(
  before: Member | undefined,
  sighting: Sighting,
  now: number,
  settings: WatchSettings,
): Seen {
  const { past, ...found } = sighting;
  const { run, container } = sighting;
  // The wall clock may have been set since the last look.
  const isSamePod = before?.sandbox === sighting.sandbox;
  const dated = { ...found, ...(isSamePod ? defined({ deadlineAt: before.deadlineAt }) : {}) };
  // A container that ends after the deadline of its pod is not restarted.
  const isLate = run.kind === 'ended' && run.finishedAt >= (dated.deadlineAt ?? Infinity);
  const shown = { ...dated, ...(isLate ? { isPastDeadline: true as const } : {}) };
  if (before === undefined) {
    const { probed, isRestart = false, failedStart, recordedAt = now, ...known } = past ?? { restarts: 0 };
    const member: Member = {
      ...{ ...shown, ...known, ...newProbes(container.lifecycle) },
      ...{ isStarting: false, isRestart, isPodOver: false, recordedAt },
      run: lastRun(run, failedStart),
    };
    if (run.kind !== 'running') return { member };
    const { startedAt } = run;
    // Otherwise it is probed from the beginning: for some time nobody may have watched.
    return { member, probeEvents: [{ kind: 'started', startedAt, ...defined({ known: probed }) }] };
  }
  const { restarts, backOff, lastEnd, isStarting, isInPostStart, isRestart, isPodOver, probes, killedBy } =
    before;
  const { recordedAt, isResetting, resetAfter, isStartWaiting } = before;
  const kept = {
    ...{ restarts, isStarting, isRestart, isPodOver, recordedAt },
    ...defined({
      isInPostStart,
      backOff,
      lastEnd,
      probes,
      killedBy,
      isResetting,
      resetAfter,
      isStartWaiting,
    }),
  };
  // podman knows nothing of a start that failed.
  if (sighting.key === before.key) return { member: { ...shown, ...kept, run: before.run } };
  const isNewRun = sighting.startKey !== before.startKey && run.kind !== 'other';
  const probeEvents = probeEventsOf(before, run, isNewRun);
  if (!isNewRun) {
    const member: Member = { ...shown, ...kept, isRestart: isRestart && run.kind !== 'ended' };
    return run.kind === 'ended'
      ? { member, probeEvents, notices: [endNotice('ended', member, run, settings)] }
      : { member, probeEvents };
  }
  const member: Member = {
    ...shown,
    ...{ isStarting, isRestart: false, isPodOver, recordedAt },
    ...defined({ isInPostStart, probes, isResetting, isStartWaiting }),
    ...pastOfNewRun(before, startOf(run), settings),
  };
  return { member, probeEvents, notices: noticesOfNewRun(before, member, settings) };
}

/** A run that ends at once may begin and end between two looks. The first run of a container is no restart. */
function noticesOfNewRun(before: Member, member: Member, settings: WatchSettings): readonly WatchNotice[] {
  const { run, restarts } = member;
  return [
    ...(restarts > before.restarts ? [noticeOf('restarted', member)] : []),
    ...(run.kind === 'ended' ? [endNotice('ended', member, run, settings)] : []),
  ];
}

function probeEventsOf(before: Member, run: Run, isNewRun: boolean): readonly ProbeEvent[] {
  const wasRunning = before.run.kind === 'running';
  const ended: readonly ProbeEvent[] = wasRunning ? [{ kind: 'ended' }] : [];
  // For a kubelet, a container runs when its postStart hook has ended.
  if (run.kind !== 'running' || isHeldByPostStart(before)) return ended;
  return isNewRun || !wasRunning ? [...ended, { kind: 'started', startedAt: run.startedAt }] : [];
}

/** Whether the watcher has begun the start of a container whose postStart hook has not ended. */
export function isHeldByPostStart({ isStarting, isStartWaiting, container }: Member): boolean {
  return isStarting && isStartWaiting !== true && container.lifecycle.postStart !== undefined;
}

function pastOfNewRun(
  before: Member,
  startedAt: number,
  settings: WatchSettings,
): Pick<Past, 'restarts' | 'backOff' | 'lastEnd'> {
  const { restarts, backOff, lastEnd, run } = before;
  const isStarted = before.isStarting && before.isStartWaiting !== true;
  if (run.kind === 'ended' && isStarted && before.isResetting !== true)
    return pastAfterRestart(before, run, startedAt, settings);
  // Without a back-off: somebody else has started it, or the whole pod restarts, and the kubelet forgets all ends.
  if (run.kind === 'ended') return { restarts: restarts + 1, lastEnd: run, ...defined({ backOff }) };
  // Somebody else has restarted it between two looks, or it has never run.
  return { restarts: restarts + (run.kind === 'running' ? 1 : 0), ...defined({ backOff, lastEnd }) };
}

function startOf(run: Run): number {
  return run.kind === 'other' ? -Infinity : (run.startedAt ?? -Infinity);
}

function afterStart(
  member: Member,
  { error, wasKilled }: Extract<WatchEvent, { readonly kind: 'start-returned' }>,
  now: number,
  settings: WatchSettings,
): Seen {
  const { isInPostStart: _, ...started } = member;
  // podman may show a container that was killed as one that runs, until its end is recorded.
  const hasStarted = error === undefined && wasKilled !== true && member.run.kind === 'running';
  const returned: Member = { ...started, isStarting: false, isRestart: hasStarted || member.isRestart };
  if (error === undefined || member.run.kind !== 'ended') {
    const isDue = hasStarted && now - member.recordedAt >= RECORD_AGAIN_MILLISECONDS;
    return {
      ...(isDue ? recorded(returned, now) : { member: returned }),
      ...(wasKilled === true ? {} : probeStart(member)),
    };
  }
  const run: EndedRun = {
    kind: 'ended',
    finishedAt: now,
    exitCode: START_FAILED,
    reason: 'StartError',
    message: error,
  };
  const failed: Member = { ...returned, ...pastAfterRestart(member, member.run, now, settings), run };
  return { ...recorded(failed, now), notices: [endNotice('start-failed', failed, run, settings)] };
}

/** How often restarts are recorded that podman's events tell, which are rotated at some time. */
const RECORD_AGAIN_MILLISECONDS = 3_600_000;

function recorded(member: Member, now: number): Pick<Seen, 'member' | 'record'> {
  const { container, run, restarts, backOff, lastEnd } = member;
  const past = { restarts, ...defined({ backOff, lastEnd }) };
  return { member: { ...member, recordedAt: now }, record: { container, past, run } };
}

/** The last start, if it is later than the run that podman shows. */
function lastRun(run: Run, failedStart: EndedRun | undefined): Run {
  const isLater = (at: number) => failedStart !== undefined && failedStart.finishedAt > at;
  const isFailed = run.kind === 'other' || (run.kind === 'ended' && isLater(run.finishedAt));
  return isFailed ? (failedStart ?? run) : run;
}

/** The probes of a container whose postStart hook has ended begin. */
function probeStart(member: Member): Pick<Seen, 'probeEvents'> {
  const { run } = member;
  if (run.kind !== 'running' || !isHeldByPostStart(member)) return {};
  return { probeEvents: [{ kind: 'started', startedAt: run.startedAt }] };
}

/** A notice about a container. */
export function noticeOf(kind: WatchNotice['kind'], { container, restarts }: Member): WatchNotice {
  return { kind, pod: container.pod, container: container.container, role: container.role, restarts };
}

function endNotice(
  kind: WatchNotice['kind'],
  member: Member,
  { exitCode, reason, message }: EndedRun,
  settings: WatchSettings,
): WatchNotice {
  const waitSeconds = nextRestart(member, settings)?.waitSeconds;
  return { ...noticeOf(kind, member), exitCode, reason, ...defined({ message, waitSeconds }) };
}
