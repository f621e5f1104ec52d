import { succeeded, type ProcessRunner } from '../../platform/process.ts';
import { JOURNAL_FIELDS, journalDecoder, type JournalRecord } from './journal-export.ts';
import {
  nanosecondsOf,
  type LogReader,
  type LogRecord,
  type LogStart,
  type LogTrouble,
  type OpenedReader,
} from './record.ts';
import type { Sleep } from '../../base/sleep.ts';
import { tailSearch } from './tail.ts';

const JOURNALCTL = 'journalctl';
const QUIET = ['--quiet', '--no-pager'] as const;
/** https://systemd.io/JOURNAL_EXPORT_FORMATS/ */
const EXPORT = [...QUIET, '--output=export', `--output-fields=${JOURNAL_FIELDS}`] as const;
/** journald takes what conmon sends it a little later. */
const DELAY = 200;
/** SD_MESSAGE_JOURNAL_DROPPED: how journald tells, after its rate limit's interval, what it has dropped. */
const DROPPED = 'a596d6fe7bfa4994828e72309e95d61e';

/** Whether there is a journal that this user may read. */
export async function hasJournal(run: ProcessRunner): Promise<boolean> {
  return succeeded(await run.query(JOURNALCTL, [...QUIET, '--lines=0']));
}

/**
 * Reads what the log driver journald has passed to the journal, with `journalctl`: `podman logs` gives the parts of a line
 * without telling that they are parts. One that follows ends when podpose does, however that ends: it notices that nobody
 * holds the other end of its pipe.
 * @param id podman's id of the container, in full
 */
export async function journalReader(
  run: ProcessRunner,
  id: string,
  start: LogStart,
  sleep: Sleep,
): Promise<OpenedReader> {
  const match = `CONTAINER_ID_FULL=${id}`;
  let position = start.since === undefined ? [] : [sinceOption(start.since)];
  let surplus = 0;
  let unit = '';
  let first = '';
  const bursts = burstCounter();
  if (start.tail !== undefined) {
    const begin = await findBegin(run, match, start);
    surplus = begin.surplus;
    if (begin.cursor !== '') position = [`--after-cursor=${begin.cursor}`];
  }

  async function* records(
    options: readonly string[],
    stop?: AbortSignal,
  ): AsyncGenerator<readonly JournalRecord[]> {
    const { push } = journalDecoder();
    const reading = run.read(JOURNALCTL, [...EXPORT, ...options, ...position, match]);
    stop?.addEventListener('abort', reading.stop, { once: true });
    if (stop?.aborted === true) reading.stop();
    try {
      for await (const bytes of reading.output) {
        const found = push(bytes);
        const last = found.at(-1);
        if (last === undefined) continue;
        if (first === '') first = found[0]?.time ?? '';
        unit = last.unit;
        for (const record of found) bursts.count(record);
        position = [`--after-cursor=${last.cursor}`];
        yield found;
      }
    } finally {
      stop?.removeEventListener('abort', reading.stop);
      reading.stop();
      await reading.end;
    }
  }

  const reader: LogReader = {
    read: () => records([]),
    follow: (stop) => records(['--follow', '--no-tail'], stop),
    delay: DELAY,
    trouble: async (end) => {
      const dropped = unit === '' ? 0 : await countDropped(run, unit, first);
      if (dropped > 0) return lost(`has dropped ${dropped} messages`, unit);
      if (end !== 'not yet' && (await lacksEnd(run, id, LOOKS_FOR_END[end], sleep)))
        return lost('has dropped messages', unit);
      // Those who may read what journald says have been told by now.
      return bursts.most() >= LIMIT.burst && !(await seesJournald(run))
        ? lost('may have dropped messages', unit)
        : undefined;
    },
    close: () => Promise.resolve(),
  };
  return { reader, surplus };
}

/** In whole seconds: the lines themselves are compared exactly. */
function sinceOption(nanoseconds: bigint): string {
  return `--since=@${nanoseconds / 1_000_000_000n}`;
}

async function findBegin(
  run: ProcessRunner,
  match: string,
  start: LogStart,
): Promise<{ readonly cursor: string; readonly surplus: number }> {
  const search = tailSearch(start);
  const { push } = journalDecoder();
  const reading = run.read(JOURNALCTL, [...EXPORT, '--reverse', match]);
  try {
    for await (const bytes of reading.output)
      for (const record of push(bytes))
        if (search.isBefore(record)) return { cursor: record.cursor, surplus: search.surplus() };
    return { cursor: '', surplus: search.surplus() };
  } finally {
    reading.stop();
    await reading.end;
  }
}

function lost(messages: string, unit: string): LogTrouble {
  return {
    code: 'log-lines-dropped',
    severity: 'warning',
    message: `journald ${messages}${unit === '' ? '' : ` of ${unit}`} by its rate limit, and lines of this log may be among them`,
    help: 'RateLimitBurst= and RateLimitIntervalSec= in /etc/systemd/journald.conf set the limit; with \'log_driver = "k8s-file"\' in containers.conf there is none.',
  };
}

/** journald's rate limit is for all services of a user together. When its interval is over, and the user logs something, it tells. */
async function countDropped(run: ProcessRunner, unit: string, first: string): Promise<number> {
  const since = sinceOption(nanosecondsOf(first) ?? 0n);
  const { stdout } = await run.query(JOURNALCTL, [...QUIET, '--output=cat', since, `MESSAGE_ID=${DROPPED}`]);
  return [...stdout.matchAll(/^Suppressed (\d+) messages from (.+)$/gm)]
    .filter(([, , from]) => from === unit)
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

/** journald's own limit, where nothing else is set: so many messages in so many milliseconds. It lets more pass on large disks. */
const LIMIT = { burst: 10_000, interval: 30_000 } as const;

/** The most records that came within an interval. */
function burstCounter() {
  let [begin, count, most] = [0, 0, 0];
  return {
    count: ({ time }: LogRecord) => {
      const at = Date.parse(time);
      if (at - begin > LIMIT.interval) [begin, count] = [at, 0];
      count++;
      most = Math.max(most, count);
    },
    most: () => most,
  };
}

/** Whether this user may read what journald says of itself. */
async function seesJournald(run: ProcessRunner): Promise<boolean> {
  const { stdout } = await run.query(JOURNALCTL, [
    ...QUIET,
    '--output=cat',
    '--lines=1',
    '_TRANSPORT=driver',
  ]);
  return stdout !== '';
}

/** How often an end is looked for, and how long after one another in milliseconds: podman tells of it when it has tidied up. */
const LOOKS_FOR_END = { 'just now': 30, before: 5 } as const;
const LOOK_EVERY = 100;

/**
 * journald tells what it has dropped in the system's journal, which not every user may read, and late. podman's events go
 * the same way as the log: where a container's end is not among them, it was dropped, and what was logged before as well.
 */
async function lacksEnd(run: ProcessRunner, id: string, looks: number, sleep: Sleep): Promise<boolean> {
  for (let look = 0; look < looks; look++) {
    const { stdout } = await run.query(JOURNALCTL, [...QUIET, ...EVENTS, `PODMAN_ID=${id}`]);
    const count = (event: string) => stdout.split(`PODMAN_EVENT=${event}\n`).length - 1;
    // Where podman logs its events elsewhere, there is nothing to be seen.
    if (count('start') === 0 || count('died') >= count('start')) return false;
    await sleep(LOOK_EVERY, new AbortController().signal);
  }
  return true;
}

/** Of this boot: a machine that has lost its power has logged no end. */
const EVENTS = ['--boot', '--output=export', '--output-fields=PODMAN_EVENT'] as const;
