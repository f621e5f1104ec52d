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
  status: string | readonly string[],
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
  [['stop', 'kill'], always, ({ container }) => normal('Killing', `Stopping container ${container}`)],
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
  const row = ROWS.find(([statuses, when]) => [statuses].flat().includes(status) && when(event));
  if (row === undefined) return undefined;
  const list = role === 'init' ? 'initContainers' : 'containers';
  const fieldPath = `spec.${list}{${container}}`;
  return { ...row[2](event), pod, fieldPath, first: at, last: at, count: 1 };
}

/**
 * Joins equal events, as the API server does, in the order of their last occurrence. podman 4.3.1 reports some events
 * twice, with equal times: they count once.
 */
export function joinEvents(events: readonly ContainerEvent[]): readonly PodEvent[] {
  const joined = new Map<string, PodEvent>();
  const seen = new Set<string>();
  for (const event of events) {
    const one = podEvent(event);
    const occurrence = `${event.id} ${event.status} ${event.at}`;
    if (one === undefined || seen.has(occurrence)) continue;
    seen.add(occurrence);
    const key = JSON.stringify([one.pod, one.fieldPath, one.reason, one.message]);
    const before = joined.get(key);
    joined.set(
      key,
      before === undefined
        ? one
        : {
            ...one,
            first: Math.min(before.first, one.first),
            last: Math.max(before.last, one.last),
            count: before.count + 1,
          },
    );
  }
  return [...joined.values()].sort((a, b) => a.last - b.last);
}
