import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/apply/events.ts';
import type { DiagnosticCode } from '../../src/base/diagnostic-code.ts';
import { addresslessPods, metConflict } from '../../src/engine/conflicts.ts';
import { followedBy, type Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import { explainPodmanFailure } from '../../src/podman/errors.ts';

function startOf(service: string): Step {
  return {
    id: `start-svc/${service}`,
    needs: [],
    cause: `svc/${service}`,
    operation: { kind: 'start-service', service },
  };
}

function planOf(services: readonly string[]): Plan {
  return {
    project: 'demo',
    warnings: [],
    changes: services.map((name) => ({
      subject: { kind: 'service', name },
      action: 'create',
      reason: { kind: 'absent' },
    })),
    steps: services.map(startOf),
  };
}

function failedWith(code: DiagnosticCode): Pick<Outcome, 'status' | 'failed'> {
  const diagnostic = { code, severity: 'error', message: '' } as const;
  return {
    status: 'failed',
    failed: [{ step: startOf('web'), failure: { kind: 'command', diagnostic } }],
  };
}

const PLACED = new Set(['web-svc']);

test('a change by others is a conflict, another failure is none', () => {
  assert.equal(metConflict(failedWith('name-in-use'), planOf(['web'])), true);
  assert.equal(metConflict(failedWith('no-space'), planOf(['web']), PLACED), false);
});

test('a container that is restarted is no other failure', () => {
  const conflict = failedWith('name-in-use');
  const diagnostic = { code: 'post-start-failed', severity: 'error', message: '' } as const;
  const failed = [
    ...conflict.failed,
    { step: startOf('web'), failure: { kind: 'restarting', diagnostic } as const },
  ];
  assert.equal(metConflict({ ...conflict, failed }, planOf(['web'])), true);
});

test('a taken port or address is a conflict only where podpose has chosen it', () => {
  for (const code of ['port-in-use', 'address-in-use'] as const) {
    assert.equal(metConflict(failedWith(code), planOf(['web']), PLACED), true);
    assert.equal(metConflict(failedWith(code), planOf(['web']), new Set(['other'])), false);
  }
});

test('a Service whose address is in use gets another one', () => {
  assert.deepEqual(addresslessPods(failedWith('address-in-use')), PLACED);
  assert.deepEqual(addresslessPods(failedWith('port-in-use')), new Set());
});

test('podman says that an address is in use', () => {
  const line =
    'Error: unable to start container "2a66": IPAM error: requested ip address 10.89.0.164 is already allocated to container ID 2a66';
  const { code, message } = explainPodmanFailure([line], 'cannot start svc/web');
  assert.equal(code, 'address-in-use');
  assert.equal(message, 'cannot start svc/web: the address 10.89.0.164 of the network is already in use');
});

test('of two plans, the later one counts for what both change', () => {
  const later: Plan = { ...planOf(['web']), steps: [{ ...startOf('web'), id: 'again' }] };
  const joined = followedBy(planOf(['api', 'web']), later);
  assert.deepEqual(
    joined.changes.map(({ subject }) => ('name' in subject ? subject.name : '')),
    ['api', 'web'],
  );
  assert.deepEqual(
    joined.steps.map(({ id }) => id),
    ['start-svc/api', 'again'],
  );
});
