import type { RestartPolicy, RestartRule } from '../../kube/spec/restart-policy.ts';
import type { Step } from '../step.ts';

/** How an init container that has failed is retried: by its own restart policy, or that of its pod, and by its rules. */
export function retryOfInit(
  policy: RestartPolicy,
  rules: readonly RestartRule[] = [],
): Pick<Step, 'retry' | 'retryRules'> {
  if (policy !== 'Never') return { retry: 'back-off' };
  return rules.length === 0 ? {} : { retry: 'back-off', retryRules: rules };
}
