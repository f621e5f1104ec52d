import type { DesiredContainer } from './desired.ts';
import { mayRestart } from './restart-policy.ts';

/** Whether something has to be done for a container while it runs, or when it ends. */
export function isWatched(
  container: Pick<
    DesiredContainer,
    'restartPolicy' | 'restartPolicyRules' | 'startupProbe' | 'readinessProbe' | 'livenessProbe'
  >,
): boolean {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const probes = [startupProbe, readinessProbe, livenessProbe];
  return mayRestart(container) || probes.some((probe) => probe !== undefined);
}
