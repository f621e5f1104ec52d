import { ruleOf } from '../../base/diagnostic-code.ts';
import { isError, type Diagnostic } from '../../base/diagnostic.ts';

/** The diagnostics of one object, or of a check of several. */
export interface DiagnosticGroup {
  /** Whether it is an object that a controller creates. */
  readonly isCreated: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Diagnostics without repetitions: what is wrong with a template is wrong with each of its pods.
 * @param reported diagnostics of the workloads themselves
 */
export function withoutRepetitions(
  groups: readonly DiagnosticGroup[],
  reported: readonly Diagnostic[],
): readonly Diagnostic[] {
  const seen = new Set(reported.map(keyOf));
  return groups.flatMap(({ isCreated, diagnostics }) => {
    const fresh = diagnostics.filter((diagnostic) => !seen.has(keyOf(diagnostic)));
    for (const diagnostic of fresh) seen.add(keyOf(diagnostic));
    return isCreated ? fresh.flatMap(ofCreated) : fresh;
  });
}

function keyOf({ code, path = '', location }: Diagnostic): string {
  return [code, path, location?.file, location?.line, location?.column].join(' ');
}

/**
 * A diagnostic of an object that a controller creates. What an API server finds only then is no mistake of the workload to it.
 */
function ofCreated(diagnostic: Diagnostic): readonly Diagnostic[] {
  if (ruleOf(diagnostic.code) === 'podpose') return [diagnostic];
  return isError(diagnostic) ? [{ ...diagnostic, code: 'pod-refused' }] : [];
}
