import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCompleted } from '../../src/plan/decide/decide-container.ts';
import { observedContainer } from '../support/desired.ts';

const ended = (startedAt: number, exitedAt: number, exitCode = 0) =>
  isCompleted({ ...observedContainer('web-init', 'exited', exitCode), startedAt, exitedAt });

test('a container that has ended with exit code 0 since its start has completed', () => {
  assert.equal(ended(1000, 1000), true);
  assert.equal(ended(1000, 1060), true);
  assert.equal(ended(1000, 1060, 1), false);
});

test('podman may report the end of a short process a few milliseconds before its start', () => {
  assert.equal(ended(1000, 999), true);
});

test('an end before the last start belongs to an earlier run', () => {
  assert.equal(ended(1000, 990), false);
  assert.equal(ended(1000, 0), false);
});
