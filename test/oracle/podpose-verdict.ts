import { isError, type Diagnostic } from '../../src/base/diagnostic.ts';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';
import { isKubernetesRule } from './rules.ts';

/** The machine on which all cases are validated. */
const platform = testPlatform({});

/** What podpose says to one manifest: whether it breaks a rule of Kubernetes, and everything that it found. */
export interface PodposeVerdict {
  readonly isRejected: boolean;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** `validate`, in this process: the errors of rule `kubernetes` are those that decide. */
export function podposeVerdict(text: string | Uint8Array): PodposeVerdict {
  const { diagnostics } = checkSources(platform, [{ file: 'case.yaml', text }], {});
  const errors = diagnostics.filter(isError);
  return {
    isRejected: errors.some(isKubernetesRule),
    errors,
    warnings: diagnostics.filter((found) => !isError(found)),
  };
}
