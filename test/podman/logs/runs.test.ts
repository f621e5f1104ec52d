import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lineJoiner, type LogLine } from '../../../src/podman/logs/join-lines.ts';
import { nanosecondsOf, type LogRecord } from '../../../src/podman/logs/record.ts';
import { tailSearch } from '../../../src/podman/logs/tail.ts';

const at = (second: number) => `2026-01-02T03:04:0${second}.5Z`;

function record(second: number, text: string, isPartial: boolean, run?: string): LogRecord {
  return {
    time: at(second),
    stream: 'stdout',
    isPartial,
    text: Buffer.from(text),
    ...(run === undefined ? {} : { run }),
  };
}

const shown = (lines: readonly LogLine[]) =>
  lines.map(
    ({ parts, begins, ends }) => `${begins ? '' : '…'}${Buffer.concat(parts).toString()}${ends ? '|' : ''}`,
  );

const BEGAN = nanosecondsOf(at(3));

void suite('an incomplete line before a restart of the container', () => {
  const byTime = [record(1, 'one ', true), record(2, 'two', true), record(4, 'again', false)];
  const byProcess = byTime.map((each, index) => ({ ...each, run: index < 2 ? '17' : '40' }));

  test('ends there, by the start time of the run or the logging process', () => {
    assert.deepEqual(shown(lineJoiner(undefined, () => BEGAN).push(byTime)), ['one two|', 'again|']);
    assert.deepEqual(shown(lineJoiner().push(byProcess)), ['one two|', 'again|']);
    assert.deepEqual(shown(lineJoiner().push(byTime)), ['one twoagain|'], 'nothing is known of runs');
  });

  test('ends there even if it was already shown', () => {
    const { push, flush } = lineJoiner(undefined, () => BEGAN);
    assert.deepEqual(shown([...push(byTime.slice(0, 1)), ...flush()]), ['one ']);
    assert.deepEqual(shown(push(byTime.slice(2))), ['…|', 'again|']);
  });

  test('continues within a run, whenever it started', () => {
    for (const began of [at(0), at(5)].map(nanosecondsOf))
      assert.deepEqual(shown(lineJoiner(undefined, () => began).push(byTime)), ['one twoagain|']);
  });

  test('counts as one of the last lines', () => {
    for (const [records, start] of [
      [byTime, { tail: 1, runBegan: BEGAN }],
      [byProcess, { tail: 1 }],
    ] as const) {
      const search = tailSearch(start);
      assert.equal([...records].reverse().findIndex(search.isBefore), 1);
      assert.equal(search.surplus(), 0);
    }
  });
});
