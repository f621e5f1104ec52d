import { defined } from '../../base/defined.ts';
import { SECURITY_DEFAULTS } from '../spec/defaults.ts';
import { resolve } from 'node:path/posix';
import type {
  Capabilities,
  PodSecurityContext,
  SeccompProfile as SeccompProfileObject,
  SecurityContext,
} from '../../manifest/schema/generated/kubernetes.ts';
import { capabilityName } from '../spec/linux-capabilities.ts';
import type { DesiredSecurityContext, SeccompProfile, SELinuxOptions } from '../spec/desired.ts';

/**
 * The effective security context of a container; its own fields override those of the pod.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 * @param manifestDirectory the base directory of relative seccomp profile paths
 */
export function convertSecurityContext(
  pod: PodSecurityContext,
  container: SecurityContext,
  manifestDirectory: string,
): DesiredSecurityContext {
  const runAsUser = container.runAsUser ?? pod.runAsUser;
  const runAsGroup = container.runAsGroup ?? pod.runAsGroup;
  const runAsNonRoot = container.runAsNonRoot ?? pod.runAsNonRoot ?? SECURITY_DEFAULTS.runAsNonRoot;
  const groups = supplementalGroups(pod);
  const { allowPrivilegeEscalation, privileged = SECURITY_DEFAULTS.privileged } = container;
  const seccompProfile = convertSeccompProfile(
    container.seccompProfile ?? pod.seccompProfile,
    manifestDirectory,
  );
  const seLinuxOptions = convertSELinuxOptions(container.seLinuxOptions ?? pod.seLinuxOptions ?? {});
  return defined({
    runAsUser,
    runAsGroup,
    runAsNonRoot: runAsNonRoot ? runAsNonRoot : undefined,
    supplementalGroups: groups.length === 0 ? undefined : groups,
    privileged,
    readOnlyRootFilesystem: container.readOnlyRootFilesystem ?? SECURITY_DEFAULTS.readOnlyRootFilesystem,
    allowPrivilegeEscalation,
    capabilities: convertCapabilities(container.capabilities ?? {}),
    // A privileged container always runs without a seccomp profile.
    seccompProfile: privileged ? undefined : seccompProfile,
    seLinuxOptions,
    procMount: container.procMount === 'Unmasked' ? ('Unmasked' as const) : undefined,
  });
}

/** Includes the fsGroup (convertToRuntimeSecurityContext in pkg/kubelet/kuberuntime). */
function supplementalGroups({ supplementalGroups = [], fsGroup }: PodSecurityContext): readonly number[] {
  const groups = new Set([...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups]);
  return [...groups].sort((a, b) => a - b);
}

function convertSeccompProfile(
  profile: SeccompProfileObject | undefined,
  manifestDirectory: string,
): SeccompProfile | undefined {
  switch (profile?.type) {
    case undefined:
    case 'RuntimeDefault':
      return undefined;
    case 'Unconfined':
      return { type: 'Unconfined' };
    case 'Localhost':
      return { type: 'Localhost', path: resolve(manifestDirectory, profile.localhostProfile ?? '') };
  }
}

function convertSELinuxOptions(options: SELinuxOptions): SELinuxOptions | undefined {
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== '');
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

/** `ALL` replaces all other names. As in containerd, a capability in both lists is dropped. */
function convertCapabilities({ add = [], drop = [] }: Capabilities): DesiredSecurityContext['capabilities'] {
  const dropped = namesOf(drop);
  return { add: namesOf(add).filter((name) => !dropped.includes(name)), drop: dropped };
}

function namesOf(capabilities: readonly string[]): readonly string[] {
  const names = new Set(capabilities.map(capabilityName));
  return names.has('ALL') ? ['ALL'] : [...names].sort();
}
