import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TracedSpan } from '../../src/platform/trace.ts';
import { memoryRecorder } from '../../src/platform/node/trace-recorder.ts';
import { chromeTrace } from '../../src/view/trace/chrome-trace.ts';
import { placeSpans } from '../../src/view/trace/lanes.ts';

let lastId = 0;
function span(name: string, start: number, end: number, more: Partial<TracedSpan> = {}): TracedSpan {
  lastId += 1;
  return { id: lastId, name, kind: 'request', start, end, details: {}, ...more };
}

function lanesOf(...spans: readonly TracedSpan[]): Readonly<Record<string, number>> {
  return Object.fromEntries(placeSpans(spans).map(({ span: { name }, lane }) => [name, lane]));
}

void test('spans that overlap have lanes of their own, and a free lane is used again', () => {
  const lanes = lanesOf(span('a', 0, 10), span('b', 5, 15), span('c', 10, 12), span('d', 15, 20));
  assert.deepEqual(lanes, { a: 1, b: 2, c: 1, d: 1 });
});

void test('a span inside its parent is on its lane; a second one at the same time, and one that outlasts it, are not', () => {
  const step = span('step', 0, 10, { kind: 'step' });
  const parent = step.id;
  const lanes = lanesOf(
    span('first', 0, 6, { parent }),
    span('second', 1, 4, { parent }),
    span('late', 8, 12, { parent }),
    span('longer', 0, 11, { parent }),
    step,
  );
  assert.deepEqual(lanes, { longer: 1, step: 2, first: 2, second: 3, late: 3 });
});

void test('phases are on the first lane as long as they nest', () => {
  const kind = 'phase';
  const lanes = lanesOf(
    span('up', 0, 10, { kind }),
    span('apply', 2, 8, { kind }),
    span('apply again', 7, 9, { kind }),
    span('request', 1, 2),
  );
  assert.deepEqual(lanes, { up: 0, apply: 0, 'apply again': 1, request: 1 });
});

void test('a trace has microseconds, and redacts names and details', () => {
  const text = chromeTrace(
    [span('GET /s3cret', 1.2344, 2.5, { details: { path: '/s3cret?a', status: 200 } })],
    {
      startedAt: 0,
      redact: (shown) => shown.replaceAll('s3cret', '***'),
    },
  );
  const { traceEvents } = JSON.parse(text) as { traceEvents: readonly unknown[] };
  assert.deepEqual(traceEvents.at(-1), {
    name: 'GET /***',
    cat: 'request',
    ph: 'X',
    ts: 1234,
    dur: 1266,
    pid: 1,
    tid: 1,
    args: { path: '/***?a', status: 200 },
  });
});

void test('a span belongs to the step of its asynchronous execution, until the step has ended', async () => {
  let time = 0;
  const { recorder, spans } = memoryRecorder(() => (time += 1));
  const work = async (name: string) => {
    recorder.enter(undefined);
    const step = recorder.begin(name, 'step');
    recorder.enter(step);
    await Promise.resolve();
    recorder.begin(`request of ${name}`, 'request').end({ status: 200 });
    step.end();
    await Promise.resolve();
    recorder.add(`after ${name}`, 'wait', time);
  };
  await Promise.all([work('a'), work('b')]);
  recorder.begin('open', 'request');
  const byName = new Map(spans().map((found) => [found.name, found]));
  assert.equal(byName.get('request of a')?.parent, byName.get('a')?.id);
  assert.equal(byName.get('request of b')?.parent, byName.get('b')?.id);
  assert.deepEqual([byName.get('a')?.parent, byName.get('b')?.parent], [undefined, undefined]);
  assert.equal(byName.get('after a')?.parent, undefined);
  assert.deepEqual(byName.get('open')?.details, { unfinished: true });
});
