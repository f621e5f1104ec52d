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

/** Why a container must be changed. Undefined if it is up to date. */
export function containerReason(
  container: DesiredContainer,
  existing: FoundContainer,
  { images }: Pick<ObservedState, 'images'>,
): Reason | undefined {
  const fields = containerDifferences(container, existing);
  if (fields.length > 0)
    return {
      kind: 'settings-differ',
      differences: preferManifestFields(containerFormDifferences(container, existing), fields),
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

/** A change of the image that a name refers to. Undefined if either image is unknown. */
function imageReason(
  image: string,
  before: string,
  images: ObservedState['images'],
): Extract<Reason, { readonly kind: 'image-changed' }> | undefined {
  const current = images.find(({ names }) => names.includes(image));
  if (current === undefined || before === '' || current.id === before) return undefined;
  return { kind: 'image-changed', image, before, after: current.id };
}

/** Differences as fields of a manifest, if there is a field for them. Otherwise as last-applied settings. */
function preferManifestFields(
  fields: readonly Difference[],
  lastApplied: readonly Difference[],
): readonly Difference[] {
  return lastApplied.length === 0 || fields.length > 0 ? fields : lastApplied;
}

/** Changed fields that podman cannot change in an existing pod. */
export function podDifferences(
  desired: DesiredPod,
  pod: ObservedPod,
  containers: Iterable<ObservedContainer>,
): readonly Difference[] {
  const fields = differencesFromLastApplied(pod.labels, podSettings(desired));
  return [
    ...(fields.length === 0 ? [] : preferManifestFields(podFormDifferences(desired, pod), fields)),
    ...podVolumeDifferences(desired, containers),
  ];
}

/**
 * Changed volumes of the pod that keep their names: a container that is kept may have the volume mounted. The last-applied
 * sources are in the labels of the containers.
 */
function podVolumeDifferences(
  desired: DesiredPod,
  containers: Iterable<ObservedContainer>,
): readonly Difference[] {
  const before = new Map([...containers].flatMap(({ labels }) => mountedSources(labels)));
  return desired.volumes.filter(isPodVolume).flatMap(({ name, source }) => {
    const lastApplied = before.get(name);
    const type = podVolumeType(lastApplied);
    if (lastApplied === undefined || type === undefined) return [];
    // Single files that a container mounts with subPath do not change the volume.
    const { files: _files, ...kind } = lastApplied;
    const own = { ...kindOfSource(source) };
    const path = ['spec', 'volumes', name];
    return preferManifestFields(
      differences(sourceForm(kind), sourceForm(own), path),
      differences(kind, own, path),
    );
  });
}

function podVolumeType(source: LastAppliedSource | undefined): string | undefined {
  const type = source?.['type'];
  return typeof type === 'string' && isPodVolumeRole(type) ? type : undefined;
}

/** Whether an app container was created after other init containers than those of the manifest. */
export function hasOtherInitChain(desired: DesiredPod, existing: ObservedContainer): boolean {
  if (existing.owner?.role === 'init') return false;
  return existing.labels[LABEL.initChain] !== initChainFingerprint(desired);
}
