import type { CheckedObject } from '../../../manifest/checked-document.ts';
import { firstUnmatched } from '../../spec/label-selection.ts';
import type { Finding } from '../finding.ts';
import type { KindChecks } from '../kinds/kind-checks.ts';
import { checkPodTemplate } from '../pod-template.ts';
import { checkNotNegative } from './numbers.ts';
import { warnOfPodNames } from './pod-names.ts';
import { checkDaemonSetStrategy, checkDeploymentStrategy } from './rollout.ts';
import { checkSelection, checkServingTemplate, selectorMismatch } from './template.ts';

/** ValidateDeploymentSpec in pkg/apis/apps/validation. */
function* checkDeployment(object: CheckedObject<'Deployment'>): Iterable<Finding> {
  yield* warnOfPodNames(object);
  const { spec } = object.value;
  if (spec === undefined) return;
  const { minReadySeconds = 0, progressDeadlineSeconds = 600, strategy = {} } = spec;
  const numbers = ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const;
  yield* checkNotNegative(spec, numbers, ['spec']);
  if (progressDeadlineSeconds <= minReadySeconds && progressDeadlineSeconds >= 0)
    yield {
      code: 'out-of-range',
      path: [
        'spec',
        spec.progressDeadlineSeconds === undefined ? 'minReadySeconds' : 'progressDeadlineSeconds',
      ],
      message: `progressDeadlineSeconds (${progressDeadlineSeconds}) must be greater than minReadySeconds (${minReadySeconds})`,
    };
  yield* checkDeploymentStrategy(strategy, ['spec', 'strategy']);
  yield* checkSelection(object, spec);
  yield* checkServingTemplate(object, spec.template);
}

/** ValidateReplicaSetSpec in pkg/apis/apps/validation. */
function* checkReplicaSet(object: CheckedObject<'ReplicaSet'>): Iterable<Finding> {
  yield* warnOfPodNames(object);
  const { spec } = object.value;
  if (spec === undefined) return;
  yield* checkNotNegative(spec, ['replicas', 'minReadySeconds'], ['spec']);
  yield* checkSelection(object, spec);
  yield* checkServingTemplate(object, spec.template);
}

/** ValidateDaemonSetSpec in pkg/apis/apps/validation. */
function* checkDaemonSet(object: CheckedObject<'DaemonSet'>): Iterable<Finding> {
  const { spec } = object.value;
  if (spec === undefined) return;
  yield* checkNotNegative(spec, ['minReadySeconds', 'revisionHistoryLimit'], ['spec']);
  yield* checkDaemonSetStrategy(spec.updateStrategy ?? {}, ['spec', 'updateStrategy']);
  yield* checkSelection(object, spec);
  yield* checkServingTemplate(object, spec.template);
}

/**
 * ValidateReplicationControllerSpec in pkg/apis/core/validation. The labels of the template are the default of the
 * selector (SetDefaults_ReplicationController in pkg/apis/core/v1).
 */
function* checkReplicationController(object: CheckedObject<'ReplicationController'>): Iterable<Finding> {
  yield* warnOfPodNames(object);
  const { spec } = object.value;
  if (spec === undefined) return;
  yield* checkNotNegative(spec, ['replicas', 'minReadySeconds'], ['spec']);
  yield* checkMapSelection(object);
  yield* checkServingTemplate(object, spec.template);
}

function* checkMapSelection(object: CheckedObject<'ReplicationController'>): Iterable<Finding> {
  const { selector = {}, template } = object.value.spec ?? {};
  const labels = template?.metadata?.labels ?? {};
  if (object.hasPruned(['spec', 'selector']) || object.hasPruned(['spec', 'template', 'metadata', 'labels']))
    return;
  if (Object.keys(selector).length === 0) {
    if (template === undefined || Object.keys(labels).length > 0) return;
    yield {
      code: 'missing-field',
      path: ['spec'],
      at: 'key',
      message: "missing required field 'selector': the template has no labels to select pods by",
    };
    return;
  }
  const [, unmatched] = firstUnmatched({ matchLabels: selector }, labels) ?? [];
  if (unmatched !== undefined && template !== undefined)
    yield selectorMismatch(['spec', 'selector', unmatched]);
}

/** A PodTemplate is one template: pods of any restart policy. */
function* checkPodTemplateObject(object: CheckedObject<'PodTemplate'>): Iterable<Finding> {
  yield* checkPodTemplate(object, ['template'], object.value.template);
}

/** The kinds that keep a number of pods running. */
export const setChecks: KindChecks = {
  DaemonSet: checkDaemonSet,
  Deployment: checkDeployment,
  PodTemplate: checkPodTemplateObject,
  ReplicaSet: checkReplicaSet,
  ReplicationController: checkReplicationController,
};
