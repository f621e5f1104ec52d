import type { FieldPath } from '../../../base/path.ts';
import { stableJson, type Json } from '../../../base/stable-json.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  TokenRequest,
  TopologySelectorLabelRequirement,
  TopologySelectorTerm,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { checkRange, checkUnique, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey } from '../label-selector.ts';
import { checkNodeLabel } from '../scheduling/node-labels.ts';
import { checkFilled, checkQualifiedName } from '../name-checks.ts';

type StorageClass = CheckedObject<'StorageClass'>;

/** The limits for parameters: their number, and the bytes of all keys and values. */
const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;

/** Checks a StorageClass (ValidateStorageClass in pkg/apis/storage/validation/validation.go). */
export function* checkStorageClass(storageClass: StorageClass): Iterable<Finding> {
  const { provisioner, parameters = {}, allowedTopologies = [] } = storageClass.value;
  yield* checkFilled(storageClass, provisioner, [], 'provisioner');
  if (provisioner !== undefined && provisioner !== '')
    yield* checkQualifiedName(provisioner.toLowerCase(), ['provisioner']);
  yield* checkParameters(parameters, ['parameters']);
  const earlier = new Set<string>();
  for (const [index, term] of allowedTopologies.entries()) {
    const path = ['allowedTopologies', index];
    yield* checkTopology(storageClass, term, path);
    if (!storageClass.isPruned([...path, 'matchLabelExpressions']))
      yield* checkTermDiffers(term, earlier, path);
  }
}

function* checkParameters(
  parameters: Readonly<Record<string, string | undefined>>,
  path: FieldPath,
): Iterable<Finding> {
  const entries = Object.entries(parameters);
  const bytes = entries.reduce(
    (sum, [key, value = '']) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (entries.length > MAX_PARAMETERS)
    yield {
      code: 'too-many-values',
      path,
      at: 'key',
      message: `must have at most ${MAX_PARAMETERS}, got ${entries.length}`,
    };
  else if (bytes > MAX_PARAMETER_BYTES)
    yield {
      code: 'too-many-values',
      path,
      at: 'key',
      message: `must have at most ${MAX_PARAMETER_BYTES} bytes in total, got ${bytes}`,
    };
  if ('' in parameters)
    yield { code: 'invalid-name', path: [...path, ''], at: 'key', message: 'the key must not be empty' };
}

function* checkTopology(
  storageClass: StorageClass,
  { matchLabelExpressions = [] }: Incomplete<TopologySelectorTerm>,
  path: FieldPath,
): Iterable<Finding> {
  const list = [...path, 'matchLabelExpressions'];
  for (const [index, expression] of matchLabelExpressions.entries())
    yield* checkExpression(storageClass, expression, [...list, index]);
  yield* checkUnique(
    matchLabelExpressions.map(({ key }) => key),
    (index) => [...list, index, 'key'],
  );
}

function* checkExpression(
  storageClass: StorageClass,
  { key, values = [] }: Incomplete<TopologySelectorLabelRequirement>,
  path: FieldPath,
): Iterable<Finding> {
  if (key !== undefined) {
    yield* checkLabelKey(key, [...path, 'key']);
    yield* checkNodeLabel(key, [...path, 'key']);
  }
  yield* checkFilled(storageClass, values, path, 'values');
  yield* checkUnique(values, (index) => [...path, 'values', index]);
}

/** A term without expressions is equal to none at all to the server, which refuses it as a duplicate. */
function* checkTermDiffers(
  { matchLabelExpressions = [] }: Incomplete<TopologySelectorTerm>,
  earlier: Set<string>,
  path: FieldPath,
): Iterable<Finding> {
  const place = [...path, 'matchLabelExpressions'];
  if (matchLabelExpressions.length === 0) {
    yield {
      code: 'missing-field',
      path,
      at: 'key',
      message: "must not be empty: missing field 'matchLabelExpressions'",
    };
    return;
  }
  const expressions: Record<string, Json> = {};
  for (const { key = '', values = [] } of matchLabelExpressions)
    expressions[key] = [...new Set(values)].sort();
  const text = stableJson(expressions);
  if (earlier.has(text))
    yield {
      code: 'duplicate-value',
      path: place,
      at: 'key',
      message: 'an earlier item has the same expressions',
    };
  earlier.add(text);
}

const MIN_UPDATE_SECONDS = 10;

/** How long a token is valid: from ten minutes to 2^32 seconds. */
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

/** Checks a CSIDriver (validateCSIDriverSpec). */
export function* checkCSIDriver({ value }: CheckedObject<'CSIDriver'>): Iterable<Finding> {
  const {
    tokenRequests = [],
    nodeAllocatableUpdatePeriodSeconds,
    serviceAccountTokenInSecrets,
  } = value.spec ?? {};
  yield* checkRange(nodeAllocatableUpdatePeriodSeconds, MIN_UPDATE_SECONDS, Infinity, [
    'spec',
    'nodeAllocatableUpdatePeriodSeconds',
  ]);
  yield* checkTokenRequests(tokenRequests, ['spec', 'tokenRequests']);
  const place = ['spec', 'serviceAccountTokenInSecrets'];
  if (tokenRequests.length === 0) {
    if (serviceAccountTokenInSecrets !== undefined) yield forbiddenField(place, 'there are no tokenRequests');
  } else if (serviceAccountTokenInSecrets === undefined)
    yield {
      code: 'deprecated',
      severity: 'warning',
      path: ['spec', 'serviceAccountTokenInSecrets'],
      at: 'key',
      message: 'tokens beside the other attributes of a volume, which drivers log, are deprecated',
      help: 'Set serviceAccountTokenInSecrets.',
    };
}

function* checkTokenRequests(
  requests: readonly Incomplete<TokenRequest>[],
  path: FieldPath,
): Iterable<Finding> {
  yield* checkUnique(
    requests.map(({ audience = '' }) => audience),
    (index) => [...path, index, 'audience'],
  );
  for (const [index, { expirationSeconds }] of requests.entries())
    yield* checkRange(expirationSeconds, MIN_TOKEN_SECONDS, MAX_TOKEN_SECONDS, [
      ...path,
      index,
      'expirationSeconds',
    ]);
}
