import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolloutOperands, type RolloutAction } from '../../src/cli/parse/rollout-operands.ts';

type Row = readonly [
  command: string,
  namespace: string | undefined,
  /** Owners, and files after a bar; or a part of the message. */
  expected: string,
];

const ROWS: readonly Row[] = [
  ['status deploy/web', undefined, 'deploy/web |'],
  ['status deployment web', undefined, 'deploy/web |'],
  ['undo deployments.apps/web', undefined, 'deploy/web |'],
  ['status deploy/web pod.yaml', undefined, 'deploy/web | pod.yaml'],
  ['restart sts/db deploy/web a.yaml ./b', undefined, 'sts/db deploy/web | a.yaml ./b'],
  ['restart deploy/web', 'staging', 'deploy/staging_web |'],
  ['restart deploy/web', 'default', 'deploy/web |'],
  ['restart', undefined, 'rollout restart needs a workload'],
  ['restart pod.yaml', undefined, 'rollout restart needs a workload'],
  ['status deploy/a deploy/b', undefined, 'rollout status takes one workload'],
  ['undo sts/db', undefined, 'sts/db |'],
  ['history statefulset db', undefined, 'sts/db |'],
  ['undo rs/db', undefined, 'rollout undo does not support rs/db'],
  ['restart job/once', undefined, 'rollout restart does not support job/once'],
  ['status rs/web', undefined, 'rollout status does not support rs/web'],
  ['restart ing/shop', undefined, 'rollout restart does not support ing/shop'],
];

for (const [command, namespace, expected] of ROWS)
  test(`rollout ${command}${namespace === undefined ? '' : ` -n ${namespace}`}`, () => {
    const [action, ...operands] = command.split(' ');
    const parsed = rolloutOperands(action as RolloutAction, operands, namespace);
    assert.equal(
      parsed.ok
        ? `${[...parsed.value.owners].join(' ')} | ${parsed.value.files.join(' ')}`.trim()
        : parsed.error.map(({ message }) => message).join(),
      expected,
    );
  });
