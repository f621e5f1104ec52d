import { isError, type Diagnostic } from '../../src/base/diagnostic.ts';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';
import { applyChanges, type Base } from './change.ts';
import { ruleOf } from '../../src/base/diagnostic-code.ts';

/** The machine on which all cases are validated. */
const platform = testPlatform({});

/** What podpose says to one manifest: whether it breaks a rule of Kubernetes, and everything that it found. */
export interface PodposeVerdict {
  readonly isRejected: boolean;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** `validate`, in this process: errors of rule `kubernetes` decide. */
export function podposeVerdict(text: string | Uint8Array): PodposeVerdict {
  const { diagnostics } = checkSources(platform, [{ file: 'case.yaml', text }], {});
  const errors = diagnostics.filter(isError);
  return {
    isRejected: diagnostics.some(
      (found) => ruleOf(found.code) === 'kubernetes' && (isError(found) || found.onCluster === 'error'),
    ),
    errors,
    warnings: diagnostics.filter((found) => !isError(found)),
  };
}

/** Whether podpose judges objects of a base's kind by their rules, at least by their schema. */
export function isJudged(base: Base): boolean {
  const text = applyChanges(base, [{ kind: 'set', path: ['notAField'], value: 'x' }]);
  return podposeVerdict(text).isRejected;
}
