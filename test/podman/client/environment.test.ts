import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionName, podmanEnvironment } from '../../../src/podman/client/environment.ts';

test('variables of the user are kept', () => {
  assert.deepEqual(podmanEnvironment({}), { GOGC: '400' });
  const env = { GOGC: '50', CONTAINER_HOST: 'unix:///a.sock', CONTAINER_CONNECTION: 'far' };
  assert.deepEqual(podmanEnvironment(env), env);
});

test('a connection replaces both variables, since podman 4 prefers CONTAINER_HOST', () => {
  const env = podmanEnvironment({ CONTAINER_HOST: 'unix:///a.sock', CONTAINER_CONNECTION: 'far' }, 'near');
  assert.deepEqual(env, { GOGC: '400', CONTAINER_CONNECTION: 'near' });
  assert.equal(connectionName(env), 'near');
});

test('an empty name is no connection', () => {
  const env = { CONTAINER_HOST: 'unix:///a.sock', CONTAINER_CONNECTION: '' };
  assert.equal(podmanEnvironment(env, '')['CONTAINER_HOST'], 'unix:///a.sock');
  assert.equal(connectionName(env), undefined);
});
