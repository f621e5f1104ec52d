import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { AppArmorProfile, SeccompProfile } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { APPARMOR_CONTAINER, replaced, SECCOMP_CONTAINER, SECCOMP_POD } from '../pod/server-annotations.ts';

type Profile = Incomplete<SeccompProfile> | Incomplete<AppArmorProfile>;

/** A profile as the values of annotations name it; undefined for one that is incomplete. */
function nameOf({ type, localhostProfile }: Profile): string | undefined {
  switch (type) {
    case 'RuntimeDefault':
      return 'runtime/default';
    case 'Unconfined':
      return 'unconfined';
    case 'Localhost':
      return localhostProfile === undefined ? undefined : `localhost/${localhostProfile}`;
    default:
      return undefined;
  }
}

/**
 * Annotations that fields for profiles replaced in Kubernetes 1.27 and 1.30: beside the field they have the same profile
 * (validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate in pkg/apis/core/validation),
 * without it the server warns (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go, applyAppArmorVersionSkew in
 * pkg/registry/core/pod). https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
export function* checkProfileAnnotations(pod: PodObject): Iterable<Finding> {
  const { metadata, spec } = pod.value;
  const annotations = Object.entries(metadata?.annotations ?? {});
  if (!annotations.some(([key]) => key.includes('seccomp') || key.includes('apparmor'))) return;
  const contexts = new Map(containersOf(pod).map(({ path, value }) => [value.name ?? '', { path, value }]));
  for (const [key, value = ''] of annotations) {
    const at = ['metadata', 'annotations', key];
    if (key === SECCOMP_POD)
      yield* checkAgainst(value, spec?.securityContext?.seccompProfile, at, ['spec'], 'seccompProfile');
    for (const [prefix, field] of [
      [SECCOMP_CONTAINER, 'seccompProfile'],
      [APPARMOR_CONTAINER, 'appArmorProfile'],
    ] as const) {
      if (!key.startsWith(prefix)) continue;
      const container = contexts.get(key.slice(prefix.length));
      if (container === undefined) continue;
      const own = container.value.securityContext?.[field];
      if (field === 'seccompProfile' || own !== undefined)
        yield* checkAgainst(value, own, at, container.path, field);
      else yield* checkAppArmor(pod, value, at);
    }
  }
}

/** The field's value that means the same as an annotation, as YAML; undefined for an invalid annotation. */
function profileOf(annotation: string): string | undefined {
  const [, path] = /^localhost\/(\S+)$/.exec(annotation) ?? [];
  if (path !== undefined) return `{type: Localhost, localhostProfile: ${path}}`;
  if (annotation === 'unconfined') return '{type: Unconfined}';
  return ['runtime/default', 'docker/default'].includes(annotation) ? '{type: RuntimeDefault}' : undefined;
}

function* checkAgainst(
  annotation: string,
  profile: Profile | undefined,
  at: FieldPath,
  owner: FieldPath,
  field: 'seccompProfile' | 'appArmorProfile',
): Iterable<Finding> {
  if (profile === undefined) yield replaced(at, `securityContext.${field}`, profileOf(annotation));
  else if (profile.type !== undefined && !isSame(annotation, nameOf(profile), field))
    yield differing(annotation, at, [...owner, 'securityContext', field]);
}

function isSame(annotation: string, name: string | undefined, field: string): boolean {
  const isOldDefault = field === 'seccompProfile' && annotation === 'docker/default';
  return (isOldDefault ? 'runtime/default' : annotation) === name;
}

function differing(annotation: string, at: FieldPath, field: FieldPath): Finding {
  return {
    code: 'profile-conflict',
    path: [...field, 'type'],
    message: `must be the profile of the annotation '${String(at.at(-1))}', '${annotation}'`,
    help: 'Remove the annotation: the field replaced it.',
  };
}

/** A container has the profile of the pod. For a pod, not for a template, the server first makes a field of the annotation. */
function* checkAppArmor(pod: PodObject, annotation: string, at: FieldPath): Iterable<Finding> {
  const { os, securityContext } = pod.value.spec ?? {};
  const ofPod = securityContext?.appArmorProfile;
  if (ofPod?.type !== undefined && annotation === nameOf(ofPod)) return;
  const isRead = pod.isTemplate !== true && isProfile(annotation);
  if (ofPod?.type !== undefined && !isRead && os?.name !== 'windows')
    yield differing(annotation, at, ['spec', 'securityContext', 'appArmorProfile']);
  else yield replaced(at, 'securityContext.appArmorProfile', profileOf(annotation));
}

/** ApparmorFieldForAnnotation in pkg/api/pod/util.go. */
function isProfile(annotation: string): boolean {
  return (
    ['runtime/default', 'unconfined'].includes(annotation) || /^localhost\/\S(?:.*\S)?$/s.test(annotation)
  );
}
