import type {
  Capabilities,
  PodSecurityContext,
  SecurityContext,
} from '../../manifest/generated/kubernetes.ts';
import { capabilityName } from '../capabilities.ts';
import type { DesiredSecurityContext } from '../desired.ts';

/**
 * What counts for a container: what it says itself, and for user and group else what its pod says.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export function translateSecurityContext(
  pod: PodSecurityContext,
  container: SecurityContext,
): DesiredSecurityContext {
  const runAsUser = container.runAsUser ?? pod.runAsUser;
  const runAsGroup = container.runAsGroup ?? pod.runAsGroup;
  const { allowPrivilegeEscalation } = container;
  return {
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    privileged: container.privileged ?? false,
    readOnlyRootFilesystem: container.readOnlyRootFilesystem ?? false,
    ...(allowPrivilegeEscalation === undefined ? {} : { allowPrivilegeEscalation }),
    capabilities: translateCapabilities(container.capabilities ?? {}),
  };
}

/** `ALL` stands for all others. A capability that is both added and dropped is dropped, as containerd has it. */
function translateCapabilities({
  add = [],
  drop = [],
}: Capabilities): DesiredSecurityContext['capabilities'] {
  const dropped = namesOf(drop);
  return { add: namesOf(add).filter((name) => !dropped.includes(name)), drop: dropped };
}

function namesOf(capabilities: readonly string[]): readonly string[] {
  const names = new Set(capabilities.map(capabilityName));
  return names.has('ALL') ? ['ALL'] : [...names].sort();
}
