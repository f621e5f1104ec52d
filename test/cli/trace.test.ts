import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, type Desk } from './support.ts';

const VALUE = 'hunter-two-two';
const SECRET = `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${VALUE}}\n`;
const WEB = `${SECRET}---\n${pod(
  'web',
  `  initContainers: [{name: setup, image: '${IMAGE}'}]
  containers:
  - {name: app, image: '${IMAGE}', env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}]}
  - {name: side, image: '${IMAGE}'}`,
)}`;

interface TraceEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

function readTrace(path: string): readonly TraceEvent[] {
  const trace = JSON.parse(readFileSync(path, 'utf8')) as { readonly traceEvents: readonly TraceEvent[] };
  return trace.traceEvents.filter(({ ph }) => ph === 'X');
}

/** Two spans of a lane are apart, or one contains the other. */
function assertNested(events: readonly TraceEvent[]): void {
  for (const [index, a] of events.entries())
    for (const b of events.slice(index + 1)) {
      const [endA, endB] = [a.ts + a.dur, b.ts + b.dur];
      const isApart = endA <= b.ts || endB <= a.ts;
      const contains = (a.ts <= b.ts && endB <= endA) || (b.ts <= a.ts && endA <= endB);
      assert.ok(a.tid !== b.tid || isApart || contains, `${a.name} and ${b.name} overlap on lane ${a.tid}`);
    }
}

const named = (events: readonly TraceEvent[], kind: string) =>
  events.filter(({ cat }) => cat === kind).map(({ name }) => name);

async function stepsOf(desk: Desk): Promise<readonly string[]> {
  const planned = await desk.podpose('plan', '--format', 'json', 'web.yaml');
  assertEnded(planned, 0);
  const { steps } = JSON.parse(planned.stdout) as { readonly steps: readonly { readonly id: string }[] };
  return steps.map(({ id }) => id).sort();
}

void describe('PODPOSE_TRACE', SIDE_BY_SIDE, () => {
  for (const service of ['60', 'off'])
    story(`has every step, request and command of up, service ${service}`, HAS_IMAGE, async (desk) => {
      desk.file('web.yaml', WEB);
      const steps = await stepsOf(desk);
      const path = join(desk.directory, 'trace.json');
      const env = { PODPOSE_TRACE: path, PODPOSE_SERVICE: service };
      const ended = await desk.run(['up', '-d', '-v', 'web.yaml'], { env });
      assertEnded(ended, 0);

      const events = readTrace(path);
      assert.deepEqual(named(events, 'step').sort(), steps);
      for (const { cat, args } of events) if (cat === 'step') assert.equal(args['outcome'], 'succeeded');
      const phases = named(events, 'phase');
      assert.deepEqual(phases.slice(0, 3), ['start node', 'load podpose.js', 'load trace']);
      assert.ok(phases.includes('podpose up') && phases.includes('apply'), phases.join());
      assert.equal(named(events, 'service').length, service === 'off' ? 0 : 1);
      assert.equal(named(events, 'request').length > 0, service !== 'off');
      // As `--verbose` prints them.
      const commands = events
        .filter(({ cat }) => cat === 'command')
        .map(({ args }) => String(args['command']));
      for (const command of commands) assert.ok(ended.stderr.includes(`$ ${command}\n`), command);
      if (service === 'off') assert.equal(commands.length, ended.stderr.match(/^\$ /gm)?.length, ended.story);
      assertNested(events);
      for (const { ts, dur } of events) assert.ok(ts >= 0 && dur >= 0);

      const text = readFileSync(path, 'utf8');
      for (const secret of [VALUE, Buffer.from(VALUE).toString('base64')]) assert.ok(!text.includes(secret));
      assert.equal(statSync(path).mode & 0o777, 0o600);
    });

  story('a failed step ends in the trace, without the message of podman', HAS_IMAGE, async (desk) => {
    desk.file('web.yaml', WEB);
    desk.fake.set({
      rules: [{ match: '^(?:run|create) .*web-side', exitCode: 125, stderr: `Error: odd ${VALUE}\n` }],
    });
    const path = join(desk.directory, 'trace.json');
    assertEnded(await desk.run(['up', '-d', 'web.yaml'], { env: { PODPOSE_TRACE: path } }), 1);
    const events = readTrace(path);
    const failed = events.filter(({ args }) => args['outcome'] === 'failed: command');
    assert.equal(failed.length, 1);
    assertNested(events);
    assert.ok(!readFileSync(path, 'utf8').includes(VALUE));
  });

  story('a file that cannot be written is a warning, and podpose runs', HAS_IMAGE, async (desk) => {
    desk.file('web.yaml', WEB);
    mkdirSync(join(desk.directory, 'taken'));
    for (const [path, code] of [
      ['missing/trace.json', 'ENOENT'],
      ['taken', 'EISDIR'],
      ['/dev/full', 'ENOSPC'],
    ] as const) {
      const ended = await desk.run(['up', '-d', 'web.yaml'], { env: { PODPOSE_TRACE: path } });
      assertEnded(ended, 0, `warning: ${path}: cannot write the trace (${code})`);
    }
    assert.deepEqual(desk.fake.things().pods, ['web']);
  });

  story('the service of an earlier run without a trace is used', HAS_IMAGE, async (desk) => {
    desk.file('web.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d', 'web.yaml'), 0);
    const path = join(desk.directory, 'trace.json');
    assertEnded(await desk.run(['plan', 'web.yaml'], { env: { PODPOSE_TRACE: path } }), 0);
    assert.deepEqual(named(readTrace(path), 'service'), ['connect to podman service']);
    assertEnded(await desk.run(['plan', 'web.yaml'], { env: { PODPOSE_TRACE: '' } }), 0);
    assert.equal(desk.fake.services().length, 1);
    assert.ok(!existsSync(join(desk.directory, 'undefined')));
  });
});
