import type { DesiredContainer } from './desired.ts';
import { mayRestart } from './restart-policy.ts';

/** Whether something has to be done for a container while it runs, or when it ends: also at the deadline of its pod. */
export function isWatched(
  container: Pick<
    DesiredContainer,
    | 'restartPolicy'
    | 'restartPolicyRules'
    | 'startupProbe'
    | 'readinessProbe'
    | 'livenessProbe'
    | 'activeDeadlineSeconds'
  >,
): boolean {
  const { startupProbe, readinessProbe, livenessProbe, activeDeadlineSeconds } = container;
  const needs = [startupProbe, readinessProbe, livenessProbe, activeDeadlineSeconds];
  return mayRestart(container) || needs.some((one) => one !== undefined);
}
