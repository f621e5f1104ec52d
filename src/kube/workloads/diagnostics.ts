import type { Diagnostic } from '../../base/diagnostic.ts';

/**
 * Diagnostics of the pods of workloads without repetitions: what is wrong with a template is wrong with each of its pods.
 * @param groups the diagnostics of each pod, or of a check of all of them
 * @param reported diagnostics of the workloads themselves
 */
export function withoutRepetitions(
  groups: readonly (readonly Diagnostic[])[],
  reported: readonly Diagnostic[],
): readonly Diagnostic[] {
  const seen = new Set(reported.map(keyOf));
  return groups.flatMap((group) => {
    const fresh = group.filter((diagnostic) => !seen.has(keyOf(diagnostic)));
    for (const diagnostic of fresh) seen.add(keyOf(diagnostic));
    return fresh;
  });
}

function keyOf({ code, path = '', location }: Diagnostic): string {
  return [code, path, location?.file, location?.line, location?.column].join(' ');
}
