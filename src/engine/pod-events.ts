import type { ContainerRole } from '../kube/spec/desired.ts';
import type { ContainerEvent } from '../podman/inspect/events.ts';

/** An event of a pod in Kubernetes' terms. Times are in seconds since 1970. */
export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  /** The kubelet's reasons (pkg/kubelet/events/event.go); `Completed` and `Failed` for the end of a container. */
  readonly reason: string;
  readonly pod: string;
  /** The path of the container, as in `involvedObject.fieldPath`. */
  readonly fieldPath: string;
  readonly message: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

type Words = Pick<PodEvent, 'type' | 'reason' | 'message'>;

type Row = readonly [
  status: string,
  when: (event: ContainerEvent) => boolean,
  words: (event: ContainerEvent) => Words,
];

const always = () => true;
const normal = (reason: string, message: string): Words => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Words => ({ type: 'Warning', reason, message });

/** Exit codes of a container that a signal has ended. */
const SIGNALS: Readonly<Record<number, string>> = { 137: 'SIGKILL', 143: 'SIGTERM' };

/** Events of podman as events of Kubernetes; the first row that applies is used. Others have no counterpart. */
const ROWS: readonly Row[] = [
  ['create', always, ({ container }) => normal('Created', `Created container ${container}`)],
  ['start', always, ({ container }) => normal('Started', `Started container ${container}`)],
  ['stop', always, ({ container }) => normal('Killing', `Stopping container ${container}`)],
  [
    'died',
    ({ exitCode }) => exitCode === 0,
    ({ container }) => normal('Completed', `Container ${container} has completed`),
  ],
  [
    'died',
    ({ exitCode }) => SIGNALS[exitCode] !== undefined,
    ({ container, exitCode }) =>
      normal(
        'Killing',
        `Container ${container} was ended by ${SIGNALS[exitCode] ?? ''} (exit code ${exitCode})`,
      ),
  ],
  [
    'died',
    always,
    ({ container, exitCode }) =>
      warning('Failed', `Container ${container} failed with exit code ${exitCode}`),
  ],
];

/** The event of a pod; undefined for events of infra and record containers, and those without a counterpart. */
export function podEvent(event: ContainerEvent): PodEvent | undefined {
  const { role, status, pod, container, at } = event;
  if (role !== 'init' && role !== 'container') return undefined;
  const row = ROWS.find(([known, when]) => known === status && when(event));
  if (row === undefined) return undefined;
  return { ...row[2](event), pod, fieldPath: fieldPathOf(role, container), first: at, last: at, count: 1 };
}

/** As in `involvedObject.fieldPath` of an event: `spec.containers{web}`. */
export function fieldPathOf(role: ContainerRole, container: string): string {
  return `spec.${role === 'init' ? 'initContainers' : 'containers'}{${container}}`;
}

/**
 * Joins equal events, as the API server does, in the order of their last occurrence. podman 4.3.1 reports some events
 * twice, with equal times: they count once.
 * @param ofWatcher the events of the watcher
 */
export function joinEvents(
  events: readonly ContainerEvent[],
  ofWatcher: readonly PodEvent[] = [],
): readonly PodEvent[] {
  const once = new Map(events.map((event) => [`${event.id} ${event.status} ${event.at}`, event]));
  const byKey = new Map<string, PodEvent>();
  const ofPodman = withKillings([...once.values()]).flatMap((event) => podEvent(event) ?? []);
  for (const one of [...ofPodman, ...ofWatcher]) {
    const key = keyOf(one);
    byKey.set(key, joined(byKey.get(key), one));
  }
  return [...byKey.values()].sort((a, b) => a.last - b.last);
}

/** Equal for events that are joined. */
export function keyOf({ pod, fieldPath, reason, message }: PodEvent): string {
  return JSON.stringify([pod, fieldPath, reason, message]);
}

/** Two equal events as one. */
export function joined(before: PodEvent | undefined, event: PodEvent): PodEvent {
  if (before === undefined) return event;
  return {
    ...event,
    first: Math.min(before.first, event.first),
    last: Math.max(before.last, event.last),
    count: before.count + event.count,
  };
}

/** As long as an API server keeps events (--event-ttl of kube-apiserver). */
const KEPT_SECONDS = 3600;

/** So that a pod that fails all the time needs little memory. */
const MOST_EVENTS = 1000;

/** The events of the last hour. @param now seconds since 1970 */
export function recentEvents(events: readonly PodEvent[], now: number): readonly PodEvent[] {
  return events.filter(({ last }) => now - last <= KEPT_SECONDS);
}

/** Adds an event to those of the last hour; equal ones become one with a count. @param now seconds since 1970 */
export function withEvent(events: readonly PodEvent[], event: PodEvent, now: number): readonly PodEvent[] {
  const key = keyOf(event);
  const others = recentEvents(events, now).filter((one) => keyOf(one) !== key);
  const before = events.find((one) => keyOf(one) === key);
  return [...others, joined(before, event)].slice(-MOST_EVENTS);
}

/**
 * podman's event of a signal does not name the signal: one after which the container has ended stops it, and another,
 * such as SIGHUP, has no counterpart.
 */
function withKillings(events: readonly ContainerEvent[]): readonly ContainerEvent[] {
  return events.map((event, index) => {
    const next = events.slice(index + 1).find(({ id, status }) => id === event.id && MEANS_RUN.has(status));
    return event.status === 'kill' && next?.status === 'died' ? { ...event, status: 'stop' } : event;
  });
}

/** What shows whether a container has survived the event before. */
const MEANS_RUN: ReadonlySet<string> = new Set(['died', 'start', 'kill', 'stop']);
