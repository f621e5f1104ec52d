import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ClaimSource } from '../../kube/spec/desired-volume.ts';
import { mountedClaimSources } from '../../kube/spec/volume-kinds.ts';
import { VOLUME_ANNOTATION_PREFIX } from '../../kube/storage/volume-annotations.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedState, ObservedVolume } from '../../podman/inspect/observed.ts';
import { volumeOptionDifferences, type OptionDifference } from '../compare/volume-options.ts';

/**
 * Reports existing volumes with other options than the annotations of their PersistentVolumeClaims. podman cannot change
 * the options of a volume, and podpose never recreates it: it holds data. Another owner is a warning, as the owner of
 * the files can be changed; anything else is an error, as the data would be at another place than the manifest says.
 */
export function claimOptionFindings(
  { pod, locateClaim }: Pick<SourcedPod, 'pod' | 'locateClaim'>,
  project: string,
  { volumes }: Pick<ObservedState, 'volumes'>,
): readonly Diagnostic[] {
  const byName = new Map(volumes.map((volume) => [volume.name, volume]));
  return mountedClaimSources(pod).flatMap((source) => {
    const volume = byName.get(claimVolumeName(source));
    if (volume === undefined) return [];
    const isOwn = volume.claim?.project === project && volume.record === undefined;
    const differences = volumeOptionDifferences(source.options ?? {}, volume.options, isOwn);
    if (differences.length === 0) return [];
    const report = differences.every(isOwner) ? otherOwner : otherKind;
    return [report(source, volume, differences, locateClaim)];
  });
}

function isOwner({ annotation }: OptionDifference): boolean {
  return annotation === 'uid' || annotation === 'gid';
}

type Locate = SourcedPod['locateClaim'];
type Differences = readonly OptionDifference[];

function otherKind(
  source: ClaimSource,
  { name }: ObservedVolume,
  differences: Differences,
  locate: Locate,
): Diagnostic {
  return {
    ...differing(source, name, differences, locate),
    severity: 'error',
    help: `It is kept with its data. To use it, write the annotations as the volume has them. For a new volume with the same files: podman volume export --output ${name}.tar ${name}; podpose down; podman volume rm ${name}; podpose up; podman volume import ${name} ${name}.tar`,
  };
}

function otherOwner(
  source: ClaimSource,
  { name }: ObservedVolume,
  differences: Differences,
  locate: Locate,
): Diagnostic {
  const { uid, gid } = source.options ?? {};
  const owner = `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`;
  return {
    ...differing(source, name, differences, locate),
    severity: 'warning',
    help: `It is used as it is. To change the owner of its files: podman unshare chown -R ${owner} "$(podman volume inspect --format '{{.Mountpoint}}' ${name})"`,
  };
}

function differing(
  { claimName }: ClaimSource,
  volume: string,
  differences: Differences,
  locate: Locate,
): Pick<Diagnostic, 'code' | 'message' | 'path' | 'location'> {
  const [first] = differences;
  const path: FieldPath = ['metadata', 'annotations', VOLUME_ANNOTATION_PREFIX + (first?.annotation ?? '')];
  const location = locate(claimName, path);
  const texts = differences.map(
    ({ annotation, has, wanted }) => `${annotation} is ${quoted(has)}, not ${quoted(wanted)}`,
  );
  return {
    code: 'volume-options-differ',
    message: `volume/${volume} already exists with other options: ${texts.join('; ')}`,
    path: formatPath(path),
    ...(location === undefined ? {} : { location }),
  };
}

function quoted(value: string): string {
  return value === '' ? 'unset' : `'${value}'`;
}
