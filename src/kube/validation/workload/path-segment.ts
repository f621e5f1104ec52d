import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';

/** A name that becomes a part of a URL path (IsPathSegmentName in k8s.io/apimachinery/pkg/api/validate/content). */
export function* checkPathSegment(name: string | undefined, path: FieldPath): Iterable<Finding> {
  if (name === undefined) return;
  if (name === '') yield { code: 'invalid-name', path, message: 'must not be empty' };
  else if (name === '.' || name === '..' || /[/%]/.test(name))
    yield { code: 'invalid-name', path, message: `'${name}' must not be '.' or '..', or contain '/' or '%'` };
}
