import { commandClient } from '../../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { commandReader } from '../../../src/podman/logs/command-reader.ts';
import { journalReader } from '../../../src/podman/logs/journal-reader.ts';
import type { ContainerEnd, LogReader, LogStart } from '../../../src/podman/logs/record.ts';
import type { ProcessRunner } from '../../../src/platform/process.ts';

/** A runner whose programs print a given text at once. */
function printing(print: (line: string) => string): ProcessRunner & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const said = (args: readonly string[]) => {
    lines.push(args.join(' '));
    return print(args.join(' '));
  };
  const never = () => {
    throw new Error('nothing of the kind is run here');
  };
  return {
    lines,
    query: (program, args) =>
      Promise.resolve({ kind: 'exited', exitCode: 0, stdout: said([program, ...args]), stderr: '' }),
    read: (program, args) => ({
      output: (async function* () {
        yield await Promise.resolve(Buffer.from(said([program, ...args])));
      })(),
      end: Promise.resolve({ kind: 'exited', exitCode: 0, stderr: '' }),
      stop: () => undefined,
    }),
    execute: never,
    start: never,
    attach: never,
  };
}

const noSleep = () => Promise.resolve();

async function textsOf(reader: LogReader): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const records of reader.read()) texts.push(...records.map(({ text }) => text.toString()));
  return texts;
}

suite('the log of a remote podman', () => {
  const log = ['2026-01-02T03:04:05.1Z one', '2026-01-02T03:04:05.2Z two', '2026-01-02T03:04:05.2Z three'];
  const open = async (start: LogStart) => {
    const run = printing(() => `${log.join('\n')}\n`);
    return { run, ...(await commandReader(commandClient(run, 'podman'), 'web-app', start, noSleep)) };
  };

  test('is read without --follow, both streams together', async () => {
    const { run, reader } = await open({});
    assert.deepEqual(await textsOf(reader), ['one', 'two', 'three']);
    assert.deepEqual(run.lines, ['sh -c exec "$@" 2>&1 sh podman logs --timestamps web-app']);
  });

  test('is read again from its last line, each line once', async () => {
    const { run, reader } = await open({});
    await textsOf(reader);
    log.push('2026-01-02T03:04:05.2Z four', '2026-01-02T03:04:06Z five');
    assert.deepEqual(await textsOf(reader), ['four', 'five']);
    assert.match(run.lines[1] ?? '', /--since 2026-01-02T03:04:04\.200Z web-app$/);
    assert.deepEqual(await textsOf(reader), []);
  });

  test('is counted for --tail', async () => {
    assert.equal((await open({ tail: 2 })).surplus, 3);
    assert.equal(
      (await open({ tail: 9, since: BigInt(Date.parse('2026-01-02T03:04:06Z')) * 1_000_000n })).surplus,
      4,
    );
  });

  test('that podman cannot read is reported', async () => {
    const run = printing(() => 'Error: no container with name or ID "web-app" found: no such container\n');
    const { reader } = await commandReader(commandClient(run, 'podman'), 'web-app', {}, noSleep);
    assert.deepEqual(await textsOf(reader), []);
    assert.equal((await reader.trouble('before'))?.severity, 'error');
  });
});

suite('messages that journald dropped', () => {
  const entry = (second: number) =>
    `__CURSOR=c${second}\n__REALTIME_TIMESTAMP=${1767323045000000 + second * 1e6}\nPRIORITY=6\nMESSAGE=hello\n_SYSTEMD_UNIT=user@1.service\n\n`;

  async function troubleOf(
    says: { readonly dropped?: string; readonly events?: string; readonly own?: string },
    end: ContainerEnd = 'just now',
    entries = entry(0),
  ) {
    const run = printing((line) => {
      if (line.includes('MESSAGE_ID=')) return says.dropped ?? '';
      if (line.includes('PODMAN_ID=')) return says.events ?? '';
      return line.includes('_TRANSPORT=') ? (says.own ?? '') : entries;
    });
    const { reader } = await journalReader(run, 'abc', {}, noSleep);
    await textsOf(reader);
    const trouble = await reader.trouble(end);
    return { message: trouble?.message ?? '', help: trouble?.help ?? '' };
  }

  const STARTED = 'PODMAN_EVENT=start\n';
  const ENDED = `${STARTED}PODMAN_EVENT=died\n`;

  test("are reported from journald's message for the same unit, with the setting of the limit", async () => {
    const dropped = [
      'Suppressed 7 messages from user@1.service',
      'Suppressed 90 messages from user@2.service',
      'Suppressed 5 messages from user@1.service',
    ].join('\n');
    const { message, help } = await troubleOf({ dropped, events: ENDED });
    assert.match(message, /^journald dropped 12 messages of user@1\.service because of its rate limit/);
    assert.match(help, /RateLimitBurst=/);
  });

  test('are detected by the missing end of a container', async () => {
    assert.match((await troubleOf({ events: STARTED })).message, /^journald dropped messages of user@1/);
    assert.match(
      (await troubleOf({ events: STARTED }, 'before', '')).message,
      /^journald dropped messages because/,
    );
    assert.equal((await troubleOf({ events: STARTED }, 'not yet')).message, '');
    assert.equal((await troubleOf({ events: ENDED })).message, '');
    // podman writes its events elsewhere.
    assert.equal((await troubleOf({})).message, '');
  });

  test("are possible after a burst, for users who cannot read journald's messages", async () => {
    const burst = entry(1).repeat(10_000);
    assert.match(
      (await troubleOf({ events: ENDED }, 'just now', burst)).message,
      /^journald may have dropped/,
    );
    assert.equal((await troubleOf({ events: ENDED, own: 'Journal started' }, 'just now', burst)).message, '');
    const slow = Array.from({ length: 10_000 }, (_, index) => entry(index)).join('');
    assert.equal((await troubleOf({ events: ENDED }, 'just now', slow)).message, '');
  });
});
