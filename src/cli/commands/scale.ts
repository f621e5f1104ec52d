import type { Diagnostic } from '../../base/diagnostic.ts';
import { failed, usageError } from '../../engine/failure.ts';
import { ownerNamed } from '../../kube/workloads/owner.ts';
import { qualifiedOwner } from '../../kube/workloads/qualified-owner.ts';
import type { Command } from '../command.ts';
import { text } from '../parse/option-values.ts';
import { runUp } from './up.ts';

/** `podpose scale`: changes the number of pods of workloads, as `up -d` would with other replicas in the files. */
export const scale: Command = {
  run: async (context) => {
    const assignments = context.operands.filter((operand) => operand.includes('='));
    const replicas = new Map<string, number>();
    const mistakes: Diagnostic[] = [];
    for (const operand of assignments) {
      const [, name = '', number = ''] = /^([^=]+)=(\d{1,9})$/.exec(operand) ?? [];
      const owner = ownerNamed(name);
      if (owner === undefined) mistakes.push(notAScale(operand));
      else replicas.set(qualifiedOwner(owner, text(context.values, 'namespace')), Number(number));
    }
    if (mistakes.length > 0) return failed('usage', mistakes);
    if (replicas.size === 0)
      return failed('usage', [
        usageError(
          'missing-argument',
          'no workload',
          "'podpose scale deploy/web=3' sets its number of pods.",
        ),
      ]);
    const operands = context.operands.filter((operand) => !assignments.includes(operand));
    return runUp(
      { ...context, operands, values: { ...context.values, detach: true } },
      { replicas, only: new Set(replicas.keys()) },
    );
  },
};

function notAScale(operand: string): Diagnostic {
  return usageError(
    'option-value',
    `'${operand}' is not a workload and its number of pods`,
    "Write 'deploy/web=3', 'sts/db=1' and the like.",
  );
}
