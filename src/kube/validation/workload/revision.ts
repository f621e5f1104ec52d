import { isObject } from '../../../base/json-members.ts';
import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { checkNotNegative } from './numbers.ts';

/** ValidateControllerRevisionCreate in pkg/apis/apps/validation. */
export function* checkRevision({ value }: CheckedObject<'ControllerRevision'>): Iterable<Finding> {
  yield* checkNotNegative(value, ['revision'], []);
  if (value.data !== undefined && !isObject(value.data))
    yield { code: 'wrong-type', path: ['data'], message: 'must be an object' };
}
