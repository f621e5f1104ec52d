import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ContainerLifecycle, Probe, ProbeKind, ProbeSettings } from '../../src/kube/spec/probe.ts';
import {
  advanceProbes,
  containerProbes,
  probeStatus,
  type ContainerProbes,
  type ProbeEvent,
  type ProbeNotice,
  type ProbesStep,
} from '../../src/kubelet/container-probes.ts';
import type { ProbeResult } from '../../src/kubelet/probe-worker.ts';

function probe(settings: Partial<ProbeSettings> = {}): Probe {
  return {
    httpGet: { port: 8080, path: '/', scheme: 'HTTP', httpHeaders: [] },
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
    ...settings,
  };
}

/** One line of what happens, with the time in seconds. */
type Line = readonly [seconds: number, what: string];

type Answers = (probe: ProbeKind, seconds: number) => ProbeResult['outcome'];

interface Run {
  readonly lines: readonly Line[];
  readonly probes: ContainerProbes;
  readonly begun: readonly (readonly [probe: ProbeKind, seconds: number])[];
}

/** A container that starts at 0 and is probed until a time; each probe takes 1 ms. */
function run(container: ContainerLifecycle, answers: Answers, untilSeconds: number): Run {
  const lines: Line[] = [];
  const begun: [ProbeKind, number][] = [];
  const returns: { readonly at: number; readonly event: ProbeEvent }[] = [];
  let probes = containerProbes(container);
  let status = probeStatus(probes);
  let nextAt = 0;
  let event: ProbeEvent = { kind: 'started', startedAt: 0 };
  for (let now = 0; now <= untilSeconds * 1000;) {
    const step: ProbesStep = advanceProbes(probes, event, now);
    ({ probes, nextAt } = step);
    for (const kind of step.begin) {
      begun.push([kind, now / 1000]);
      const result = { outcome: answers(kind, now / 1000), message: 'x' };
      returns.push({ at: now + 1, event: { kind: 'returned', probe: kind, run: probes.run, result } });
    }
    const after = probeStatus(probes);
    const seconds = Math.floor(now / 10) / 100;
    if (after.started !== status.started) lines.push([seconds, after.started ? 'started' : 'not started']);
    if (after.ready !== status.ready) lines.push([seconds, after.ready ? 'ready' : 'not ready']);
    if (step.kill !== undefined) lines.push([seconds, `kill: ${step.kill.message}`]);
    status = after;
    const returned = returns.shift();
    event = returned?.event ?? { kind: 'time' };
    const next = returned?.at ?? nextAt;
    assert.ok(next > now || returned !== undefined || next === Infinity, 'a step without progress');
    now = Math.max(now, next);
  }
  return { lines, probes, begun };
}

const always = (outcome: ProbeResult['outcome']) => () => outcome;
const from =
  (second: number): Answers =>
  (_, seconds) =>
    seconds >= second ? 'success' : 'failure';
const until =
  (second: number): Answers =>
  (_, seconds) =>
    seconds < second ? 'success' : 'failure';
const each =
  (answers: Partial<Record<ProbeKind, Answers>>): Answers =>
  (kind, seconds) =>
    answers[kind]?.(kind, seconds) ?? 'success';

const WORDS = 'GET :8080/ -> x, 3 of 3 failed';

const rows: readonly (readonly [
  name: string,
  container: ContainerLifecycle,
  answers: Answers,
  lines: readonly Line[],
])[] = [
  [
    'no probe',
    {},
    always('failure'),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
  [
    'readiness: at once',
    { readinessProbe: probe() },
    always('success'),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
  ['readiness: never', { readinessProbe: probe() }, always('failure'), [[0, 'started']]],
  [
    'readiness: soon after it answers',
    { readinessProbe: probe() },
    from(1),
    [
      [0, 'started'],
      [1.12, 'ready'],
    ],
  ],
  [
    'readiness: after a delay',
    { readinessProbe: probe({ initialDelaySeconds: 5 }) },
    always('success'),
    [
      [0, 'started'],
      [5, 'ready'],
    ],
  ],
  [
    'readiness: two successes',
    { readinessProbe: probe({ successThreshold: 2, periodSeconds: 3 }) },
    always('success'),
    [
      [0, 'started'],
      [3, 'ready'],
    ],
  ],
  [
    'readiness: lost after three failures',
    { readinessProbe: probe() },
    until(30),
    [
      [0, 'started'],
      [0, 'ready'],
      [50, 'not ready'],
    ],
  ],
  ['readiness: no result', { readinessProbe: probe() }, always('error'), [[0, 'started']]],
  [
    'readiness: a warning is a success',
    { readinessProbe: probe() },
    always('warning'),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
  [
    'readiness: not disturbed by one failure',
    { readinessProbe: probe() },
    (_, seconds) => (seconds === 30 ? 'failure' : 'success'),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
  [
    'liveness: ready without',
    { livenessProbe: probe() },
    always('failure'),
    [
      [0, 'started'],
      [0, 'ready'],
      [20, `kill: liveness ${WORDS}`],
    ],
  ],
  [
    'liveness: after a delay',
    { livenessProbe: probe({ initialDelaySeconds: 7, periodSeconds: 2 }) },
    always('failure'),
    [
      [0, 'started'],
      [0, 'ready'],
      [11, `kill: liveness ${WORDS}`],
    ],
  ],
  [
    'liveness: at the first failure',
    { livenessProbe: probe({ failureThreshold: 1 }) },
    until(20),
    [
      [0, 'started'],
      [0, 'ready'],
      [20, 'kill: liveness GET :8080/ -> x, 1 of 1 failed'],
    ],
  ],
  [
    'liveness: no result kills nothing',
    { livenessProbe: probe() },
    always('error'),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
  [
    'startup: gates the others',
    {
      startupProbe: probe({ periodSeconds: 1, failureThreshold: 30 }),
      readinessProbe: probe(),
      livenessProbe: probe(),
    },
    each({ startup: from(4) }),
    [
      [4, 'started'],
      [4, 'ready'],
    ],
  ],
  [
    'startup: then a delay',
    {
      startupProbe: probe({ periodSeconds: 1, failureThreshold: 30 }),
      readinessProbe: probe({ initialDelaySeconds: 6 }),
    },
    each({ startup: from(4) }),
    [
      [4, 'started'],
      [6, 'ready'],
    ],
  ],
  [
    'startup: kills after its failures',
    { startupProbe: probe({ periodSeconds: 1 }), livenessProbe: probe() },
    always('failure'),
    [[2, `kill: startup ${WORDS}`]],
  ],
  [
    'startup: no further probe after its success',
    { startupProbe: probe({ periodSeconds: 1 }) },
    until(1),
    [
      [0, 'started'],
      [0, 'ready'],
    ],
  ],
];

for (const [name, container, answers, lines] of rows)
  test(name, () => {
    assert.deepEqual(run(container, answers, 60).lines, lines);
  });

test('the times of probes: of a period, and closer at the beginning of readiness', () => {
  const times = (container: ContainerLifecycle, answers: Answers) =>
    run(container, answers, 40).begun.map(([, seconds]) => Math.round(seconds * 100) / 100);
  assert.deepEqual(times({ livenessProbe: probe() }, always('success')), [0, 10, 20, 30, 40]);
  assert.deepEqual(
    times({ readinessProbe: probe() }, always('failure')),
    [0, 0.25, 0.5, 0.75, 1.13, 1.69, 2.53, 3.8, 5.7, 8.54, 12.81, 19.22, 28.83, 38.83],
  );
  assert.deepEqual(
    times({ readinessProbe: probe({ periodSeconds: 1 }) }, until(0)).slice(0, 8),
    [0, 0.25, 0.5, 0.75, 1.13, 1.69, 2.53, 3.53],
  );
  assert.deepEqual(times({ readinessProbe: probe() }, always('success')), [0, 10, 20, 30]);
});

/** The events in turn, with the time in seconds. */
function after(container: ContainerLifecycle, ...events: readonly (readonly [number, ProbeEvent])[]) {
  let probes = containerProbes(container);
  let last: ProbesStep | undefined;
  const notices: ProbeNotice[] = [];
  for (const [seconds, event] of events) {
    last = advanceProbes(probes, event, seconds * 1000);
    probes = last.probes;
    notices.push(...last.notices);
  }
  assert.ok(last);
  return { ...last, notices, status: probeStatus(probes) };
}

const started: ProbeEvent = { kind: 'started', startedAt: 0 };
const ended: ProbeEvent = { kind: 'ended' };
const time: ProbeEvent = { kind: 'time' };
const returned = (kind: ProbeKind, outcome: ProbeResult['outcome'], runNumber = 1): ProbeEvent => ({
  kind: 'returned',
  probe: kind,
  run: runNumber,
  result: { outcome, message: '503' },
});

test('a probe that does not return holds up only itself', () => {
  const both = { readinessProbe: probe(), livenessProbe: probe() };
  const { begin } = after(both, [0, started], [1, returned('readiness', 'success')], [60, time]);
  assert.deepEqual(begin, ['readiness']);
});

test('a slow probe is repeated at once, and once only', () => {
  const { begin, nextAt } = after(
    { livenessProbe: probe() },
    [0, started],
    [35, returned('liveness', 'success')],
  );
  assert.deepEqual(begin, ['liveness']);
  assert.equal(nextAt, Infinity);
  const next = after(
    { livenessProbe: probe() },
    [0, started],
    [35, returned('liveness', 'success')],
    [36, returned('liveness', 'success')],
  );
  assert.deepEqual([next.begin, next.nextAt], [[], 45_000]);
});

test('a container that has ended is neither ready nor started, and is not probed', () => {
  const { begin, nextAt, status } = after(
    { readinessProbe: probe() },
    [0, started],
    [1, returned('readiness', 'success')],
    [5, ended],
    [60, time],
  );
  assert.deepEqual(
    { begin, nextAt, status },
    { begin: [], nextAt: Infinity, status: { started: false, ready: false } },
  );
});

test('the next container begins anew: thresholds, states, delay', () => {
  const container = { livenessProbe: probe({ initialDelaySeconds: 3 }), readinessProbe: probe() };
  const { status, kill, nextAt } = after(
    container,
    [0, started],
    [1, returned('readiness', 'success')],
    [3, time],
    [4, returned('liveness', 'failure')],
    [13, time],
    [14, returned('liveness', 'failure')],
    [15, ended],
    [16, { kind: 'started', startedAt: 16_000 }],
    [16.1, returned('readiness', 'failure', 2)],
    [19, time],
    [20, returned('liveness', 'failure', 2)],
  );
  assert.deepEqual(status, { started: true, ready: false });
  assert.equal(kill, undefined);
  assert.ok(nextAt > 20_000);
});

test('a result of the container before it does not count', () => {
  const { status } = after(
    { readinessProbe: probe() },
    [0, started],
    [1, ended],
    [2, { kind: 'started', startedAt: 2000 }],
    [3, returned('readiness', 'success', 1)],
  );
  assert.deepEqual(status, { started: true, ready: false });
});

test('a killed container is not probed until the next one', () => {
  const { begin, nextAt } = after(
    { livenessProbe: probe({ failureThreshold: 1 }) },
    [0, started],
    [1, returned('liveness', 'failure')],
    [60, time],
  );
  assert.deepEqual([begin, nextAt], [[], Infinity]);
});

test('while a pod stops, readiness is probed and liveness is not; if it goes on, both are', () => {
  const all = {
    startupProbe: probe(),
    readinessProbe: probe(),
    livenessProbe: probe({ failureThreshold: 1 }),
  };
  const before = after(
    all,
    [0, started],
    [1, returned('startup', 'success')],
    [1, returned('readiness', 'success')],
  );
  const stopping = advanceProbes(before.probes, returned('liveness', 'failure'), 3000, true);
  assert.deepEqual([stopping.begin, stopping.kill], [[], undefined], 'it had begun before');
  const later = advanceProbes(stopping.probes, time, 30_000, true);
  assert.deepEqual([later.begin, later.nextAt], [['readiness'], Infinity]);
  assert.deepEqual(advanceProbes(later.probes, time, 40_000).begin, ['liveness']);
});

test('a watcher that takes over keeps what was known, and probes at once', () => {
  const all = { startupProbe: probe(), readinessProbe: probe(), livenessProbe: probe() };
  const known = { started: true, ready: true };
  const taken = after(all, [900, { kind: 'started', startedAt: 0, known }]);
  assert.deepEqual(taken.status, known);
  assert.deepEqual(taken.begin, ['readiness', 'liveness']);
  const unknown = after(all, [900, { kind: 'started', startedAt: 0 }]);
  assert.deepEqual([unknown.status, unknown.begin], [{ started: false, ready: false }, ['startup']]);
});

test('notices: each failure, each warning, and what changed', () => {
  const { notices } = after(
    { readinessProbe: probe({ failureThreshold: 2 }) },
    [0, started],
    [0, returned('readiness', 'warning')],
    [10, time],
    [10, returned('readiness', 'failure')],
    [20, time],
    [20, returned('readiness', 'failure')],
    [20, time],
  );
  assert.deepEqual(
    notices.map(({ kind, message }) => `${kind}: ${message}`),
    [
      'warning: Readiness probe warning: GET :8080/ -> 503',
      'changed: readiness GET :8080/ -> 503',
      'unhealthy: Readiness probe failed: GET :8080/ -> 503',
      'unhealthy: Readiness probe failed: GET :8080/ -> 503',
      'changed: readiness GET :8080/ -> 503, 2 of 2 failed',
    ],
  );
});

test('the grace period of a probe comes with the kill', () => {
  const container = { livenessProbe: probe({ failureThreshold: 1, terminationGracePeriodSeconds: 5 }) };
  const { kill } = after(container, [0, started], [1, returned('liveness', 'failure')]);
  assert.deepEqual(kill, {
    probe: 'liveness',
    message: 'liveness GET :8080/ -> 503, 1 of 1 failed',
    gracePeriodSeconds: 5,
  });
});

/* Properties: any probes, any events in any order, against counters that are kept beside. */

const anyProbe = fc
  .record({
    initialDelaySeconds: fc.nat(8),
    periodSeconds: fc.integer({ min: 1, max: 8 }),
    failureThreshold: fc.integer({ min: 1, max: 4 }),
  })
  .map(probe);
const anyContainer = fc.record(
  {
    startupProbe: anyProbe,
    readinessProbe: fc
      .tuple(anyProbe, fc.integer({ min: 1, max: 3 }))
      .map(([settings, successThreshold]) => ({ ...settings, successThreshold })),
    livenessProbe: anyProbe,
  },
  { requiredKeys: [] },
);
const anyOutcome = fc.constantFrom<ProbeResult['outcome']>(
  'success',
  'warning',
  'failure',
  'failure',
  'error',
);
const anyAction = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(6) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('return' as const), which: fc.nat(2), outcome: anyOutcome }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: 'restart' as const }, { kind: 'end' as const }),
  },
);

test('property: probes neither pile up nor come early, thresholds decide, and ready implies started', () => {
  fc.assert(
    fc.property(anyContainer, fc.array(anyAction, { maxLength: 60 }), (container, actions) => {
      let [probes, now, startedAt] = [containerProbes(container), 0, -1];
      let underWay: readonly ProbeKind[] = [];
      let counts: Partial<Record<ProbeKind, number>> = {};
      const dead = new Set<ProbeKind>();
      const apply = (event: ProbeEvent) => {
        const step = advanceProbes(probes, event, now);
        ({ probes } = step);
        for (const kind of step.begin) {
          assert.ok(!underWay.includes(kind), `${kind} piles up`);
          assert.ok(startedAt >= 0, `${kind} of no container`);
          const spec = container[`${kind}Probe`];
          assert.ok(
            spec !== undefined && now >= startedAt + spec.initialDelaySeconds * 1000,
            `${kind} early`,
          );
          assert.ok(kind === 'startup' || probeStatus(probes).started, `${kind} before startup`);
          assert.ok(!dead.has(kind), `${kind} of a killed container`);
        }
        underWay = [...underWay, ...step.begin];
        assert.ok(step.nextAt > now, 'a step that leaves something due');
        const { started: isStarted, ready } = probeStatus(probes);
        assert.ok(!ready || isStarted);
        assert.ok(!isStarted || startedAt >= 0);
        return step;
      };
      const begin = () => {
        [underWay, counts, startedAt] = [[], {}, now];
        dead.clear();
        apply({ kind: 'started', startedAt });
      };
      begin();
      for (const action of actions)
        if (action.kind === 'wait') {
          now += action.seconds * 1000;
          apply(time);
        } else if (action.kind === 'restart') begin();
        else if (action.kind === 'end') {
          [underWay, startedAt] = [[], -1];
          apply(ended);
        } else {
          const kind = underWay[action.which];
          if (kind === undefined) continue;
          underWay = underWay.filter((other) => other !== kind);
          const { outcome } = action;
          const failures =
            outcome === 'failure' ? (counts[kind] ?? 0) + 1 : outcome === 'error' ? counts[kind] : 0;
          counts = { ...counts, [kind]: failures ?? 0 };
          const mustDie = kind !== 'readiness' && failures === container[`${kind}Probe`]?.failureThreshold;
          if (mustDie) dead.add(kind);
          const { kill } = apply(returned(kind, outcome, probes.run));
          assert.equal(kill?.probe, mustDie ? kind : undefined);
        }
    }),
    { numRuns: 300 },
  );
});

test('property: a probe is not run more often than once a period, once the container is ready', () => {
  fc.assert(
    fc.property(anyProbe, fc.constantFrom<ProbeKind>('readiness', 'liveness'), (settings, kind) => {
      const { begun } = run({ [`${kind}Probe`]: settings }, always('success'), 100);
      const most = Math.floor((100 - settings.initialDelaySeconds) / settings.periodSeconds) + 2;
      assert.ok(begun.length <= most, `${begun.length} > ${most}`);
      assert.ok(begun.length >= most - 2, `${begun.length} < ${most - 2}`);
    }),
    { numRuns: 100 },
  );
});
