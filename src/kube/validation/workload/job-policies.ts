import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
  SuccessPolicyRule,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { checkRange, checkUnique } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';
import { countIndexes } from './job-indexes.ts';
import { checkCount } from './numbers.ts';

type Spec = Incomplete<JobSpec>;

const MOST_RULES = 20;
const MOST_PATTERNS = 20;
const MOST_EXIT_CODES = 255;
/** In bytes. */
const LONGEST_INDEXES = 64 * 1024;

/** validatePodFailurePolicy in pkg/apis/batch/validation. */
export function* checkFailurePolicy(object: CheckedDocument, spec: Spec, path: FieldPath): Iterable<Finding> {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const at = [...path, 'podFailurePolicy', 'rules'];
  yield* checkCount(rules, MOST_RULES, at);
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = [...containers, ...initContainers].flatMap(({ name }) => (name === undefined ? [] : [name]));
  for (const [index, rule] of rules.entries()) {
    if (object.isPruned([...at, index])) continue;
    yield* checkFailureRule(object, rule, [...at, index]);
    if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
      yield {
        code: 'wrong-value',
        path: [...at, index, 'action'],
        message: "'FailIndex' needs spec.backoffLimitPerIndex",
      };
    const container = rule.onExitCodes?.containerName;
    if (
      container !== undefined &&
      !names.includes(container) &&
      !object.hasPruned([...path, 'template', 'spec', 'containers'])
    )
      yield unknownContainer(container, names, [...at, index, 'onExitCodes', 'containerName']);
  }
}

function unknownContainer(name: string, names: readonly string[], path: FieldPath): Finding {
  const suggestion = suggest(name, names);
  return {
    code: 'wrong-value',
    path,
    message: `the template has no container '${name}'`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function* checkFailureRule(
  object: CheckedDocument,
  { onExitCodes, onPodConditions = [] }: Incomplete<PodFailurePolicyRule>,
  path: FieldPath,
): Iterable<Finding> {
  const codes = [...path, 'onExitCodes'];
  const conditions = [...path, 'onPodConditions'];
  if (onExitCodes !== undefined) yield* checkExitCodes(object, onExitCodes, codes);
  yield* checkCount(onPodConditions, MOST_PATTERNS, conditions);
  for (const [index, { type }] of onPodConditions.entries()) {
    const message = type === undefined ? undefined : labelKeyProblem(type);
    if (message !== undefined) yield { code: 'invalid-name', path: [...conditions, index, 'type'], message };
  }
  if (onExitCodes !== undefined && onPodConditions.length > 0)
    yield {
      code: 'several-values',
      path: conditions,
      at: 'key',
      message: 'must not be set beside onExitCodes',
    };
  if (onExitCodes !== undefined || onPodConditions.length > 0) return;
  if (!object.isPruned(codes) && !object.isPruned(conditions))
    yield { code: 'missing-field', path, message: "needs 'onExitCodes' or 'onPodConditions'" };
}

function* checkExitCodes(
  object: CheckedDocument,
  { operator, values }: Incomplete<PodFailurePolicyOnExitCodesRequirement>,
  path: FieldPath,
): Iterable<Finding> {
  const at = [...path, 'values'];
  if (values === undefined) return;
  if (values.length === 0 && !object.isPruned(at))
    yield { code: 'missing-field', path: at, at: 'key', message: 'needs at least one exit code' };
  yield* checkCount(values, MOST_EXIT_CODES, at);
  const zero = values.indexOf(0);
  if (operator === 'In' && zero !== -1)
    yield {
      code: 'wrong-value',
      path: [...at, zero],
      message: "0 means success: it must not be in the values of the operator 'In'",
    };
  yield* checkUnique(values.map(String), (index) => [...at, index]);
  const unordered = values.findIndex((value, index) => value < (values[index - 1] ?? -Infinity));
  if (unordered !== -1)
    yield {
      code: 'wrong-value',
      path: [...at, unordered],
      message: 'the exit codes must be in ascending order',
    };
}

/** validateSuccessPolicy in pkg/apis/batch/validation, of an Indexed Job. */
export function* checkSuccessPolicy(object: CheckedDocument, spec: Spec, path: FieldPath): Iterable<Finding> {
  const { successPolicy, completions } = spec;
  if (successPolicy === undefined) return;
  const { rules = [] } = successPolicy;
  const at = [...path, 'successPolicy', 'rules'];
  if (rules.length === 0 && !object.isPruned(at))
    yield { code: 'missing-field', path: at.slice(0, -1), at: 'key', message: 'needs at least one rule' };
  yield* checkCount(rules, MOST_RULES, at);
  for (const [index, rule] of rules.entries())
    if (!object.hasPruned([...at, index])) yield* checkSuccessRule(rule, completions, [...at, index]);
}

/** `completions` is missing if that is reported already. */
function* checkSuccessRule(
  { succeededCount, succeededIndexes }: Incomplete<SuccessPolicyRule>,
  completions: number | undefined,
  path: FieldPath,
): Iterable<Finding> {
  if (succeededCount === undefined && succeededIndexes === undefined)
    yield { code: 'missing-field', path, message: "needs 'succeededCount' or 'succeededIndexes'" };
  if (completions === undefined) return;
  const indexesPath = [...path, 'succeededIndexes'];
  const indexes = succeededIndexes === undefined ? undefined : countIndexes(succeededIndexes, completions);
  if (succeededIndexes !== undefined && Buffer.byteLength(succeededIndexes) > LONGEST_INDEXES)
    yield {
      code: 'out-of-range',
      path: indexesPath,
      message: `must have at most ${LONGEST_INDEXES} characters`,
    };
  if (typeof indexes === 'string') yield { code: 'wrong-value', path: indexesPath, message: indexes };
  const most = typeof indexes === 'number' ? Math.min(indexes, completions) : completions;
  yield* checkRange(succeededCount, 0, Math.max(most, 0), [...path, 'succeededCount']);
}
