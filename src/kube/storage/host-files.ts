import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { DesiredContainer } from '../spec/desired.ts';
import { checkClaimDevices } from './claim-devices.ts';
import { checkHostPaths, type HostFiles } from './host-path.ts';
import { checkHostPathLabels } from './selinux.ts';
import type { SourcedPod } from '../pod-set.ts';

/** Checks all required files of this machine before anything is created. */
export function checkHostFiles(pods: readonly SourcedPod[], files: HostFiles): readonly Diagnostic[] {
  return [
    ...checkHostPaths(pods, files),
    ...checkHostPathLabels(pods, files),
    ...checkClaimDevices(pods, files),
    ...checkSeccompFiles(pods, files),
  ];
}

function checkSeccompFiles(pods: readonly SourcedPod[], files: HostFiles): readonly Diagnostic[] {
  const reported = new Set<string>();
  return pods.flatMap((sourced) => {
    const { initContainers, containers } = sourced.pod;
    return [
      ...initContainers.map((container, index) => ({ container, at: ['spec', 'initContainers', index] })),
      ...containers.map((container, index) => ({ container, at: ['spec', 'containers', index] })),
    ].flatMap(({ container, at }) => {
      const path = missingProfile(container, files);
      if (path === undefined || reported.has(path)) return [];
      reported.add(path);
      return [noSuchProfile(path, sourced, at)];
    });
  });
}

function missingProfile(
  { securityContext: { seccompProfile } }: DesiredContainer,
  files: HostFiles,
): string | undefined {
  if (seccompProfile?.type !== 'Localhost') return undefined;
  return files.typeOf(seccompProfile.path) === 'file' ? undefined : seccompProfile.path;
}

function noSuchProfile(path: string, { locate }: SourcedPod, container: FieldPath): Diagnostic {
  const at = [...container, 'securityContext', 'seccompProfile', 'localhostProfile'];
  return {
    code: 'seccomp-profile-missing',
    severity: 'error',
    path: formatPath(at),
    location: locate(at),
    message: `no such file: ${path}`,
    help: 'The path of a seccomp profile is relative to the directory of the manifest.',
  };
}
