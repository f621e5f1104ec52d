import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwatchedPlan } from '../../src/plan/decide/watched.ts';
import { planCase } from '../support/plan-case.ts';

test('without a watcher, the next containers wait for the start of a sidecar, and not for its probe', async () => {
  const { plan } = await planCase(join(import.meta.dirname, '../cases/sidecar'));
  assert.ok(plan);
  const { steps } = unwatchedPlan(plan);
  assert.equal(steps.length, plan.steps.length - 1);
  const check = steps.find(({ id }) => id === 'pod/web init/check');
  assert.deepEqual(check?.needs, ['pod/web init/proxy']);
});
