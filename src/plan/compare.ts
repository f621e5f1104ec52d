import type { Json } from '../base/stable-json.ts';
import type { DesiredContainer, DesiredPod } from '../pod/desired.ts';
import { containerSettings, initChainFingerprint, podSettings } from '../pod/settings.ts';
import { decodeSpec, LABEL, shorten } from '../podman/labels.ts';
import { imageNames, podVolumeName } from '../podman/names.ts';
import type {
  Labels,
  ObservedContainer,
  ObservedImage,
  ObservedPod,
  ObservedVolume,
} from '../podman/observed.ts';
import type { Reason } from './change.ts';
import { differences, type Difference } from './difference.ts';

/** Why a container cannot stay as it is; undefined when it can. */
export function containerReason(
  container: DesiredContainer,
  existing: ObservedContainer,
  images: readonly ObservedImage[],
): Reason | undefined {
  const fields = compare(existing.labels, containerSettings(container));
  if (fields.length > 0) return { kind: 'settings-differ', differences: fields };
  // A name without a registry may mean several images, and the one that runs may be any of them.
  const meant = imageNames(container.image).flatMap((name) =>
    images.filter((image) => image.names.includes(name)),
  );
  const current = meant.find(({ id }) => id === existing.imageId) ?? meant[0];
  if (current === undefined || existing.imageId === '' || current.id === existing.imageId) return undefined;
  return { kind: 'image-changed', image: container.image, before: existing.imageId, after: current.id };
}

/** The fields of a pod that cannot change while it lives, and that differ. */
export function podDifferences(
  desired: DesiredPod,
  pod: ObservedPod,
  volumes: readonly ObservedVolume[],
): readonly Difference[] {
  return [...compare(pod.labels, podSettings(desired)), ...emptyDirDifferences(desired, volumes)];
}

/** An emptyDir that keeps its name cannot change while a container that stays may have it mounted. */
function emptyDirDifferences(desired: DesiredPod, volumes: readonly ObservedVolume[]): readonly Difference[] {
  return desired.volumes.flatMap((volume) => {
    const there = volumes.find(({ name }) => name === podVolumeName(desired, volume));
    if (there === undefined || volume.source.type !== 'emptyDir') return [];
    const { medium, sizeLimit } = volume.source;
    const before = { medium: there.labels[LABEL.medium], sizeLimit: there.labels[LABEL.sizeLimit] };
    const after = { medium, sizeLimit: sizeLimit?.toString() };
    return differences(known(before), known(after), ['spec', 'volumes', volume.name, 'emptyDir']);
  });
}

function known(members: Readonly<Record<string, string | undefined>>): Json {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Whether a container was made after init containers that are not those of the manifest. */
export function hasOtherInitChain(desired: DesiredPod, existing: ObservedContainer): boolean {
  return existing.labels[LABEL.initChain] !== initChainFingerprint(desired);
}

function compare(labels: Labels, settings: Json): readonly Difference[] {
  const remembered = decodeSpec(labels);
  // Memories that cannot be read have been refused before anything was decided.
  return remembered.ok ? differences(remembered.value as Json, shorten(settings) as Json) : [];
}
