import { type JsonObject as Members } from '../../../base/json-members.ts';
import type { Json } from '../../../base/stable-json.ts';
import { bytesOf, withoutEmpty } from './values.ts';

/**
 * The source of a volume as `spec.volumes` of a Pod has it, without the files of those that are made of files. A
 * source of an unknown type is left as it is.
 */
export function sourceForm(source: Members): Members {
  const { type, medium, sizeLimit, path, hostPathType, claimName, reference } = source;
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
      // It is in memory where a Secret is among its sources.
      return { projected: { sources: medium === 'Memory' ? 'with a Secret' : 'without a Secret' } };
    case 'hostPath':
      return { hostPath: withoutEmpty({ path, type: hostPathType === '' ? undefined : hostPathType }) };
    case 'persistentVolumeClaim':
      return { persistentVolumeClaim: withoutEmpty({ claimName }) };
    case 'image':
      return { image: withoutEmpty({ reference }) };
    default:
      return source;
  }
}

/** The name of the list in which a volume that is made of files has a row for each. */
export function fileListOf(type: Json | undefined): string {
  return type === 'projected' ? 'sources' : 'items';
}
