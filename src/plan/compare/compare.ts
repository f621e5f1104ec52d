import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { initChainFingerprint, podSettings } from '../../kube/spec/settings.ts';
import { kindOfSource } from '../../kube/spec/file-digests.ts';
import { isPodVolume } from '../../kube/spec/volume-kinds.ts';
import { isPodVolumeRole, LABEL, volumeImageLabel } from '../../podman/labels.ts';
import type { ObservedContainer, ObservedState, ObservedPod } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { differences, type Difference } from './difference.ts';
import { containerFormDifferences, podFormDifferences } from './manifest-form/differences.ts';
import { sourceForm } from './manifest-form/source.ts';
import type { FoundContainer } from '../decide/found-containers.ts';
import {
  containerDifferences,
  differencesFromLastApplied,
  mountedSources,
  type LastAppliedSource,
} from './last-applied.ts';

/** Why a container cannot stay as it is; undefined when it can. */
export function containerReason(
  container: DesiredContainer,
  existing: FoundContainer,
  { images }: Pick<ObservedState, 'images'>,
): Reason | undefined {
  const fields = containerDifferences(container, existing);
  if (fields.length > 0)
    return {
      kind: 'settings-differ',
      differences: inManifest(containerFormDifferences(container, existing), fields),
    };
  if (existing.isTainted === true) return { kind: 'interrupted' };
  const own = imageReason(container.image, existing.imageId, images);
  if (own !== undefined) return own;
  for (const { name, source } of container.volumeMounts) {
    if (source.type !== 'image') continue;
    const before = existing.labels[volumeImageLabel(name)] ?? '';
    const mounted = imageReason(source.reference, before, images);
    if (mounted !== undefined) return mounted;
  }
  return undefined;
}

/** Whether a name means another image than it did; nothing is said of an image that is not known. */
function imageReason(
  image: string,
  before: string,
  images: ObservedState['images'],
): Extract<Reason, { readonly kind: 'image-changed' }> | undefined {
  const current = images.find(({ names }) => names.includes(image));
  if (current === undefined || before === '' || current.id === before) return undefined;
  return { kind: 'image-changed', image, before, after: current.id };
}

/** What differs is told in the fields of a manifest, unless it is nothing that a manifest has a field for. */
function inManifest(
  fields: readonly Difference[],
  lastApplied: readonly Difference[],
): readonly Difference[] {
  return lastApplied.length === 0 || fields.length > 0 ? fields : lastApplied;
}

/** The fields of a pod that cannot change while it lives, and that differ. */
export function podDifferences(
  desired: DesiredPod,
  pod: ObservedPod,
  containers: Iterable<ObservedContainer>,
): readonly Difference[] {
  return [
    ...inManifest(
      podFormDifferences(desired, pod),
      differencesFromLastApplied(pod.labels, podSettings(desired)),
    ),
    ...podVolumeDifferences(desired, containers),
  ];
}

/**
 * A volume made for the pod that keeps its name cannot change while a container that stays may have it mounted.
 * What it was made as is remembered by the containers that mount it.
 */
function podVolumeDifferences(
  desired: DesiredPod,
  containers: Iterable<ObservedContainer>,
): readonly Difference[] {
  const before = new Map([...containers].flatMap(({ labels }) => mountedSources(labels)));
  return desired.volumes.filter(isPodVolume).flatMap(({ name, source }) => {
    const was = before.get(name);
    const type = podVolumeType(was);
    if (was === undefined || type === undefined) return [];
    // Files that a container mounts by themselves make no other volume.
    const { files: _files, ...kind } = was;
    const own = { ...kindOfSource(source) };
    const path = ['spec', 'volumes', name];
    return inManifest(differences(sourceForm(kind), sourceForm(own), path), differences(kind, own, path));
  });
}

function podVolumeType(source: LastAppliedSource | undefined): string | undefined {
  const type = source?.['type'];
  return typeof type === 'string' && isPodVolumeRole(type) ? type : undefined;
}

/** Whether a container was made after init containers that are not those of the manifest. */
export function hasOtherInitChain(desired: DesiredPod, existing: ObservedContainer): boolean {
  return existing.labels[LABEL.initChain] !== initChainFingerprint(desired);
}
