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

function* checkClaimTemplates({ value: { spec }, isPruned }: StatefulSet): Iterable<Finding> {
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
    if (claim !== undefined) yield* checkClaimSpec(claim, [...path, index, 'spec'], isPruned);
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
  const claims = new Set(volumeClaimTemplates.flatMap(({ metadata }) => metadata?.name ?? []));
  const { hostname: _hostname, subdomain: _subdomain, volumes = [], ...spec } = template.spec ?? {};
  const named = volumes.map(({ name = '' }) => name);
  const isReplaced = (index: number): boolean => claims.has(named[index] ?? '');
  const isRepeated = (index: number): boolean =>
    isReplaced(index) && named.indexOf(named[index] ?? '') < index;
  const all = [
    ...volumes.map((volume, index) =>
      isRepeated(index) ? {} : isReplaced(index) ? volumeOf(named[index] ?? '') : volume,
    ),
    ...[...claims].filter((name) => !named.includes(name)).map(volumeOf),
  ];
  const asCreated: Incomplete<PodTemplateSpec> = {
    ...template,
    ...(template.spec === undefined ? {} : { spec: { ...spec, volumes: all } }),
  };
  const volumeIndex = (place: FieldPath): number | undefined =>
    [...path, 'spec', 'volumes'].every((part, index) => place[index] === part) && place.length > 4
      ? Number(place[4])
      : undefined;
  const reading: StatefulSet = {
    ...object,
    isPruned: (place) => object.isPruned(place) || isRepeated(volumeIndex(place) ?? -1),
  };
  for (const finding of checkPodTemplate(reading, path, asCreated)) {
    const index = volumeIndex(finding.path) ?? -1;
    // The volumes of claims have no place in the file: their names are checked above.
    if (index < volumes.length && (index < 0 || !isReplaced(index))) yield finding;
  }
  yield* checkServingPods(object.kind, template, path);
}

function volumeOf(claim: string): { name: string; persistentVolumeClaim: { claimName: string } } {
  return { name: claim, persistentVolumeClaim: { claimName: claim } };
}
