import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { displayWidth } from '../../src/view/terminal/display-width.ts';
import { readScreen, type Seen } from './screen.ts';

const rehearsal = join(dirname(fileURLToPath(import.meta.url)), 'tty-rehearsal.ts');
const [COLUMNS, ROWS] = [64, 16];
const SIZE = `cols ${COLUMNS} rows ${ROWS}`;

/** Runs the rehearsal in a pseudo-terminal that script(1) of util-linux makes. */
async function rehearse(
  ending: 'good' | 'bad' | 'cut' | 'none',
  redirection = '',
  size = SIZE,
): Promise<Seen> {
  const command = `stty ${size}; exec ${process.execPath} --import tsx ${rehearsal} ${ending} ${redirection}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm' },
    timeout: 30_000,
  });
  return readScreen(stdout);
}

describe('progress on a real terminal', { concurrency: 2 }, () => {
  test('a successful run', async () => {
    const { frames, last, cursorIsVisible } = await rehearse('good');
    assert.equal(
      last,
      [
        '✔ Pull images',
        '  ✔ nginx:1.27  pulled in 3.2 s',
        '✔ pod/web',
        '  ✔ pod            created in 0.4 s',
        '  ✔ init/fetch     completed in 12 s',
        '  ✔ init/setup     completed in 1 min 1 s',
        '  ✔ container/app  started in 0.3 s',
        '  ✔ container/log  started in 0.2 s',
        'the end',
      ].join('\n'),
    );
    assert.ok(cursorIsVisible);

    const retrying = frames.find((frame) => frame.includes('retrying in'));
    assert.match(retrying ?? '', /init\/fetch {5}failed \(exit code 1\), retrying in (10|9) s$/m);
    const output = frames.findLast((frame) => frame.includes('fetched 199 of 200')) ?? '';
    assert.match(output, /^ {4}› fetched 195 of 200 and on and on and .*…\n {6}fetched 196 of 200/m);
    assert.doesNotMatch(output, /fetched 194/);
    assert.match(output, /^ {2}◼ container\/app$/m);

    for (const frame of frames) {
      assert.ok(frame.split('\n').length <= ROWS, `higher than the terminal:\n${frame}`);
      assert.ok(
        frame.split('\n').every((line) => displayWidth(line) <= COLUMNS),
        `wider than the terminal:\n${frame}`,
      );
    }
  });

  test('an init container that fails', async () => {
    const { last, cursorIsVisible } = await rehearse('bad');
    assert.equal(
      last.split('\n').slice(2).join('\n'),
      [
        '⚠ pod/web',
        '  ✔ pod            created in 0.4 s',
        '  ✔ init/fetch     completed in 12 s',
        '  ✖ init/setup    failed (exit code 3), after 2 attempts (14 s)',
        '  ↓ container/app  skipped',
        '  ↓ container/log  skipped',
        'the end',
      ].join('\n'),
    );
    assert.ok(cursorIsVisible);
  });

  test('Ctrl-C during a pull: no check mark', async () => {
    const { frames, last } = await rehearse('cut');
    assert.equal(
      last,
      [
        '⚠ Pull images',
        '  ✖ nginx:1.27  interrupted (5.0 s)',
        '↓ pod/web',
        '  ↓ pod            skipped',
        '  ↓ init/fetch     skipped',
        '  ↓ init/setup     skipped',
        '  ↓ container/app  skipped',
        '  ↓ container/log  skipped',
        'the end',
      ].join('\n'),
    );
    for (const frame of frames) assert.doesNotMatch(frame, /✔/);
  });

  test('a run without a final event restores the terminal', async () => {
    const { last, cursorIsVisible } = await rehearse('none');
    assert.match(last, /init\/setup {2}running, \d s; finishing \(Ctrl-C again to abort\)$/m);
    assert.doesNotMatch(last, /✔ (?:pod\/web|init\/setup)/);
    assert.match(last, / {2}◼ container\/app\n {2}◼ container\/log\nthe end$/);
    assert.ok(cursorIsVisible);
  });

  test('a terminal without a size', async () => {
    const { last } = await rehearse('bad', '', 'cols 0 rows 0');
    assert.match(last, /^ {2}✖ init\/setup {5}failed \(exit code 3\), after 2 attempts \(14 s\)$/m);
  });

  test('a small terminal: running steps are shown, and every frame fits', async () => {
    const [columns, rows] = [36, 6];
    const { frames, last } = await rehearse('good', '', `cols ${columns} rows ${rows}`);
    for (const frame of frames) {
      // The cursor is on the line behind the last.
      assert.ok(frame.split('\n').length < rows, `too high:\n${frame}`);
      assert.ok(
        frame.split('\n').every((line) => displayWidth(line) < columns),
        `too wide:\n${frame}`,
      );
    }
    const running = frames.find((frame) => frame.includes('fetched 199 of'));
    assert.match(running ?? '', /^. pod\/web\n(?:.*\n)? {2}. init\/fetch +(?:running|failed)/);
    assert.match(running ?? '', /\n… \d more: \d waiting, \d done$/);
    assert.match(
      last,
      /^✔ Pull images\n {2}✔ nginx:1\.27 {2}pulled in 3\.2 s\n✔ pod\/web\n(.*\n){5}the end$/,
    );
  });

  test('redirected standard output makes no difference', async () => {
    const { last } = await rehearse('good', '>/dev/null');
    assert.match(last, /^✔ Pull images\n(.*\n)*.*container\/log {2}started in 0\.2 s$/);
  });
});
