import { formatPath, type FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  EmptyDirVolumeSource,
  EnvVar,
  EphemeralVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel } from '../names.ts';
import { hasParentStep } from '../path-syntax.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { checkClaimSpec } from '../storage/claim-spec.ts';
import { checkImageName } from '../container/image.ts';
import { checkAmount } from '../../spec/quantity-field.ts';

export function* checkVolumeNames(pod: PodObject): Iterable<Finding> {
  const named = withNames(pod.value.spec?.volumes, ['spec', 'volumes']);
  for (const { name, path } of named) yield* checkName(dnsLabel, name, path);
  for (const { first, again } of duplicates(named))
    yield {
      code: 'duplicate-name',
      path: again.path,
      message: `the name '${again.name}' is taken by ${formatPath(first.path.slice(0, -1))}`,
    };
}

/** One source a volume; none is an emptyDir (SetDefaults_Volume). */
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
        message: `the volume already has the source '${first ?? ''}', and a volume has only one`,
      };
    // Where anything was wrong, the source may be what was.
    if (first === undefined && pod.complete !== undefined)
      yield {
        code: 'no-volume-source',
        severity: 'warning',
        path,
        message: 'names no source, and so Kubernetes makes it an emptyDir',
        help: "Write 'emptyDir: {}' to say so.",
      };
    if (volume.emptyDir !== undefined) yield* checkEmptyDir(volume.emptyDir, [...path, 'emptyDir']);
    if (volume.ephemeral !== undefined)
      yield* checkEphemeral(volume.ephemeral, [...path, 'ephemeral'], pod.isPruned);
    if (volume.image !== undefined) yield* checkImageVolume(volume.image, [...path, 'image'], pod);
    if (volume.hostPath !== undefined) yield* checkHostPath(volume.hostPath, [...path, 'hostPath']);
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
      message: 'not supported: podman cannot limit huge pages, nor hand them out',
    };
  else if (medium !== '' && medium !== 'Memory') {
    const suggestion = suggest(medium, ['Memory']);
    yield {
      code: 'wrong-value',
      path: [...path, 'medium'],
      message: `must be 'Memory' or left out, got '${medium}'`,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
  if (sizeLimit === undefined) return;
  yield* checkAmount('memory', sizeLimit, [...path, 'sizeLimit']);
  if (medium === '')
    yield {
      code: 'size-limit-on-disk',
      severity: 'warning',
      path: [...path, 'sizeLimit'],
      message: "ignored: a volume on disk cannot be kept from growing here, only one with 'medium: Memory'",
    };
}

/** https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes */
function* checkEphemeral(
  { volumeClaimTemplate }: Incomplete<EphemeralVolumeSource>,
  path: FieldPath,
  isPruned: PodObject['isPruned'],
): Iterable<Finding> {
  if (volumeClaimTemplate === undefined)
    yield { code: 'missing-field', path, message: "missing required field 'volumeClaimTemplate'" };
  else if (volumeClaimTemplate.spec !== undefined)
    yield* checkClaimSpec(volumeClaimTemplate.spec, [...path, 'volumeClaimTemplate', 'spec'], isPruned);
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#image */
function* checkImageVolume(
  { reference }: Incomplete<ImageVolumeSource>,
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  const at = [...path, 'reference'];
  if (reference !== undefined) yield* checkImageName(reference, at);
  else if (!pod.isPruned(at))
    yield { code: 'missing-field', path, message: "missing required field 'reference'" };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
export function* checkHostPath(
  { path: hostPath }: Incomplete<HostPathVolumeSource>,
  path: FieldPath,
): Iterable<Finding> {
  if (hostPath === '') yield { code: 'invalid-path', path: [...path, 'path'], message: 'must not be empty' };
  else if (hostPath !== undefined && hasParentStep(hostPath))
    yield {
      code: 'invalid-path',
      path: [...path, 'path'],
      message: `must not have '..' in it, got '${hostPath}'`,
      help: 'Kubernetes refuses such a path. Write the path that it leads to.',
    };
}

/** A volume of which a file is needed, and that nobody mounts, is told of there. */
function namesOfNeededFiles(env: readonly Incomplete<EnvVar>[]): readonly { readonly name: string }[] {
  return env.flatMap(({ valueFrom }) => {
    const { volumeName: name, optional } = valueFrom?.fileKeyRef ?? {};
    return name === undefined || optional === true ? [] : [{ name }];
  });
}

export function* checkVolumesAreMounted(pod: PodObject): Iterable<Finding> {
  // Where anything was wrong, it may be the name in a mount.
  if (pod.complete === undefined) return;
  const volumes = withNames(pod.value.spec?.volumes, ['spec', 'volumes']);
  const mounts = containersOf(pod).flatMap(({ value, path }) => [
    ...withNames(value.volumeMounts, path),
    ...withNames(value.volumeDevices, path),
    ...namesOfNeededFiles(value.env ?? []),
  ]);
  const declared = new Set(volumes.map(({ name }) => name));
  const mounted = new Set(mounts.map(({ name }) => name));
  // A mount of a volume that is not there is told of, and most likely meant one that seems unused.
  if ([...mounted].some((name) => !declared.has(name))) return;
  for (const { name, path } of volumes)
    if (!mounted.has(name))
      yield {
        code: 'unused-volume',
        severity: 'warning',
        path: path.slice(0, -1),
        message: `no container mounts the volume '${name}'`,
      };
}
