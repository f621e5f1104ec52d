import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { DesiredVolume } from '../../kube/spec/desired-volume.ts';
import { claimVolumeName, podVolumeName } from '../names.ts';

/** Where the contents of a volume are: in a podman volume, at a path of this machine, or in an image. */
export type VolumeOrigin = DirectoryOrigin | { readonly type: 'image'; readonly image: string };

/** An origin in which a directory can be created. */
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
