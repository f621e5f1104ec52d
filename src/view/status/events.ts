import { digest } from '../../base/digest.ts';
import { escapeUnsafe } from '../../base/sanitize.ts';
import type { Paint } from '../../base/paint.ts';
import type { PodEvent } from '../../engine/pod-events.ts';
import { formatAge } from '../terminal/duration.ts';
import { renderTable } from '../terminal/table.ts';
import { timestamp } from './timestamp.ts';

const HEADING = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];

/**
 * Events in the columns of `kubectl get events`. Without events it is empty.
 * @param now in seconds since 1970
 */
export function renderEvents(events: readonly PodEvent[], now: number, paint: Paint): string {
  if (events.length === 0) return '';
  const rows = events.map((event) => [
    { text: ageWords(event, now) },
    { text: event.type, ...(event.type === 'Warning' ? { tone: 'changed' as const } : {}) },
    { text: event.reason },
    { text: `pod/${event.pod}` },
    { text: event.message },
  ]);
  return renderTable(HEADING, rows, paint);
}

/** `2m`, and `2m (x5 over 10m)` for a repeated event. */
export function ageWords({ first, last, count }: PodEvent, now: number): string {
  const age = formatAge(now - last);
  return count === 1 ? age : `${age} (x${count} over ${formatAge(now - first)})`;
}

/** Widths of the columns of a followed list, whose later rows are unknown. */
const WIDTHS = [9, 7, 9, 20];

/** One row of a followed list. `undefined` is the heading. */
export function eventRow(event: PodEvent | undefined, now: number): string {
  const cells =
    event === undefined
      ? HEADING
      : [ageWords(event, now), event.type, event.reason, `pod/${event.pod}`, event.message];
  return `${escapeUnsafe(cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0)).join('   ')).trimEnd()}\n`;
}

/** An event as a Kubernetes Event. */
export function eventItem(event: PodEvent, uid?: string): object {
  const { type, reason, message, pod, fieldPath, first, last, count } = event;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${pod}.${digest(JSON.stringify([fieldPath, reason, message, first])).slice(-16)}` },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      name: pod,
      fieldPath,
      ...(uid === undefined ? {} : { uid }),
    },
    type,
    reason,
    message,
    source: { component: 'podman' },
    firstTimestamp: timestamp(first),
    lastTimestamp: timestamp(last),
    count,
  };
}

/** Events as a list in the form of `kubectl get events -o json`. */
export function renderEventList(events: readonly PodEvent[]): string {
  const list = {
    apiVersion: 'v1',
    items: events.map((event) => eventItem(event)),
    kind: 'List',
    metadata: {},
  };
  return `${escapeUnsafe(JSON.stringify(list, undefined, 4))}\n`;
}
