import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Plan } from '../../src/plan/plan.ts';
import { definitionOf } from '../../src/podman/operations/registry.ts';
import { planCase } from '../support/plan-case.ts';

async function planOf(name: string): Promise<Plan> {
  const { plan, text } = await planCase(join(import.meta.dirname, '../cases', name));
  assert.ok(plan, text);
  return plan;
}

function needsOf({ steps }: Plan, id: string): readonly string[] {
  const step = steps.find((each) => each.id === id);
  assert.ok(step, id);
  return step.needs;
}

test('a changed container stops together with removed ones, and starts as soon as it has stopped', async () => {
  const plan = await planOf('surplus-container-beside-a-changed-one');
  const pulled = ['pull/docker.io/library/nginx:1.29'];
  assert.deepEqual(needsOf(plan, 'stop/web'), pulled);
  assert.deepEqual(needsOf(plan, 'create/web/nginx'), pulled);
  assert.deepEqual(needsOf(plan, 'stop/web/nginx'), ['create/web/nginx']);
  assert.deepEqual(needsOf(plan, 'start/web/nginx'), ['stop/web/nginx']);
  const waits = plan.steps.flatMap(({ operation }) =>
    operation.kind === 'stop-containers' ? [operation.besideOthers] : [],
  );
  assert.deepEqual(waits, [true, true], 'no command holds the lock of the pod while it waits');
});

test('a new container waits for the removal of others: it may be a renamed one', async () => {
  const plan = await planOf('surplus-container-beside-a-changed-one');
  assert.ok(needsOf(plan, 'pod/web container/ship').includes('remove-surplus/web'));
});

test('a changed container that takes over a volume of a removed one starts after that has stopped', async () => {
  const plan = await planOf('surplus-container-whose-volume-another-takes');
  assert.deepEqual(needsOf(plan, 'create/shop/web'), []);
  assert.deepEqual(needsOf(plan, 'stop/shop/web'), ['create/shop/web']);
  assert.deepEqual(needsOf(plan, 'start/shop/web'), ['stop/shop/web', 'stop/shop']);
});

test('a container of which only the list of the pod is left is removed from that, as the plan says', async () => {
  const plan = await planOf('container-removed-by-hand-and-from-the-file');
  const words = plan.steps.map(({ operation }) => definitionOf(operation).words(operation, 'pod/web'));
  assert.deepEqual(
    words.map(({ subject, done, isInternal }) => [subject, done, isInternal]),
    [['pod/web container/logs', 'removed', undefined]],
  );
});
