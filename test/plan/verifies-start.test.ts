import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifiesWhatItStarts } from '../../src/plan/verifies-start.ts';
import type { Step } from '../../src/plan/step.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';

describe('Whether a plan has seen running what it starts', () => {
  const web = { pod: 'web', container: 'app' } as const;
  const start: Operation = { kind: 'start-container', ...web, isReplacement: true };
  const see: Operation = { kind: 'verify-running', ...web };
  const rows: readonly (readonly [why: string, operations: readonly Operation[], sees: boolean])[] = [
    ['it does where nothing is started', [], true],
    ['it does where it looks at each that it starts', [start, see], true],
    ['it does not where it only starts', [start], false],
    ['it does not where it looks at another', [start, { ...see, container: 'log' }], false],
    [
      'it does not where a pod comes up',
      [{ kind: 'start-infra', pod: 'web', sandbox: { hostNetwork: false, hostAliases: [] } }],
      false,
    ],
    ['it does where things only go', [{ kind: 'remove-volumes', volumes: ['web-data'] }], true],
  ];
  for (const [why, operations, sees] of rows)
    it(why, () => {
      const steps = operations.map((operation, index): Step => ({
        id: index.toString(),
        needs: [],
        operation,
      }));
      assert.equal(verifiesWhatItStarts({ project: 'p', changes: [], steps, warnings: [] }), sees);
    });
});
