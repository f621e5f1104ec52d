import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifiesWhatItStarts } from '../../src/plan/verifies-start.ts';
import type { Step } from '../../src/plan/step.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';

describe('a plan verifies the containers that it starts', () => {
  const web = { pod: 'web', container: 'app' } as const;
  const start: Operation = { kind: 'start-container', ...web, isReplacement: true };
  const verify: Operation = { kind: 'verify-running', ...web };
  const rows: readonly (readonly [why: string, operations: readonly Operation[], verifies: boolean])[] = [
    ['yes: it starts none', [], true],
    ['yes: it verifies each one', [start, verify], true],
    ['no: it does not verify it', [start], false],
    ['no: it verifies another one', [start, { ...verify, container: 'log' }], false],
    [
      'no: it starts a pod',
      [{ kind: 'start-infra', pod: 'web', sandbox: { hostNetwork: false, hostAliases: [] } }],
      false,
    ],
    ['yes: it only removes objects', [{ kind: 'remove-volumes', volumes: ['web-data'] }], true],
  ];
  for (const [why, operations, verifies] of rows)
    it(why, () => {
      const steps = operations.map((operation, index): Step => ({
        id: index.toString(),
        needs: [],
        operation,
      }));
      assert.equal(verifiesWhatItStarts({ project: 'p', changes: [], steps, warnings: [] }), verifies);
    });
});
