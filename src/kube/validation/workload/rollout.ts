import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  DaemonSetUpdateStrategy,
  DeploymentStrategy,
  RollingUpdateDaemonSet,
  RollingUpdateDeployment,
  StatefulSetUpdateStrategy,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { amountOf, checkIntOrPercent, checkNotNegative } from './numbers.ts';

/** ValidateDeploymentStrategy in pkg/apis/apps/validation, with the defaults of SetDefaults_Deployment. */
export function* checkDeploymentStrategy(
  { type = 'RollingUpdate', rollingUpdate }: Incomplete<DeploymentStrategy>,
  path: FieldPath,
): Iterable<Finding> {
  if (rollingUpdate === undefined) return;
  const at = [...path, 'rollingUpdate'];
  if (type === 'Recreate') yield forbiddenField(at, "the strategy is 'Recreate'");
  else yield* checkRollingDeployment(rollingUpdate, at);
}

/** How many pods more and fewer there may be during an update: not both 0, or there is no update. */
function* checkRollingDeployment(
  { maxUnavailable, maxSurge }: Incomplete<RollingUpdateDeployment>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkIntOrPercent(maxUnavailable, 100, [...path, 'maxUnavailable']);
  yield* checkIntOrPercent(maxSurge, Infinity, [...path, 'maxSurge']);
  if (isZero(maxUnavailable) && isZero(maxSurge)) yield bothZero(path);
}

/** ValidateDaemonSetUpdateStrategy in pkg/apis/apps/validation, with the defaults of SetDefaults_DaemonSet. */
export function* checkDaemonSetStrategy(
  { type = 'RollingUpdate', rollingUpdate }: Incomplete<DaemonSetUpdateStrategy>,
  path: FieldPath,
): Iterable<Finding> {
  if (type === 'RollingUpdate' && rollingUpdate !== undefined)
    yield* checkRollingDaemonSet(rollingUpdate, [...path, 'rollingUpdate']);
}

function* checkRollingDaemonSet(
  { maxUnavailable, maxSurge }: Incomplete<RollingUpdateDaemonSet>,
  path: FieldPath,
): Iterable<Finding> {
  const problems = [
    ...checkIntOrPercent(maxUnavailable, 100, [...path, 'maxUnavailable']),
    ...checkIntOrPercent(maxSurge, 100, [...path, 'maxSurge']),
  ];
  yield* problems;
  if (problems.length > 0) return;
  const surges = maxSurge !== undefined && !isZero(maxSurge);
  if (isZero(maxUnavailable) && !surges) yield bothZero(path);
  if (surges && !isZero(maxUnavailable))
    yield {
      code: 'several-values',
      path: [...path, 'maxSurge'],
      at: 'key',
      message: `must not be set while maxUnavailable is ${maxUnavailable ?? '1, its default'}`,
      help: "Set 'maxUnavailable: 0', or remove 'maxSurge'.",
    };
}

/**
 * ValidateStatefulSetSpec in pkg/apis/apps/validation. An API server drops `maxUnavailable` unless the feature
 * MaxUnavailableStatefulSet is on, which it is not by default in 1.36.
 */
export function* checkStatefulSetStrategy(
  { type = 'RollingUpdate', rollingUpdate }: Incomplete<StatefulSetUpdateStrategy>,
  path: FieldPath,
): Iterable<Finding> {
  if (rollingUpdate === undefined) return;
  const at = [...path, 'rollingUpdate'];
  if (type === 'OnDelete') yield forbiddenField(at, "the strategy is 'OnDelete'");
  else yield* checkNotNegative(rollingUpdate, ['partition'], at);
}

function isZero(value: number | string | undefined): boolean {
  return value !== undefined && amountOf(value) === 0;
}

function bothZero(path: FieldPath): Finding {
  return {
    code: 'wrong-value',
    path: [...path, 'maxUnavailable'],
    message: 'must not be 0 while maxSurge is 0: no pod could be replaced',
  };
}
