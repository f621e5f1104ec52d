import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logPrinter } from '../../src/view/log-printer.ts';
import type { LogLine } from '../../src/podman/logs/join-lines.ts';

const APP = { pod: 'web', container: 'app', name: 'web-app' };
const SIDE = { pod: 'web', container: 'side', name: 'web-side' };

function line(text: string, begins = true, ends = true): LogLine {
  return { time: '2026-01-02T03:04:05Z', stream: 'stdout', parts: [Buffer.from(text)], begins, ends };
}

function start(values: Readonly<Record<string, boolean>> = {}) {
  const chunks: Buffer[] = [];
  const pour = (bytes: Uint8Array) => {
    chunks.push(Buffer.from(bytes));
    return Promise.resolve();
  };
  const settings = { isColoured: false, noPrefix: false, timestamps: false, ...values };
  const printer = logPrinter({ ...settings, stdout: { pour } }, [APP, SIDE]);
  return { ...printer, chunks, shown: () => Buffer.concat(chunks).toString('latin1') };
}

test('an unfinished line is continued', async () => {
  const { print, end, shown } = start();
  await print(APP, [line('name? ', true, false)]);
  await print(APP, [line('none', false)]);
  await end();
  assert.equal(shown(), 'web app  | name? none\n');
});

test('after output of another container it gets a prefix again', async () => {
  const { print, end, shown } = start();
  await print(APP, [line('name? ', true, false)]);
  await print(SIDE, [line('busy'), line('')]);
  await print(APP, [line('none', false, false)]);
  await end();
  assert.equal(shown(), 'web app  | name? \nweb side | busy\nweb side |\nweb app  | none\n');
});

test('bytes are unchanged, and an unfinished last line stays unfinished', async () => {
  const { print, end, shown } = start({ noPrefix: true });
  await print(APP, [
    { ...line(''), parts: [Buffer.of(0xff, 0, 0xfe), Buffer.from('\r')] },
    line('x', true, false),
  ]);
  await end();
  assert.equal(shown(), '\xff\0\xfe\r\nx');
});

test('-t prefixes a line with one time', async () => {
  const { print, shown } = start({ timestamps: true });
  await print(APP, [line('a', true, false), line('b', false), line('')]);
  assert.equal(
    shown(),
    'web app  | 2026-01-02T03:04:05.000000000Z ab\nweb app  | 2026-01-02T03:04:05.000000000Z \n',
  );
});

test('-t has the time format of kubectl for all log drivers', async () => {
  const times = [
    ['2026-01-02T04:04:05.123456789+01:00', '2026-01-02T03:04:05.123456789Z'], // k8s-file
    ['2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123456000Z'], // journald
    ['2026-01-01T22:04:05-05:00', '2026-01-02T03:04:05.000000000Z'], // podman logs
    ['soon', 'soon'],
  ] as const;
  const { print, shown } = start({ timestamps: true, noPrefix: true });
  await print(
    APP,
    times.map(([time]) => ({ ...line('x'), time })),
  );
  assert.equal(shown(), times.map(([, time]) => `${time} x\n`).join(''));
});

test('a long line is written in chunks, and writers take turns', async () => {
  const { print, chunks, shown } = start({ noPrefix: true });
  const parts = Array.from({ length: 100 }, () => Buffer.alloc(8192, 'x'));
  await Promise.all([print(APP, [{ ...line(''), parts }]), print(SIDE, [line('y')])]);
  assert.equal(shown(), `${'x'.repeat(819_200)}\ny\n`);
  assert.ok(chunks.every(({ length }) => length < 80 * 1024));
});
