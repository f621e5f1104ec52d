import { listOf, type JsonObject as Members } from '../../../base/json-members.ts';
import type { Json } from '../../../base/stable-json.ts';
import { VOLUME_ANNOTATION_PREFIX } from '../../../kube/storage/volume-annotations.ts';
import { bytesOf, membersOf, textOf, withoutEmpty } from './values.ts';

/**
 * Converts a last-applied volume source to the fields of `spec.volumes`, without the files of file volumes. Unknown types
 * are returned unchanged.
 */
export function sourceForm(source: Members): Members {
  const { type, medium, sizeLimit, path, hostPathType, claimName, options, reference } = source;
  switch (type) {
    case 'emptyDir':
      return {
        emptyDir: withoutEmpty({
          medium: medium === 'Memory' ? medium : undefined,
          sizeLimit: bytesOf(sizeLimit),
        }),
      };
    case 'ephemeral':
    case 'configMap':
    case 'secret':
    case 'downwardAPI':
      return { [type]: {} };
    case 'projected':
      // It is in memory if one of its sources is a Secret.
      return { projected: { sources: medium === 'Memory' ? 'with a Secret' : 'without a Secret' } };
    case 'hostPath':
      return { hostPath: withoutEmpty({ path, type: hostPathType === '' ? undefined : hostPathType }) };
    case 'persistentVolumeClaim':
      return { persistentVolumeClaim: withoutEmpty({ claimName, annotations: annotationsIn(options) }) };
    case 'image':
      return { image: withoutEmpty({ reference }) };
    default:
      return source;
  }
}

/** podman's annotations of the PersistentVolumeClaim. */
function annotationsIn(options: Json | undefined): Members {
  return Object.fromEntries(
    Object.entries(membersOf(options)).map(([name, value]) =>
      name === 'mountOptions'
        ? [`${VOLUME_ANNOTATION_PREFIX}mount-options`, listOf(value).map(textOf).join(',')]
        : [VOLUME_ANNOTATION_PREFIX + name, textOf(value)],
    ),
  );
}

/** The field with the list of files of a file volume. */
export function fileListOf(type: Json | undefined): string {
  return type === 'projected' ? 'sources' : 'items';
}
