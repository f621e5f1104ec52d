import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { PodTemplateSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel } from '../names.ts';
import { checkPodTemplate } from '../pod-template.ts';
import { checkClaimSpec } from '../storage/claim-spec.ts';
import { checkNotNegative } from './numbers.ts';
import { checkStatefulSetStrategy } from './rollout.ts';
import { checkSelection, checkServingPods } from './template.ts';

type StatefulSet = CheckedObject<'StatefulSet'>;

/** ValidateStatefulSet in pkg/apis/apps/validation. */
export function* checkStatefulSet(object: StatefulSet): Iterable<Finding> {
  const { spec } = object.value;
  if (spec === undefined) return;
  yield* checkNotNegative(spec, ['replicas', 'minReadySeconds'], ['spec']);
  yield* checkNotNegative(spec.ordinals ?? {}, ['start'], ['spec', 'ordinals']);
  if ((spec.revisionHistoryLimit ?? 0) < 0)
    yield {
      code: 'out-of-range',
      severity: 'warning',
      path: ['spec', 'revisionHistoryLimit'],
      message: `a negative number keeps all revisions, got ${spec.revisionHistoryLimit ?? 0}`,
    };
  if (spec.serviceName !== undefined && spec.serviceName !== '')
    yield* checkName(dnsLabel, spec.serviceName, ['spec', 'serviceName']);
  yield* checkStatefulSetStrategy(spec.updateStrategy ?? {}, ['spec', 'updateStrategy']);
  yield* checkClaimTemplates(object);
  yield* checkSelection(object, spec);
  yield* checkTemplate(object);
}

function* checkClaimTemplates(set: StatefulSet): Iterable<Finding> {
  const { spec } = set.value;
  const { isPruned } = set;
  const path = ['spec', 'volumeClaimTemplates'];
  for (const [index, { metadata, spec: claim, ...other }] of (spec?.volumeClaimTemplates ?? []).entries()) {
    const namePath = [...path, index, 'metadata', 'name'];
    if (metadata?.name !== undefined) yield* checkName(dnsLabel, metadata.name, namePath);
    else if (!isPruned(namePath))
      yield {
        code: 'missing-field',
        path: [...path, index, 'metadata'],
        at: 'key',
        message: "missing required field 'name': it is the name of the volume in the template",
      };
    for (const field of ['apiVersion', 'kind'] as const)
      yield* checkText(other[field], [...path, index, field]);
    if (claim !== undefined) yield* checkClaimSpec(claim, [...path, index, 'spec'], set);
  }
}

/** The schema leaves the type of these fields to the reading of whole objects. Any text is valid in a claim. */
function* checkText(value: unknown, path: FieldPath): Iterable<Finding> {
  if (value !== undefined && typeof value !== 'string')
    yield { code: 'wrong-type', path, message: 'must be a string' };
}

/**
 * The template, as the pods get it: with a volume for each claim, instead of a volume of the same name, and with a
 * hostname and a subdomain that the controller sets.
 */
function* checkTemplate(object: StatefulSet): Iterable<Finding> {
  const { template, volumeClaimTemplates = [] } = object.value.spec ?? {};
  if (template === undefined) return;
  const path = ['spec', 'template'];
  const claims = [...new Set(volumeClaimTemplates.flatMap(({ metadata }) => metadata?.name ?? []))];
  const { hostname: _hostname, subdomain: _subdomain, volumes = [], ...spec } = template.spec ?? {};
  const kept = [...volumes.keys()].filter((index) => !claims.includes(volumes[index]?.name ?? ''));
  const mounted = [
    ...kept.map((index) => volumes[index] ?? {}),
    ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
  ];
  const created: Incomplete<PodTemplateSpec> = {
    ...template,
    ...(template.spec === undefined ? {} : { spec: { ...spec, volumes: mounted } }),
  };
  // The place of a kept volume; undefined for the volume of a claim, whose name is checked above.
  const written = (place: FieldPath): FieldPath | undefined => {
    const [first, second, third, fourth, index, ...rest] = place;
    if ([first, second, third, fourth].join('.') !== 'spec.template.spec.volumes') return place;
    if (typeof index !== 'number') return place;
    const original = kept[index];
    return original === undefined ? undefined : [...path, 'spec', 'volumes', original, ...rest];
  };
  const isPruned = (place: FieldPath): boolean => object.isPruned(written(place) ?? place);
  for (const finding of checkPodTemplate({ ...object, isPruned }, path, created)) {
    const place = written(finding.path);
    if (place !== undefined) yield { ...finding, path: place };
  }
  yield* checkServingPods(object.kind, template, path);
}
