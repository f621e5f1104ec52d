import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  ObjectMeta,
  PersistentVolumeClaimVolumeSource,
  Volume,
} from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { checkAnnotationKeys } from '../pod/metadata.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelWords } from '../label-selector.ts';
import { dnsSubdomain, nameProblem } from '../names.ts';
import { checkClaimSpec } from '../storage/claim-spec.ts';

/** A claim that is made with the pod (validateEphemeralVolumeSource in pkg/apis/core/validation). */
export function* checkEphemeral(
  pod: PodObject,
  { name = '', ephemeral = {} }: Incomplete<Volume>,
  path: FieldPath,
): Iterable<Finding> {
  const template = ephemeral.volumeClaimTemplate;
  const at = [...path, 'volumeClaimTemplate'];
  if (template === undefined) {
    if (!pod.isPruned(at))
      yield { code: 'missing-field', path, message: "missing required field 'volumeClaimTemplate'" };
    return;
  }
  if (template.metadata !== undefined) yield* checkTemplateMetadata(template.metadata, [...at, 'metadata']);
  if (template.spec !== undefined) yield* checkClaimSpec(template.spec, [...at, 'spec'], pod, true);
  const claim = claimNameOf(pod, name);
  if (claim === undefined || name === '') return;
  const problem = nameProblem(dnsSubdomain, claim);
  if (problem !== undefined)
    yield {
      code: 'invalid-name',
      path: [...path.slice(0, -1), 'name'],
      message: `the name of its PersistentVolumeClaim, POD-VOLUME, is invalid: ${problem}`,
    };
}

/** The name of the claim that a pod gets for a volume; undefined for a template, whose pods have no names yet. */
function claimNameOf({ value, isTemplate }: PodObject, volume: string): string | undefined {
  const { name = '', generateName = '' } = value.metadata ?? {};
  if (isTemplate === true || (name === '' && generateName === '')) return undefined;
  return `${name === '' ? `${generateName.slice(0, 58)}xxxxx` : name}-${volume}`;
}

/** ValidateTemplateObjectMeta: only labels and annotations can be set. */
function* checkTemplateMetadata(metadata: Incomplete<ObjectMeta>, path: FieldPath): Iterable<Finding> {
  yield* checkLabelWords(metadata.labels ?? {}, [...path, 'labels']);
  yield* checkAnnotationKeys(metadata.annotations ?? {}, [...path, 'annotations']);
  for (const [field, value] of Object.entries(metadata)) {
    const isUnset = value === '' || (field === 'generation' && value === 0);
    if (field !== 'labels' && field !== 'annotations' && !isUnset)
      yield forbiddenField([...path, field], 'only labels and annotations can be set here');
  }
}

/** A volume must not use a claim that is made for another volume of the pod. */
export function* checkClaimName(
  pod: PodObject,
  { claimName }: Incomplete<PersistentVolumeClaimVolumeSource>,
  path: FieldPath,
): Iterable<Finding> {
  const at = [...path, 'claimName'];
  // For a pod the check of its references reports it.
  if (claimName === '' && pod.isTemplate === true)
    yield { code: 'missing-field', path: at, message: 'missing the name of a PersistentVolumeClaim' };
  const made = (pod.value.spec?.volumes ?? []).find(
    ({ name = '', ephemeral }) => ephemeral !== undefined && claimNameOf(pod, name) === claimName,
  );
  if (made !== undefined && claimName !== undefined)
    yield {
      code: 'forbidden-field',
      path: at,
      message: `must not be the claim that is made for the ephemeral volume '${made.name ?? ''}'`,
    };
}
