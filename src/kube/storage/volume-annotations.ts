import { defined } from '../../base/defined.ts';
import type { ClaimVolumeOptions } from '../spec/desired-volume.ts';
import type { Claim } from './binding.ts';

/**
 * Annotations of a PVC with which `podman kube play` creates its volume (pkg/util/kube.go and playKubePVC in
 * pkg/domain/infra/abi/play.go of podman; `image` and `import-source` since 4.4).
 */
export const VOLUME_ANNOTATION_PREFIX = 'volume.podman.io/';
export const VOLUME_ANNOTATIONS = [
  'device',
  'driver',
  'gid',
  'image',
  'import-source',
  'mount-options',
  'type',
  'uid',
] as const;
export type VolumeAnnotation = (typeof VOLUME_ANNOTATIONS)[number];

/** podman's driver for a directory of this machine, or a filesystem that is mounted there. */
export const LOCAL_DRIVER = 'local';
/** podman's driver for a writable copy of an image. */
export const IMAGE_DRIVER = 'image';

/** The value of an annotation of podman; undefined if it is absent or empty. */
export function volumeAnnotation({ value }: Claim, name: VolumeAnnotation): string | undefined {
  const text = value.metadata?.annotations?.[VOLUME_ANNOTATION_PREFIX + name];
  return text === '' ? undefined : text;
}

/** The options of the volume of a PVC, as its annotations say; undefined without any. Invalid ones are left out. */
export function claimVolumeOptions(claim: Claim): ClaimVolumeOptions | undefined {
  const driver = volumeAnnotation(claim, 'driver');
  const [type, device] = [volumeAnnotation(claim, 'type'), volumeAnnotation(claim, 'device')];
  const all = mountOptionsOf(volumeAnnotation(claim, 'mount-options') ?? '');
  const given = (name: 'uid' | 'gid') => parseId(volumeAnnotation(claim, name) ?? mountOption(all, name));
  const hasMount = type !== undefined || device !== undefined || isPlugin(driver);
  const mountOptions = hasMount ? all.filter((option) => !isOwnerOption(option)) : [];
  const [uid, gid] = [given('uid'), given('gid')];
  const options: ClaimVolumeOptions = defined({
    driver: driver === LOCAL_DRIVER ? undefined : driver,
    type,
    device,
    mountOptions: mountOptions.length === 0 ? undefined : mountOptions,
    uid,
    gid,
    image: volumeAnnotation(claim, 'image'),
  });
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Whether a volume is mounted by podman while a container uses it, and is not just a directory. */
export function isMounted({ driver, type, device }: ClaimVolumeOptions): boolean {
  return driver !== undefined || type !== undefined || device !== undefined;
}

/** Whether a driver is a plugin of podman, whose options only it knows. */
export function isPlugin(driver: string | undefined): boolean {
  return driver !== undefined && driver !== LOCAL_DRIVER && driver !== IMAGE_DRIVER;
}

/** The mount options in a text such as `size=10m,noexec`. A leading `o=`, the name of podman's option, is left out. */
export function mountOptionsOf(text: string): readonly string[] {
  return text
    .replace(/^o=/, '')
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '');
}

/** The value of a mount option. */
export function mountOption(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whether a mount option sets the owner, which podman also gives a volume without a filesystem of its own. */
export function isOwnerOption(option: string): boolean {
  return /^[ug]id=/.test(option);
}

/** The greatest user or group ID of Linux; the next one means "no ID". */
const MAX_ID = 2 ** 32 - 2;

/** A user or group ID; undefined for any other text. */
export function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text) || Number(text) > MAX_ID) return undefined;
  return Number(text);
}
