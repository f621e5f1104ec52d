import { defined } from '../../../base/defined.ts';
import { suggest } from '../../../base/suggest.ts';
import { infraFqdn } from '../../spec/host-name.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import {
  CONTAINER_ANNOTATIONS,
  INFRA_NAME,
  isContainerAnnotation,
  isOfPodman,
  isOfRuntime,
  POD_ANNOTATIONS,
  podmanAnnotations,
  USERNS,
  type PodmanAnnotation,
} from '../../spec/podman-annotations.ts';
import type { Finding } from '../finding.ts';
import { podmanAnnotationProblem } from './podman-annotation-values.ts';
import { isUnusedAnnotation, UNUSED_ANNOTATIONS, unusedAnnotation } from './unused-podman-annotations.ts';

/** podman's annotations: invalid values are errors, and what podpose does not use is a warning that says what to write. */
export function* checkPodmanAnnotations(pod: PodObject): Iterable<Finding> {
  for (const annotation of podmanAnnotations(pod.value.metadata?.annotations ?? {})) {
    const finding = findingOf(annotation, pod);
    if (finding !== undefined) yield finding;
  }
  yield* checkLabelsOfPodman(pod);
  yield* checkGroupInNamespace(pod);
}

function findingOf(annotation: PodmanAnnotation, pod: PodObject): Finding | undefined {
  const { name, target, value } = annotation;
  if (isUnusedAnnotation(name)) return unusedAnnotation(annotation);
  const isOfPod = POD_ANNOTATIONS.includes(name);
  if (!isOfPod && !isContainerAnnotation(name)) return unknownAnnotation(annotation);
  if (target !== undefined) {
    const finding = isOfPod ? podTargetProblem(annotation, pod) : targetProblem(annotation, pod);
    if (finding !== undefined) return finding;
  }
  const message = podmanAnnotationProblem(name, value, pod);
  if (message !== undefined) return { code: 'invalid-podman-annotation', path: pathOf(annotation), message };
  return name === INFRA_NAME ? infraNameConflict(annotation, pod) : undefined;
}

function pathOf({ key }: Pick<PodmanAnnotation, 'key'>): readonly string[] {
  return ['metadata', 'annotations', key];
}

function unknownAnnotation({ key, name, target }: PodmanAnnotation): Finding {
  const known = [...POD_ANNOTATIONS, ...CONTAINER_ANNOTATIONS, ...UNUSED_ANNOTATIONS];
  const meant = suggest(name, known);
  return {
    code: 'unknown-podman-annotation',
    severity: 'warning',
    path: pathOf({ key }),
    at: 'key',
    message: `ignored: podman has no annotation '${name}'`,
    ...defined({ suggestion: meant === undefined || target === undefined ? meant : `${meant}/${target}` }),
  };
}

/** An annotation after the slash names a container. */
function targetProblem({ key, name, target = '' }: PodmanAnnotation, pod: PodObject): Finding | undefined {
  const names = containersOf(pod).flatMap(({ value }) => value.name ?? []);
  const isUnknown = names.length === 0 || names.length < containersOf(pod).length;
  if (isUnknown || names.includes(target)) return undefined;
  const meant = suggest(target, names);
  return {
    code: 'unknown-podman-annotation',
    severity: 'warning',
    path: pathOf({ key }),
    at: 'key',
    message: `ignored: the pod has no container '${target}' (${names.join(', ')})`,
    ...defined({ suggestion: meant === undefined ? undefined : `${name}/${meant}` }),
  };
}

/** Of the pod's annotations only the user namespace may name the pod, which kube generate writes. */
function podTargetProblem({ key, name, target = '' }: PodmanAnnotation, pod: PodObject): Finding | undefined {
  if (name === USERNS && target === pod.value.metadata?.name) return undefined;
  return {
    code: 'unknown-podman-annotation',
    severity: 'warning',
    path: pathOf({ key }),
    at: 'key',
    message: `ignored: '${name}' is of the pod, not of '${target}'`,
    suggestion: name,
  };
}

function infraNameConflict(annotation: PodmanAnnotation, { value }: PodObject): Finding | undefined {
  if (infraFqdn(value) === undefined) return undefined;
  return {
    code: 'podman-annotation',
    severity: 'warning',
    path: pathOf(annotation),
    at: 'key',
    message: 'ignored with spec.subdomain: the infra container has the FQDN as its name',
    help: 'Remove the annotation or spec.subdomain.',
  };
}

/** `podman kube play` reads annotations only. */
function* checkLabelsOfPodman({ value: { metadata } }: PodObject): Iterable<Finding> {
  for (const key of Object.keys(metadata?.labels ?? {}))
    if (isOfPodman(key) && !isOfRuntime(key))
      yield {
        code: 'podman-annotation',
        severity: 'warning',
        path: ['metadata', 'labels', key],
        at: 'key',
        message: 'a label of the pod without effect: podman reads it of containers only',
        help: 'Write it under metadata.annotations.',
      };
}

/** podpose changes the group of volumes in the user namespace of rootless podman. */
function* checkGroupInNamespace({ value: { metadata, spec } }: PodObject): Iterable<Finding> {
  const { annotations = {}, name = '' } = metadata ?? {};
  const mode = annotations[USERNS] ?? annotations[`${USERNS}/${name}`];
  const isOwn = mode === undefined ? spec?.hostUsers === false : !['host', ''].includes(mode);
  const group = spec?.securityContext?.fsGroup;
  if (!isOwn || group === undefined) return;
  yield {
    code: 'podman-annotation',
    severity: 'warning',
    path: ['spec', 'securityContext', 'fsGroup'],
    message: `volumes get group ${group} of rootless podman, which may be another group in the user namespace of the pod`,
    help: `Remove fsGroup, or remove ${mode === undefined ? "'hostUsers: false'" : `the annotation '${USERNS}'`}.`,
  };
}
