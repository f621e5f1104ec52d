import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import { checkAmount } from '../../spec/quantity-field.ts';
import { parseQuantity, thousandths, wholeUnits, type Quantity } from '../../spec/quantity.ts';
import type { Finding } from '../finding.ts';
import { HUGE_PAGES, isExtended, isHugePages, mayOvercommit } from './resource-names.ts';

export type Amounts = Readonly<Record<string, string | undefined>>;

/** The amounts of a container, of a pod or of an overhead. */
export interface Requirements {
  readonly limits?: Amounts | undefined;
  readonly requests?: Amounts | undefined;
}

type NameCheck = (name: string, path: FieldPath) => Iterable<Finding>;

/** In thousandths, the precision of the server (SetDefaults_ResourceList in pkg/apis/core/v1); undefined if malformed. */
export function amountOf(text: string | undefined): bigint | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity === undefined ? undefined : thousandths(quantity);
}

/** Names and amounts, each by itself (validateResourceRequirements in pkg/apis/core/validation). */
export function* checkAmounts(
  { limits = {}, requests = {} }: Requirements,
  path: FieldPath,
  checkName: NameCheck,
): Iterable<Finding> {
  for (const [field, amounts] of Object.entries({ limits, requests }))
    yield* checkAmountList(amounts, [...path, field], checkName);
}

export function* checkAmountList(amounts: Amounts, path: FieldPath, checkName: NameCheck): Iterable<Finding> {
  for (const [name, amount = ''] of Object.entries(amounts)) {
    yield* checkAmount(inBytes(name) ? 'memory' : 'cpu', amount, [...path, name]);
    yield* checkName(name, [...path, name]);
    yield* checkWhole(name, amount, [...path, name]);
  }
}

function inBytes(resource: string): boolean {
  return resource === 'memory' || resource === 'ephemeral-storage';
}

/** Extended resources are counted; huge pages are whole pages. */
function* checkWhole(name: string, text: string, path: FieldPath): Iterable<Finding> {
  const quantity = parseQuantity(text);
  if (quantity === undefined || quantity.nanos < 0n) return;
  if (isExtended(name) && thousandths(quantity) % 1000n !== 0n)
    yield { code: 'invalid-quantity', path, message: `must be a whole number, got '${text}'` };
  if (!isHugePages(name)) return;
  const size = name.slice(HUGE_PAGES.length);
  const page = pageSize(parseQuantity(size));
  if (page === undefined)
    yield {
      code: 'unknown-resource',
      path,
      at: 'key',
      message: `'${name}' must end with the size of a page, as in 'hugepages-2Mi'`,
    };
  else if (wholeUnits({ nanos: thousandths(quantity) * 1_000_000n }) % page !== 0n)
    yield { code: 'invalid-quantity', path, message: `must be a multiple of ${size}, got '${text}'` };
}

/** In bytes; undefined for what is no size of pages (IsHugePageResourceValueDivisible in pkg/apis/core/helper). */
function pageSize(quantity: Quantity | undefined): bigint | undefined {
  if (quantity === undefined || quantity.nanos <= 0n || thousandths(quantity) % 1000n !== 0n)
    return undefined;
  return wholeUnits(quantity);
}

/** Requests against limits. An amount that is missing because it is invalid is no mistake of its own. */
export function* checkRequests(
  { isPruned }: Pick<CheckedDocument, 'isPruned'>,
  { limits = {}, requests = {} }: Requirements,
  path: FieldPath,
): Iterable<Finding> {
  for (const [name, request = ''] of Object.entries(requests)) {
    const at = [...path, 'requests', name];
    const limit = limits[name];
    if (limit !== undefined) yield* checkRequest(name, request, limit, at);
    else if (!mayOvercommit(name) && !isPruned([...path, 'limits', name]))
      yield { code: 'missing-field', path: at, at: 'key', message: `requires a limit of ${request}` };
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const isAlone = !names.includes('cpu') && !names.includes('memory');
  const pages = names.find(isHugePages);
  if (pages !== undefined && isAlone)
    yield {
      code: 'missing-field',
      path: [...path, Object.hasOwn(limits, pages) ? 'limits' : 'requests', pages],
      at: 'key',
      message: 'huge pages require cpu or memory beside them',
    };
}

function* checkRequest(name: string, request: string, limit: string, path: FieldPath): Iterable<Finding> {
  const [asked, most] = [amountOf(request), amountOf(limit)];
  if (asked === undefined || most === undefined) return;
  if (asked > most)
    yield {
      code: 'request-over-limit',
      path,
      message: `must not exceed the limit of ${limit}, got ${request}`,
    };
  else if (asked < most && !mayOvercommit(name))
    yield {
      code: 'request-under-limit',
      path,
      message: `must equal the limit of ${limit}, got ${request}`,
    };
}
