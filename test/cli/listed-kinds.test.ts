import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedObjects } from '../../src/cli/listed-kinds.ts';

/** The kinds and names of operands; undefined where they are pods. */
const operands: readonly (readonly [readonly string[], Readonly<Record<string, readonly string[]>>?])[] = [
  [['deploy'], { Deployment: [] }],
  [['deploy,svc,po'], { Deployment: [], services: [], pods: [] }],
  [['deploy', 'web', 'db'], { Deployment: ['web', 'db'] }],
  [['deploy/web'], { Deployment: ['web'] }],
  [['deployments.apps/web', 'svc/web', 'deploy/db'], { Deployment: ['web', 'db'], services: ['web'] }],
  [['pod/web', 'svc/web'], { pods: ['web'], services: ['web'] }],
  [['pods']],
  [['pod', 'web']],
  [['pod/web', 'po/db']],
  [['web']],
  [['web/app']],
  [['./deploy/web.yaml']],
  [[]],
];

for (const [given, expected] of operands)
  test(`the kinds of '${given.join(' ')}'`, () => {
    const listed = listedObjects(given);
    assert.deepEqual(
      listed === undefined ? undefined : Object.fromEntries(listed.map(({ kind, names }) => [kind, names])),
      expected,
    );
  });
