import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { LimitRangeItem } from '../../../manifest/schema/generated/kubernetes.ts';
import { checkUnique, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';
import { amountOf, type Amounts } from '../resources/requirements.ts';
import { checkAnyResource, checkContainerResource, mayOvercommit } from '../resources/resource-names.ts';

type Item = Incomplete<LimitRangeItem>;

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const amountFields = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

/** ValidateLimitRange in pkg/apis/core/validation. */
export function* checkLimitRange({ value, isPruned }: CheckedObject<'LimitRange'>): Iterable<Finding> {
  const limits = value.spec?.limits ?? [];
  const path = ['spec', 'limits'];
  yield* checkUnique(
    limits.map(({ type }) => type),
    (index) => [...path, index, 'type'],
  );
  for (const [index, item] of limits.entries()) {
    if (isPruned([...path, index])) continue;
    yield* checkType(item.type, [...path, index, 'type']);
    yield* checkFields(item, [...path, index]);
    yield* checkAmountsAgree(item, [...path, index]);
    const { type, min = {}, max = {} } = item;
    if (type === 'PersistentVolumeClaim' && min['storage'] === undefined && max['storage'] === undefined)
      if (!isPruned([...path, index, 'min']) && !isPruned([...path, index, 'max']))
        yield {
          code: 'missing-field',
          path: [...path, index],
          message: "needs 'storage' in min or max: the type is 'PersistentVolumeClaim'",
        };
  }
}

function* checkType(type: string | undefined, path: FieldPath): Iterable<Finding> {
  if (type === undefined || types.includes(type)) return;
  const message =
    labelKeyProblem(type) ??
    (type.includes('/') ? undefined : `'${type}' must be DOMAIN/NAME or one of ${types.join(', ')}`);
  if (message !== undefined) yield { code: 'wrong-value', path, message };
}

function* checkFields(item: Item, path: FieldPath): Iterable<Finding> {
  const checkName =
    item.type === 'Pod' || item.type === 'Container' ? checkContainerResource : checkAnyResource;
  for (const field of amountFields) {
    const names = Object.keys(item[field] ?? {});
    if (item.type === 'Pod' && (field === 'default' || field === 'defaultRequest') && names.length > 0)
      yield forbiddenField([...path, field], "the type is 'Pod'");
    else for (const name of names) yield* checkName(name, [...path, field, name]);
  }
}

/** Fields in the order of their amounts: none may be greater than a later one. */
const order = ['min', 'defaultRequest', 'default', 'max'] as const;

function* checkAmountsAgree(item: Item, path: FieldPath): Iterable<Finding> {
  const fields = item.type === 'Pod' ? (['min', 'max'] as const) : order;
  for (const [index, lower] of fields.entries())
    for (const upper of fields.slice(index + 1)) yield* checkOrder(item, lower, upper, path);
  for (const name of Object.keys(item.maxLimitRequestRatio ?? {})) yield* checkRatio(item, name, path);
  if (item.type !== 'Pod') yield* checkRequestsEqual(item, path);
}

function* checkOrder(
  item: Item,
  lower: (typeof order)[number],
  upper: (typeof order)[number],
  path: FieldPath,
): Iterable<Finding> {
  for (const [name, text = ''] of Object.entries(item[lower] ?? {})) {
    const [least, most] = [amountOf(text), amountOf(own(item[upper], name))];
    if (least !== undefined && most !== undefined && least > most)
      yield {
        code: 'out-of-range',
        path: [...path, lower, name],
        message: `must not be greater than ${upper} (${own(item[upper], name) ?? ''}), got ${text}`,
      };
  }
}

function* checkRatio(item: Item, name: string, path: FieldPath): Iterable<Finding> {
  const text = own(item.maxLimitRequestRatio, name);
  const ratio = amountOf(text);
  if (ratio === undefined) return;
  const at = [...path, 'maxLimitRequestRatio', name];
  if (ratio < 1000n)
    yield { code: 'out-of-range', path: at, message: `must be at least 1, got ${text ?? ''}` };
  const [min, max] = [amountOf(own(item.min, name)), amountOf(own(item.max, name))];
  if (min === undefined || max === undefined) return;
  const most = Number(max) / Number(min);
  if (Number(ratio) / 1000 > most)
    yield {
      code: 'out-of-range',
      path: at,
      message: `must not be greater than max/min (${most}), got ${text ?? ''}`,
    };
}

/** Of a container, the maximum is the default (SetDefaults_LimitRangeItem in pkg/apis/core/v1). */
function* checkRequestsEqual(item: Item, path: FieldPath): Iterable<Finding> {
  for (const [name, text = ''] of Object.entries(item.defaultRequest ?? {})) {
    const limit = own(item.default, name) ?? (item.type === 'Container' ? own(item.max, name) : undefined);
    const [request, most] = [amountOf(text), amountOf(limit)];
    if (mayOvercommit(name) || request === undefined || most === undefined || request >= most) continue;
    yield {
      code: 'request-under-limit',
      path: [...path, 'defaultRequest', name],
      message: `must equal the default limit of ${limit ?? ''}, got ${text}`,
    };
  }
}

function own(amounts: Amounts | undefined, name: string): string | undefined {
  return amounts !== undefined && Object.hasOwn(amounts, name) ? amounts[name] : undefined;
}
