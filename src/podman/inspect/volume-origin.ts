import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { DesiredVolume } from '../../kube/spec/desired-volume.ts';
import { claimVolumeName, podVolumeName } from '../names.ts';

/**
 * Where podman has the contents of a volume: in a volume of its own, by podman's name, at a path on the
 * machine, or in an image.
 */
export type VolumeOrigin = DirectoryOrigin | { readonly type: 'image'; readonly image: string };

/** Where a directory can be made. */
export type DirectoryOrigin =
  { readonly type: 'volume'; readonly volume: string } | { readonly type: 'path'; readonly path: string };

export function volumeOrigin(
  pod: Pick<DesiredPod, 'name'>,
  { name, source }: Pick<DesiredVolume, 'name' | 'source'>,
): VolumeOrigin {
  switch (source.type) {
    case 'emptyDir':
    case 'ephemeral':
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return { type: 'volume', volume: podVolumeName(pod, { name }) };
    case 'persistentVolumeClaim':
      return { type: 'volume', volume: claimVolumeName(source) };
    case 'hostPath':
      return { type: 'path', path: source.path };
    case 'image':
      return { type: 'image', image: source.reference };
  }
}
