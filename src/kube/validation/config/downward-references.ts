import type { FieldPath } from '../../../base/path.ts';
import { suggest, suggestion } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  ObjectFieldSelector,
  ResourceFieldSelector,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { RESOURCE_DIVISORS, subscript } from '../../convert/downward.ts';
import { compareQuantities, parseQuantity } from '../../spec/quantity.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';

/** A field of the pod, for a variable or a file (validateObjectFieldSelector in pkg/apis/core/validation). */
export function* checkFieldRef(
  { apiVersion = '', fieldPath }: Incomplete<ObjectFieldSelector>,
  known: readonly string[],
  path: FieldPath,
): Iterable<Finding> {
  if (apiVersion !== '' && apiVersion !== 'v1')
    yield {
      code: 'wrong-value',
      path: [...path, 'apiVersion'],
      message: `unknown version '${apiVersion}' of the field: only 'v1' exists`,
      suggestion: 'v1',
    };
  if (fieldPath !== undefined) yield* checkFieldPath(fieldPath, known, [...path, 'fieldPath']);
}

function* checkFieldPath(fieldPath: string, known: readonly string[], path: FieldPath): Iterable<Finding> {
  const entry = subscript(fieldPath);
  if (entry !== undefined) {
    // Only the keys of annotations may have uppercase letters in their prefix.
    const message = labelKeyProblem(entry.field === 'annotations' ? entry.key.toLowerCase() : entry.key);
    if (message !== undefined) yield { code: 'invalid-label', path, message };
    return;
  }
  // An old name of it (ConvertDownwardAPIFieldLabel in pkg/apis/core/pods).
  if (known.includes(fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath)) return;
  const suggestion = suggest(fieldPath, known);
  yield {
    code: 'unknown-field-path',
    path,
    message: `unsupported field '${fieldPath}'`,
    ...(suggestion === undefined
      ? { help: `Supported: ${known.join(', ')}, metadata.labels['KEY'] and metadata.annotations['KEY'].` }
      : { suggestion }),
  };
}

const HUGE_PAGES = /^(?:limits|requests)\.hugepages-/;

/** A resource of a container, for a variable or a file (validateContainerResourceFieldSelector). */
export function* checkResourceRef(
  { resource, divisor, containerName = '' }: Incomplete<ResourceFieldSelector>,
  path: FieldPath,
  containers: readonly string[],
): Iterable<Finding> {
  if (containerName !== '' && !containers.includes(containerName)) {
    yield {
      code: 'unknown-container',
      path: [...path, 'containerName'],
      message: `container '${containerName}' not found in the pod`,
      ...suggestion(containerName, containers),
    };
  }
  if (resource === undefined) return;
  const isHugePages = HUGE_PAGES.test(resource);
  if (isHugePages)
    yield {
      code: 'not-supported',
      path: [...path, 'resource'],
      message: 'not supported: containers have no huge pages here',
    };
  const divisors = RESOURCE_DIVISORS[isHugePages ? 'limits.memory' : resource];
  if (divisors === undefined) yield unknownResource(resource, [...path, 'resource']);
  else if (divisor !== undefined && !isDivisor(divisor, divisors))
    yield {
      code: 'wrong-value',
      path: [...path, 'divisor'],
      message: `invalid divisor '${divisor}' for ${resource}: use ${divisors.join(', ')}`,
    };
}

function unknownResource(resource: string, path: FieldPath): Finding {
  const known = Object.keys(RESOURCE_DIVISORS);
  const suggestion = suggest(resource, known);
  return {
    code: 'unknown-field-path',
    path,
    message: resource === '' ? 'must not be empty' : `unsupported resource '${resource}'`,
    ...(suggestion === undefined ? { help: `Supported: ${known.join(', ')}.` } : { suggestion }),
  };
}

/** A server compares texts: that of the divisor, or its normal form. 0 is the default. */
function isDivisor(divisor: string, divisors: readonly string[]): boolean {
  const amount = parseQuantity(divisor);
  if (amount === undefined || amount.nanos === 0n || divisors.includes(divisor)) return true;
  if (staysAsWritten(divisor)) return false;
  const isBinary = divisor.endsWith('i') && amount.nanos >= 1024n * 10n ** 9n;
  const sameForm = EXPONENT.test(divisor)
    ? ['1']
    : divisors.filter((text) => text.endsWith('i') === isBinary);
  return sameForm.some((text) => {
    const known = parseQuantity(text);
    return known !== undefined && compareQuantities(known, amount) === 0;
  });
}

const EXPONENT = /[eE][-+]?\d+$/;

/** Whether Go takes a quantity for its own normal form, also `+1`, `01` and `1e0` (ParseQuantity in k8s.io/apimachinery). */
function staysAsWritten(quantity: string): boolean {
  const [, whole = '0', fraction = '', unit = ''] =
    /^[-+]?0*([1-9]\d*)?(?:\.(\d*))?(.*)$/s.exec(quantity) ?? [];
  if (unit.endsWith('i')) return fraction === '' && (BigInt(whole) & 7n) !== 0n;
  // The other units are powers of 1000.
  const exponent = EXPONENT.test(unit) ? Number(unit.slice(1)) : 0;
  const digits = whole + fraction;
  return (exponent - fraction.length) % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}
