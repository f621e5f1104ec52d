import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingProbe } from '../../src/kube/status/missing-probe.ts';
import type { WatchedFacts } from '../../src/kube/status/facts.ts';
import type { PodDecision } from '../../src/plan/decide/decision.ts';
import { checkChanges, probedContainers } from '../../src/plan/decide/checks.ts';
import { describeReason } from '../../src/plan/describe.ts';
import { observedContainer, podOf } from '../support/desired.ts';

const READINESS = 'readiness GET :80/ -> 503, 3 of 3 failed';
const PROBE = {
  ...{ initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1 },
  ...{ failureThreshold: 3, tcpSocket: { port: 80 } },
};

const [web, plain] = [podOf('web', 'Always', 'app', 'aside'), podOf('plain', 'Always', 'app')];
const probed = {
  ...web,
  containers: web.containers.map((one) => (one.name === 'app' ? { ...one, readinessProbe: PROBE } : one)),
};
const container = {
  ...observedContainer('web-app', 'running'),
  owner: { project: 'demo', pod: 'web', role: 'container', name: 'app' },
  labels: { 'podpose.watched': 'true' },
} as const;

test('the watcher is asked about running containers with probes', () => {
  const asked = (one: object) =>
    probedContainers([probed, plain], { pods: [], containers: [{ ...container, ...one }] });
  assert.deepEqual(asked({}).length, 1);
  assert.deepEqual(asked({ state: 'exited' }), []);
  assert.deepEqual(asked({ labels: {} }), []);
  assert.deepEqual(asked({ name: 'web-aside' }), []);
});

test('a kept container that is not ready is a difference, unless it crashes again and again', () => {
  const kept = { desired: probed, pod: { kind: 'keep' }, init: [], containers: [] } as unknown as PodDecision;
  const known = { containers: [container], notReady: new Map([[container.id, READINESS]]) };
  const [change, ...others] = checkChanges(kept, known);
  assert.ok(change !== undefined && others.length === 0);
  assert.deepEqual(
    [change.action, change.subject],
    ['check', { kind: 'container', pod: 'web', role: 'container', name: 'app' }],
  );
  assert.equal(describeReason(change.reason), `not ready (${READINESS})`);
  const crashing = checkChanges(kept, { ...known, crashLoops: new Map([[container.id, 2]]) });
  assert.deepEqual(
    crashing.map(({ reason }) => reason.kind),
    ['crash-looping'],
  );
  const replaced = { ...kept, pod: { kind: 'replace', reason: { kind: 'force-recreate' } } } as const;
  assert.deepEqual(checkChanges(replaced, known), []);
});

test('the probe that keeps a container from being ready', () => {
  const probes = ['startup exec check -> exit code 1, 1 of 3 failed', READINESS];
  const rows: readonly (readonly [Partial<WatchedFacts>, string | undefined])[] = [
    [{ started: true, ready: true, probes }, undefined],
    [{ probes: [] }, undefined],
    [{ started: false, ready: false, probes }, probes[0]],
    [{ started: true, ready: false, probes }, READINESS],
    [{ ready: false }, 'readiness probe'],
  ];
  for (const [facts, expected] of rows) assert.equal(missingProbe({ restarts: 0, ...facts }), expected);
});
