import type { ClaimVolumeOptions } from '../../kube/spec/desired-volume.ts';
import { tmpfsBytes } from '../../kube/spec/tmpfs-size.ts';
import { LOCAL_DRIVER, type VolumeAnnotation } from '../../kube/storage/volume-annotations.ts';

/** An option of an existing volume that differs from the manifest. */
export interface OptionDifference {
  /** The annotation of podman that sets it. */
  readonly annotation: VolumeAnnotation;
  readonly has: string;
  readonly wanted: string;
}

/**
 * The differences between the options of a PersistentVolumeClaim and those of its existing volume, which podman cannot
 * change.
 * @param isOwn the volume was created by podpose: it must not have options that the manifest does not mention, either
 */
export function volumeOptionDifferences(
  wanted: ClaimVolumeOptions,
  has: ClaimVolumeOptions,
  isOwn: boolean,
): readonly OptionDifference[] {
  const [before, after] = [shown(has, wanted), shown(wanted, wanted)];
  return ANNOTATIONS.flatMap((annotation) => {
    const isOwner = annotation === 'uid' || annotation === 'gid';
    const isCompared = wanted[MEMBERS[annotation]] !== undefined || (isOwn && !isOwner);
    return isCompared && before[annotation] !== after[annotation]
      ? [{ annotation, has: before[annotation], wanted: after[annotation] }]
      : [];
  });
}

const MEMBERS = {
  driver: 'driver',
  type: 'type',
  device: 'device',
  'mount-options': 'mountOptions',
  image: 'image',
  uid: 'uid',
  gid: 'gid',
} as const satisfies Partial<Record<VolumeAnnotation, keyof ClaimVolumeOptions>>;

type Annotation = keyof typeof MEMBERS;

const ANNOTATIONS: readonly Annotation[] = [
  'driver',
  'type',
  'device',
  'mount-options',
  'image',
  'uid',
  'gid',
];

/** The options as texts that are equal for equal volumes, with podman's defaults. */
function shown(
  {
    driver = LOCAL_DRIVER,
    type = '',
    device = '',
    mountOptions = [],
    image = '',
    uid,
    gid,
  }: ClaimVolumeOptions,
  wanted: ClaimVolumeOptions,
): Readonly<Record<Annotation, string>> {
  const isMode = (option: string) => option.startsWith('mode=');
  const setsMode = (wanted.mountOptions ?? []).some(isMode);
  return {
    driver,
    type,
    // A filesystem without a device is mounted with its type in place of one.
    device: device === type ? '' : device,
    'mount-options': mountOptions
      .filter((option) => setsMode || !isMode(option))
      .map(sizeInBytes)
      .sort()
      .join(','),
    image,
    uid: uid?.toString() ?? '',
    gid: gid?.toString() ?? '',
  };
}

/** The size of a tmpfs, which is in pages for podman before 4.8. */
function sizeInBytes(option: string): string {
  const pages = /^nr_blocks=(\d+)$/.exec(option)?.[1];
  const bytes = option.startsWith('size=') ? tmpfsBytes(option.slice('size='.length)) : undefined;
  if (pages !== undefined) return `size=${Number(pages) * PAGE}`;
  return bytes === undefined ? option : `size=${Math.ceil(bytes / PAGE) * PAGE}`;
}

const PAGE = 4096;
