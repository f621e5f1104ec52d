import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probeWords } from '../../src/kubelet/probe-words.ts';
import {
  containerEnded,
  containerStarted,
  probeReturned,
  probeWorker,
  type ProbeResult,
} from '../../src/kubelet/probe-worker.ts';
import type { Probe, ProbeKind } from '../../src/kube/spec/probe.ts';

const PROBE: Probe = {
  exec: { command: ['check'] },
  initialDelaySeconds: 0,
  periodSeconds: 1,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 2,
};
const FAILURE: ProbeResult = { outcome: 'failure', message: 'exit code 1' };

void test('the words of a probe after each result, and after a restart', () => {
  const rows: readonly (readonly [kind: ProbeKind, afterRestart: string])[] = [
    ['startup', 'startup exec check -> exit code 1'],
    ['liveness', 'liveness exec check -> exit code 1'],
    ['readiness', 'readiness exec check -> exit code 1'],
  ];
  for (const [kind, afterRestart] of rows) {
    let worker = containerStarted(probeWorker(kind, PROBE), 0);
    assert.equal(probeWords(worker), `${kind} exec check`);
    for (const count of [1, 2]) {
      worker = probeReturned(worker, FAILURE, count * 1000).worker;
      assert.equal(probeWords(worker), `${kind} exec check -> exit code 1, ${count} of 2 failed`);
    }
    worker = containerStarted(containerEnded(worker), 3000);
    assert.equal(probeWords(worker), afterRestart);
    worker = probeReturned(worker, FAILURE, 4000).worker;
    assert.match(probeWords(worker), /-> exit code 1, [12] of 2 failed$/);
    worker = probeReturned(worker, { outcome: 'success', message: '' }, 5000).worker;
    assert.equal(probeWords(worker), `${kind} exec check`);
  }
});
