import { Cron } from 'croner';
import { parseGoDuration } from '../validation/workload/go-duration.ts';
import { plainSchedule } from './cron-fields.ts';

/** The next time of a schedule after a time, in milliseconds since 1970; Infinity if there is none within years. */
export type NextTime = (after: number) => number;

const EVERY = '@every ';
const SECOND = 1000;
const DAY = 86_400_000;
/** As robfig/cron: a day such as February 30 never comes. */
const YEARS = 5;

/**
 * The times of a valid schedule: those at which the clock of the time zone shows one. An hour that the clock skips has none, and an hour that it
 * repeats has two (Next in github.com/robfig/cron/v3/spec.go).
 * @param timeZone the name of an IANA time zone; that of this machine by default
 */
export function nextTime(schedule: string, timeZone?: string): NextTime {
  if (schedule.startsWith(EVERY)) return every(schedule.slice(EVERY.length));
  const plain = plainSchedule(schedule);
  if (plain === undefined) return () => Infinity;
  // The library has no time zone to care for: it is asked for what the clock shows.
  const cron = new Cron(plain, { paused: true, timezone: 'UTC', mode: '5-part' });
  const offsetAt = offsets(timeZone);
  return (after) => {
    const limit = after + YEARS * 366 * DAY;
    let from = Math.floor(after / SECOND) * SECOND;
    while (from < limit) {
      const offset = offsetAt(from);
      const shown = cron.nextRun(new Date(from + offset))?.getTime() ?? Infinity;
      const change = nextChange(offsetAt, from, Math.min(shown - offset, limit));
      if (change === undefined) return shown - offset;
      // The time that the clock shows right after a change may be one of the schedule.
      const first = change + offsetAt(change);
      if (cron.nextRun(new Date(first - SECOND))?.getTime() === first) return change;
      from = change;
    }
    return Infinity;
  };
}

/** ConstantDelaySchedule in github.com/robfig/cron/v3: whole seconds, at least one. */
function every(duration: string): NextTime {
  const seconds = Math.max(1, Math.floor((parseGoDuration(duration) ?? 0) / SECOND));
  return (after) => Math.floor(after / SECOND) * SECOND + seconds * SECOND;
}

/** The first change of the offset after a time, up to another; undefined for none. Zones keep an offset for days. */
function nextChange(offsetAt: (time: number) => number, from: number, to: number): number | undefined {
  const before = offsetAt(from);
  for (let low = from; low < to; low += DAY) {
    const high = Math.min(low + DAY, to);
    if (offsetAt(high) !== before) return firstChange(offsetAt, low, high, before);
  }
  return undefined;
}

/** By halving, to the second. */
function firstChange(offsetAt: (time: number) => number, low: number, high: number, before: number): number {
  let [same, other] = [low, high];
  while (other - same > SECOND) {
    const middle = Math.floor((same + other) / 2 / SECOND) * SECOND;
    if (offsetAt(middle) === before) same = middle;
    else other = middle;
  }
  return other;
}

/** What the clock of a zone shows, minus UTC, in milliseconds. */
function offsets(timeZone: string | undefined): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === undefined ? {} : { timeZone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const shown = Date.UTC(
      ...([part('year'), part('month') - 1, part('day')] as const),
      ...([part('hour'), part('minute'), part('second')] as const),
    );
    return shown - Math.floor(time / SECOND) * SECOND;
  };
}
