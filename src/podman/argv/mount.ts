import type { DesiredMount, DesiredPod } from '../../pod/desired.ts';
import { volumeOrigin } from '../volume-origin.ts';
import { volumeFolder, type Argument } from './argument.ts';

/** The flag that mounts a volume of the pod, or a path in it, into a container. */
export function mountFlags(pod: DesiredPod, mount: DesiredMount): readonly Argument[] {
  const { subPath } = mount;
  const origin = volumeOrigin(pod, mount);
  const below = subPath === undefined ? '' : `/${subPath}`;
  switch (origin.type) {
    case 'path': {
      const path = `${origin.path}${below}`;
      const { flag, before, after } = aroundPath(path, mount);
      return [flag, `${before}${path}${after}`];
    }
    case 'volume': {
      const { volume } = origin;
      if (subPath === undefined)
        // An emptyDir starts empty: podman would fill it with what the image has at that place.
        return ['--volume', `${volume}:${mount.mountPath}:nocopy${mount.readOnly ? ',ro' : ''}`];
      const { flag, before, after } = aroundPath(below, mount);
      return [flag, { ...volumeFolder(volume, `${below}${after}`), before }];
    }
  }
}

/** The words of a bind mount. The short form would split a path at its colon, the long one at its comma. */
function aroundPath(
  path: string,
  { mountPath, readOnly }: DesiredMount,
): { readonly flag: string; readonly before: string; readonly after: string } {
  return path.includes(':')
    ? {
        flag: '--mount',
        before: 'type=bind,source=',
        after: `,destination=${mountPath}${readOnly ? ',ro' : ''}`,
      }
    : { flag: '--volume', before: '', after: `:${mountPath}${readOnly ? ':ro' : ''}` };
}
