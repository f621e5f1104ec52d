import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedPod } from '../pod-set.ts';
import { mountedClaimSources } from '../spec/volume-kinds.ts';
import type { HostFiles } from './host-path.ts';
import { VOLUME_ANNOTATION_PREFIX } from './volume-annotations.ts';

const PATH = ['metadata', 'annotations', `${VOLUME_ANNOTATION_PREFIX}device`];

/** Checks the directories that volumes of PVCs bind mount. podman reports a missing one only when it mounts the volume. */
export function checkClaimDevices(pods: readonly SourcedPod[], files: HostFiles): readonly Diagnostic[] {
  const reported = new Set<string>();
  return pods.flatMap(({ pod, locateClaim }) =>
    mountedClaimSources(pod).flatMap(
      ({ claimName, options: { type, device } = {} }): readonly Diagnostic[] => {
        const isBind = type === 'bind' || type === 'none';
        if (!isBind || device === undefined || reported.has(claimName) || files.typeOf(device) !== 'absent')
          return [];
        reported.add(claimName);
        return [
          {
            code: 'host-path-missing',
            severity: 'error',
            path: formatPath(PATH),
            ...defined({ location: locateClaim(claimName, PATH) }),
            message: `${device} does not exist`,
            help: `Create it with 'mkdir -p ${device}'.`,
          },
        ];
      },
    ),
  );
}
