import type { FieldPath } from '../../base/path.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Container, PodSpec, Volume } from '../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../spec/pod-object.ts';

/**
 * Removes the service account volume and its mounts, which a cluster adds to every pod: exported manifests contain
 * them, and there is no API server here (plugin/pkg/admission/serviceaccount/admission.go).
 */
export function withoutApiAccess(pod: PodObject): PodObject {
  const { spec } = pod.value;
  const names = new Set(
    (spec?.volumes ?? []).filter(isApiAccess).flatMap(({ name }) => (name === undefined ? [] : [name])),
  );
  if (spec === undefined || names.size === 0) return pod;
  const written = (path: FieldPath): FieldPath => writtenPath(path, pod.value.spec, names);
  return {
    ...pod,
    value: { ...pod.value, spec: withoutVolumes(spec, names) },
    complete:
      pod.complete === undefined
        ? undefined
        : { ...pod.complete, spec: withoutVolumes(pod.complete.spec, names) },
    locate: (path) => pod.locate(written(path)),
    locateKey: (path) => pod.locateKey(written(path)),
    isPruned: (path) => pod.isPruned(written(path)),
    hasPruned: (path) => pod.hasPruned(written(path)),
  };
}

function isApiAccess({ name = '', projected }: Incomplete<Volume>): boolean {
  const hasToken = projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined);
  return name.startsWith('kube-api-access-') && hasToken === true;
}

/** The spec, complete or not, without the volumes of these names and their mounts. */
function withoutVolumes<Spec extends Incomplete<PodSpec>>(spec: Spec, names: ReadonlySet<string>): Spec {
  const isKept = ({ name = '' }: { readonly name?: string }): boolean => !names.has(name);
  const withoutMounts = <C extends Incomplete<Container>>(container: C): C =>
    container.volumeMounts === undefined
      ? container
      : { ...container, volumeMounts: container.volumeMounts.filter(isKept) };
  return {
    ...spec,
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.filter(isKept) }),
    ...(spec.containers === undefined ? {} : { containers: spec.containers.map(withoutMounts) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withoutMounts) }),
  };
}

/** Maps a path in the reduced spec to the path in the manifest: removed items shift list indexes. */
function writtenPath(
  path: FieldPath,
  spec: Incomplete<PodSpec> | undefined,
  names: ReadonlySet<string>,
): FieldPath {
  const [root, list, index, inner, innerIndex, ...rest] = path;
  if (root !== 'spec' || typeof index !== 'number') return path;
  if (list === 'volumes') return [root, list, writtenIndex(spec?.volumes, index, names), ...path.slice(3)];
  if ((list !== 'containers' && list !== 'initContainers') || inner !== 'volumeMounts') return path;
  if (typeof innerIndex !== 'number') return path;
  const mounts = spec?.[list]?.[index]?.volumeMounts;
  return [root, list, index, inner, writtenIndex(mounts, innerIndex, names), ...rest];
}

function writtenIndex(
  items: readonly { readonly name?: string }[] | undefined,
  index: number,
  names: ReadonlySet<string>,
): number {
  const kept = (items ?? []).flatMap(({ name = '' }, place) => (names.has(name) ? [] : [place]));
  return kept[index] ?? index;
}
