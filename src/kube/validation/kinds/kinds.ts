import { ruleOf } from '../../../base/diagnostic-code.ts';
import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Kind } from '../../../manifest/kinds.ts';
import type { Finding } from '../finding.ts';
import { clusterChecks } from './cluster.ts';
import type { KindChecks } from './kind-checks.ts';
import { networkChecks } from './network.ts';
import { workloadChecks } from './workload.ts';

const kindChecks: KindChecks = { ...workloadChecks, ...networkChecks, ...clusterChecks };

/** Checks an object of a kind that podpose does not run: by the rules of Kubernetes alone. */
export function* checkKind<K extends Kind>(object: CheckedObject<K>): Iterable<Finding> {
  const check = kindChecks[object.kind];
  for (const finding of check?.(object) ?? []) if (ruleOf(finding.code) === 'kubernetes') yield finding;
}
