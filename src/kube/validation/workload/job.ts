import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument, CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { JobSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import { checkRange, forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { dnsLabel, dnsSubdomain, nameProblem } from '../names.ts';
import { checkPodTemplate } from '../pod-template.ts';
import { checkFailurePolicy, checkSuccessPolicy } from './job-policies.ts';
import { checkJobSelection } from './job-selection.ts';
import { checkNotNegative } from './numbers.ts';
import { createdName, warnOfPodNames } from './pod-names.ts';

type Spec = Incomplete<JobSpec>;

/** The most pods of an Indexed Job at once, and the most indexes that may fail. */
const MOST_PARALLEL = 100_000;
/** Of completions; above, `backoffLimitPerIndex` needs lower limits of both. */
const MANY_COMPLETIONS = 100_000;
const MOST_WITH_MANY_COMPLETIONS = 10_000;
const LONGEST_MANAGER = 63;

/** ValidateJob in pkg/apis/batch/validation, with the defaults of SetDefaults_Job. */
export function* checkJob(object: CheckedObject<'Job'>): Iterable<Finding> {
  const { spec } = object.value;
  if (spec === undefined) return;
  const isAlone = spec.completions === undefined && spec.parallelism === undefined;
  const counted = isAlone && !object.isPruned(['spec', 'completions']) ? { ...spec, completions: 1 } : spec;
  const unusable = [...checkPodHostnames(object, counted)];
  yield* unusable;
  if (unusable.length === 0) yield* warnOfPodNames(object);
  yield* checkJobSpec(object, counted, ['spec']);
  yield* checkJobSelection(object, spec);
}

/** An Indexed Job has pods with the hostnames NAME-0, NAME-1 ... */
function* checkPodHostnames(
  object: CheckedDocument,
  { completionMode, completions = 0 }: Spec,
): Iterable<Finding> {
  const name = createdName(object);
  if (completionMode !== 'Indexed' || completions < 1 || nameProblem(dnsSubdomain, name) !== undefined)
    return;
  const problem = nameProblem(dnsLabel, `${name}-${completions - 1}`);
  if (problem === undefined) return;
  yield {
    code: 'invalid-name',
    path: ['metadata', 'name'],
    message: `the last pod would have an invalid hostname: ${problem}`,
  };
}

/** What holds for Jobs and for those of a CronJob (validateJobSpec in pkg/apis/batch/validation). */
export function* checkJobSpec(object: CheckedDocument, spec: Spec, path: FieldPath): Iterable<Finding> {
  yield* checkNotNegative(
    spec,
    [
      'parallelism',
      'completions',
      'activeDeadlineSeconds',
      'backoffLimit',
      'ttlSecondsAfterFinished',
      'backoffLimitPerIndex',
      'maxFailedIndexes',
    ],
    path,
  );
  yield* checkManager(spec.managedBy, [...path, 'managedBy']);
  if (!object.isPruned([...path, 'completionMode'])) yield* checkIndexes(object, spec, path);
  yield* checkFailurePolicy(object, spec, path);
  if (spec.podFailurePolicy !== undefined && spec.podReplacementPolicy === 'TerminatingOrFailed')
    yield {
      code: 'wrong-value',
      path: [...path, 'podReplacementPolicy'],
      message: "must be 'Failed' beside podFailurePolicy",
    };
  yield* checkPodTemplate(object, [...path, 'template'], spec.template);
  yield* checkRestartPolicy(object, spec, [...path, 'template', 'spec']);
}

/** What is allowed, and asked for, with indexes and without. */
function* checkIndexes(object: CheckedDocument, spec: Spec, path: FieldPath): Iterable<Finding> {
  if (spec.completionMode !== 'Indexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const)
      if (spec[field] !== undefined)
        yield forbiddenField([...path, field], "the completionMode is not 'Indexed'");
    return;
  }
  const { completions, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completions === undefined && !object.isPruned([...path, 'completions']))
    yield { ...missingField(path, 'completions'), help: "The completionMode 'Indexed' needs it." };
  yield* checkIndexLimits(spec, path);
  if (
    maxFailedIndexes !== undefined &&
    backoffLimitPerIndex === undefined &&
    !object.isPruned([...path, 'backoffLimitPerIndex'])
  )
    yield { ...missingField(path, 'backoffLimitPerIndex'), help: "'maxFailedIndexes' needs it." };
  yield* checkSuccessPolicy(object, spec, path);
}

function* checkIndexLimits(
  { completions, parallelism = 0, backoffLimitPerIndex, maxFailedIndexes }: Spec,
  path: FieldPath,
): Iterable<Finding> {
  if (completions === undefined) return;
  const isHuge = completions > MANY_COMPLETIONS && backoffLimitPerIndex !== undefined;
  const most = isHuge ? MOST_WITH_MANY_COMPLETIONS : MOST_PARALLEL;
  yield* checkAtMost(parallelism, most, [...path, 'parallelism']);
  if (maxFailedIndexes !== undefined)
    yield* checkAtMost(maxFailedIndexes, Math.min(most, completions), [...path, 'maxFailedIndexes']);
  else if (isHuge)
    yield {
      ...missingField(path, 'maxFailedIndexes'),
      help: `More than ${MANY_COMPLETIONS} completions with 'backoffLimitPerIndex' need it.`,
    };
  if (!isHuge && completions > MANY_COMPLETIONS && parallelism > MOST_WITH_MANY_COMPLETIONS)
    yield {
      code: 'out-of-range',
      severity: 'warning',
      path: [...path, 'parallelism'],
      message: `more than ${MOST_WITH_MANY_COMPLETIONS} at once of more than ${MANY_COMPLETIONS} completions: a cluster may lose track of failed indexes`,
    };
}

/** IsDomainPrefixedPath in k8s.io/apimachinery/pkg/util/validation. */
function* checkManager(manager: string | undefined, path: FieldPath): Iterable<Finding> {
  if (manager === undefined) return;
  const [, domain = '', name = ''] = /^([^/]*)\/(.*)$/s.exec(manager) ?? [];
  const isValid =
    nameProblem(dnsSubdomain, domain) === undefined && /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(name);
  if (!isValid)
    yield {
      code: 'invalid-name',
      path,
      message: `'${manager}' must be a domain and a name, such as 'example.com/controller'`,
    };
  else if (manager.length > LONGEST_MANAGER)
    yield {
      code: 'invalid-name',
      path,
      message: `must have at most ${LONGEST_MANAGER} characters, got ${manager.length}`,
    };
}

/** The pods of a Job end: 'Always' is no choice, although it is the default. */
function* checkRestartPolicy(
  object: CheckedDocument,
  { template, podFailurePolicy }: Spec,
  path: FieldPath,
): Iterable<Finding> {
  const at = [...path, 'restartPolicy'];
  if (template?.spec === undefined || object.isPruned(at)) return;
  const { restartPolicy } = template.spec;
  const allowed =
    podFailurePolicy === undefined ? "'Never' or 'OnFailure'" : "'Never' beside podFailurePolicy";
  if (restartPolicy === undefined)
    yield { ...missingField(path, 'restartPolicy'), help: `The pods of a Job need ${allowed}.` };
  else if (restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && podFailurePolicy !== undefined))
    yield {
      code: 'wrong-value',
      path: at,
      message: `the pods of a Job need ${allowed}, got '${restartPolicy}'`,
    };
}

function* checkAtMost(value: number, most: number, path: FieldPath): Iterable<Finding> {
  if (value > most) yield* checkRange(value, 0, most, path);
}
