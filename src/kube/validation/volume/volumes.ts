import { defined } from '../../../base/defined.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  EmptyDirVolumeSource,
  EnvVar,
  HostPathVolumeSource,
  ImageVolumeSource,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { dnsLabel } from '../names.ts';
import { checkNameWithReferences, volumeReferences } from '../../fix/pod-names.ts';
import { hasParentStep } from '../path-syntax.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { checkClusterSources } from './cluster-sources.ts';
import { checkClaimName, checkEphemeral } from './ephemeral.ts';
import { checkImageName } from '../container/image.ts';
import { checkAmount } from '../../spec/quantity-field.ts';

export function* checkVolumeNames(pod: PodObject): Iterable<Finding> {
  const named = withNames(pod.value.spec?.volumes, ['spec', 'volumes']);
  const taken = named.map(({ name }) => name);
  for (const { name, path } of named)
    yield* checkNameWithReferences(pod, dnsLabel, { name, path }, () => volumeReferences(pod, name), taken);
  for (const { first, again } of duplicates(named))
    yield {
      code: 'duplicate-name',
      path: again.path,
      message: `duplicate name '${again.name}': already used by ${formatPath(first.path.slice(0, -1))}`,
    };
}

/** One source a volume; without a source it is an emptyDir (SetDefaults_Volume). */
export function* checkVolumeSources(pod: PodObject): Iterable<Finding> {
  for (const [index, volume] of (pod.value.spec?.volumes ?? []).entries()) {
    const path = ['spec', 'volumes', index];
    const sources = Object.keys(volume).filter((field) => field !== 'name');
    const [first, second] = sources;
    if (second !== undefined)
      yield {
        code: 'several-volume-sources',
        path: [...path, second],
        at: 'key',
        message: `the volume already has the source '${first ?? ''}': only one source is allowed`,
      };
    const context = { volume: volume.name ?? '', isPersistent: false, isPruned: pod.isPruned };
    yield* checkClusterSources(volume, context, path);
    if (volume.persistentVolumeClaim !== undefined)
      yield* checkClaimName(pod, volume.persistentVolumeClaim, [...path, 'persistentVolumeClaim']);
    // The source may be one of the reported errors.
    if (first === undefined && pod.complete !== undefined)
      yield {
        code: 'no-volume-source',
        severity: 'warning',
        path,
        message: 'missing source: Kubernetes uses an emptyDir',
        help: "Add 'emptyDir: {}' to make this explicit.",
      };
    if (volume.emptyDir !== undefined) yield* checkEmptyDir(volume.emptyDir, [...path, 'emptyDir']);
    if (volume.ephemeral !== undefined) yield* checkEphemeral(pod, volume, [...path, 'ephemeral']);
    if (volume.image !== undefined) yield* checkImageVolume(volume.image, [...path, 'image'], pod);
    if (volume.hostPath !== undefined) yield* checkHostPath(volume.hostPath, [...path, 'hostPath']);
    if (pod.isTemplate === true) yield* checkParentStep(volume.hostPath?.path, [...path, 'hostPath', 'path']);
  }
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#emptydir */
function* checkEmptyDir(
  { medium = '', sizeLimit }: Incomplete<EmptyDirVolumeSource>,
  path: FieldPath,
): Iterable<Finding> {
  if (medium.startsWith('HugePages'))
    yield {
      code: 'not-supported',
      path: [...path, 'medium'],
      message: 'not supported: podman cannot limit or reserve huge pages',
    };
  else if (medium !== '' && medium !== 'Memory') {
    const suggestion = suggest(medium, ['Memory']);
    yield {
      code: 'not-supported',
      path: [...path, 'medium'],
      message: `not supported: must be 'Memory' or omitted, got '${medium}'`,
      ...defined({ suggestion }),
    };
  }
  if (sizeLimit === undefined) return;
  yield* checkAmount('memory', sizeLimit, [...path, 'sizeLimit']);
  if (medium === '')
    yield {
      code: 'size-limit-on-disk',
      severity: 'warning',
      path: [...path, 'sizeLimit'],
      message: "ignored: sizeLimit is enforced only with 'medium: Memory', not on disk",
    };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#image */
function* checkImageVolume(
  { reference }: Incomplete<ImageVolumeSource>,
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  const at = [...path, 'reference'];
  // A controller may fill it into a template.
  if (reference === undefined || reference === '') {
    if (pod.isTemplate === true || pod.isPruned(at)) return;
    yield { code: 'missing-field', path, message: "missing required field 'reference'" };
  } else yield* checkImageName(reference, at);
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#hostpath; host-path-texts.ts checks the path of a pod. */
export function* checkHostPath(
  { path: hostPath }: Incomplete<HostPathVolumeSource>,
  path: FieldPath,
): Iterable<Finding> {
  if (hostPath === '') yield { code: 'invalid-path', path: [...path, 'path'], message: 'must not be empty' };
}

function* checkParentStep(hostPath = '', path: FieldPath): Iterable<Finding> {
  if (hasParentStep(hostPath))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${hostPath}'` };
}

/** A volume that provides a file for a variable is reported elsewhere if no container mounts it. */
function namesOfNeededFiles(env: readonly Incomplete<EnvVar>[]): readonly { readonly name: string }[] {
  return env.flatMap(({ valueFrom }) => {
    const { volumeName: name, optional } = valueFrom?.fileKeyRef ?? {};
    return name === undefined || optional === true ? [] : [{ name }];
  });
}

export function* checkVolumesAreMounted(pod: PodObject): Iterable<Finding> {
  // A mount with errors may be the one of this volume.
  if (pod.complete === undefined) return;
  const volumes = withNames(pod.value.spec?.volumes, ['spec', 'volumes']);
  const mounts = containersOf(pod).flatMap(({ value, path }) => [
    ...withNames(value.volumeMounts, path),
    ...withNames(value.volumeDevices, path),
    ...namesOfNeededFiles(value.env ?? []),
  ]);
  const declared = new Set(volumes.map(({ name }) => name));
  const mounted = new Set(mounts.map(({ name }) => name));
  // A mount of a missing volume is already reported, and most likely means an unused one.
  if ([...mounted].some((name) => !declared.has(name))) return;
  for (const { name, path } of volumes)
    if (!mounted.has(name))
      yield {
        code: 'unused-volume',
        severity: 'warning',
        path: path.slice(0, -1),
        message: `volume '${name}' is not mounted by any container`,
      };
}
