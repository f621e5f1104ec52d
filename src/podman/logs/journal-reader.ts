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
/** The delay of journald after conmon has sent a message, in milliseconds. */
const DELAY = 200;
/** SD_MESSAGE_JOURNAL_DROPPED: journald's message about dropped messages, at the end of the rate limit interval. */
const DROPPED = 'a596d6fe7bfa4994828e72309e95d61e';

/** Whether this user can read a journal. */
export async function hasJournal(run: ProcessRunner): Promise<boolean> {
  return succeeded(await run.query(JOURNALCTL, [...QUIET, '--lines=0']));
}

/**
 * Reads the messages of the log driver journald with `journalctl`: `podman logs` does not mark parts of a line. A
 * following journalctl ends when podpose ends, however it ends: it notices that its pipe is closed.
 * @param id podman's full ID of the container
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
      if (dropped > 0) return lost(`dropped ${dropped} messages`, unit);
      if (end !== 'not yet' && (await lacksEnd(run, id, END_CHECKS[end], sleep)))
        return lost('dropped messages', unit);
      // A user who can read journald's own messages would have been informed above.
      return bursts.most() >= LIMIT.burst && !(await seesJournald(run))
        ? lost('may have dropped messages', unit)
        : undefined;
    },
    close: () => Promise.resolve(),
  };
  return { reader, surplus };
}

/** In whole seconds; the lines themselves are compared exactly. */
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
    message: `journald ${messages}${unit === '' ? '' : ` of ${unit}`} because of its rate limit: lines of this log may be missing`,
    help: 'Raise RateLimitBurst= in /etc/systemd/journald.conf, or set \'log_driver = "k8s-file"\' in containers.conf, which has no limit.',
  };
}

/**
 * The number of messages that journald reports as dropped. The rate limit applies to all services of a user together.
 * journald reports after the interval, when the user logs again.
 */
async function countDropped(run: ProcessRunner, unit: string, first: string): Promise<number> {
  const since = sinceOption(nanosecondsOf(first) ?? 0n);
  const { stdout } = await run.query(JOURNALCTL, [...QUIET, '--output=cat', since, `MESSAGE_ID=${DROPPED}`]);
  return [...stdout.matchAll(/^Suppressed (\d+) messages from (.+)$/gm)]
    .filter(([, , from]) => from === unit)
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

/** journald's default limit: messages per interval in milliseconds. On large disks the limit is higher. */
const LIMIT = { burst: 10_000, interval: 30_000 } as const;

/** The maximum number of records within an interval. */
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

/** Whether this user can read journald's own messages. */
async function seesJournald(run: ProcessRunner): Promise<boolean> {
  const { stdout } = await run.query(JOURNALCTL, [
    ...QUIET,
    '--output=cat',
    '--lines=1',
    '_TRANSPORT=driver',
  ]);
  return stdout !== '';
}

/**
 * How often podman's event for the end of a container is checked, and the interval in milliseconds: podman writes it
 * after its cleanup.
 */
const END_CHECKS = { 'just now': 30, before: 5 } as const;
const CHECK_INTERVAL = 100;

/**
 * Whether the end of a container is missing from podman's events in the journal. journald reports dropped messages in
 * the system journal, which not every user can read, and late. podman's events take the same way as the log: if the end
 * of a container is missing, it was dropped, and probably lines before it.
 */
async function lacksEnd(run: ProcessRunner, id: string, checks: number, sleep: Sleep): Promise<boolean> {
  for (let check = 0; check < checks; check++) {
    const { stdout } = await run.query(JOURNALCTL, [...QUIET, ...EVENTS, `PODMAN_ID=${id}`]);
    const count = (event: string) => stdout.split(`PODMAN_EVENT=${event}\n`).length - 1;
    // podman may write its events elsewhere.
    if (count('start') === 0 || count('died') >= count('start')) return false;
    await sleep(CHECK_INTERVAL, new AbortController().signal);
  }
  return true;
}

/** Of this boot only: after a power failure, no end is logged. */
const EVENTS = ['--boot', '--output=export', '--output-fields=PODMAN_EVENT'] as const;
