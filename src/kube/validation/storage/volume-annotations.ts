import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import { checkImageName } from '../container/image.ts';
import type { Finding } from '../finding.ts';
import { tmpfsBytes } from '../../spec/tmpfs-size.ts';
import { byName } from '../../spec/by-name.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { Claim } from '../../storage/binding.ts';
import {
  claimVolumeOptions,
  IMAGE_DRIVER,
  isMounted,
  isPlugin,
  LOCAL_DRIVER,
  mountOptionsOf,
  parseId,
  VOLUME_ANNOTATION_PREFIX,
  VOLUME_ANNOTATIONS,
  volumeAnnotation,
  type VolumeAnnotation,
} from '../../storage/volume-annotations.ts';

/**
 * Checks podman's annotations of a PVC. podman itself reports an invalid value only when it creates the volume, or when
 * a container mounts it.
 * @param isBound the PVC is bound to a PersistentVolume, and no volume is created
 */
export function* checkVolumeAnnotations(claim: Claim, isBound: boolean): Iterable<Finding> {
  const given = Object.keys(claim.value.metadata?.annotations ?? {}).filter((key) =>
    key.startsWith(VOLUME_ANNOTATION_PREFIX),
  );
  const [first] = given;
  if (first === undefined) return;
  yield* checkNames(given);
  if (isBound)
    yield ignored(first, 'the PersistentVolumeClaim is bound to a PersistentVolume: no volume is created');
  yield* checkOwner(claim);
  yield* checkDriver(claim);
  yield* checkDevice(claim);
  yield* checkMountOptions(claim);
  yield* checkImportSource(claim);
}

function pathOf(key: string): FieldPath {
  return ['metadata', 'annotations', key];
}

function invalid(name: VolumeAnnotation, message: string, help?: string): Finding {
  const path = pathOf(VOLUME_ANNOTATION_PREFIX + name);
  return { code: 'volume-annotation', path, message, ...(help === undefined ? {} : { help }) };
}

function ignored(key: string, why: string): Finding {
  return { code: 'ignored', severity: 'warning', path: pathOf(key), at: 'key', message: `ignored: ${why}` };
}

function* checkNames(keys: readonly string[]): Iterable<Finding> {
  const known: readonly string[] = VOLUME_ANNOTATIONS.map((name) => VOLUME_ANNOTATION_PREFIX + name);
  for (const key of keys) {
    if (known.includes(key)) continue;
    const suggestion = suggest(key, known);
    yield {
      code: 'volume-annotation',
      severity: 'warning',
      path: pathOf(key),
      at: 'key',
      message: `ignored: podman has no annotation '${key}'`,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
}

function* checkOwner(claim: Claim): Iterable<Finding> {
  const options = mountOptionsOf(volumeAnnotation(claim, 'mount-options') ?? '');
  for (const name of ['uid', 'gid'] as const) {
    const own = volumeAnnotation(claim, name);
    if (own !== undefined && parseId(own) === undefined) yield invalid(name, notAnId(own));
    for (const option of options.filter((one) => one.startsWith(`${name}=`))) {
      const id = option.slice(name.length + 1);
      if (parseId(id) === undefined) yield invalid('mount-options', `${name}: ${notAnId(id)}`);
      else if (own !== undefined && parseId(own) !== undefined && parseId(own) !== parseId(id))
        yield invalid(
          'mount-options',
          `'${option}' contradicts '${VOLUME_ANNOTATION_PREFIX}${name}: ${own}'`,
          'Remove one of them.',
        );
    }
  }
}

function notAnId(text: string): string {
  return `must be a number from 0 to 4294967294, got '${text}'`;
}

/** define.NameRegex in libpod/define: names of plugins are checked like names of volumes here. */
const DRIVER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

function* checkDriver(claim: Claim): Iterable<Finding> {
  const driver = volumeAnnotation(claim, 'driver') ?? LOCAL_DRIVER;
  const image = volumeAnnotation(claim, 'image');
  if (!DRIVER.test(driver)) yield invalid('driver', `invalid name of a volume driver: '${driver}'`);
  if (image !== undefined) {
    yield* checkImageName(image, pathOf(`${VOLUME_ANNOTATION_PREFIX}image`));
    if (driver !== IMAGE_DRIVER)
      yield invalid(
        'image',
        `requires the driver '${IMAGE_DRIVER}', not '${driver}'`,
        `Add '${VOLUME_ANNOTATION_PREFIX}driver: ${IMAGE_DRIVER}'.`,
      );
  }
  if (driver !== IMAGE_DRIVER) return;
  if (image === undefined)
    yield invalid(
      'driver',
      `the driver '${IMAGE_DRIVER}' requires the annotation '${VOLUME_ANNOTATION_PREFIX}image'`,
    );
  for (const name of ['device', 'gid', 'mount-options', 'type', 'uid'] as const)
    if (volumeAnnotation(claim, name) !== undefined)
      yield invalid(name, `must not be set with the driver '${IMAGE_DRIVER}'`);
}

/** A volume that is another directory of the machine. */
function* checkDevice(claim: Claim): Iterable<Finding> {
  const [type, device] = [volumeAnnotation(claim, 'type'), volumeAnnotation(claim, 'device')];
  if (type !== 'bind' && type !== 'none') return;
  if (device === undefined) yield invalid('type', `'${type}' requires a device: the directory to mount`);
  else if (!device.startsWith('/')) yield invalid('device', `must be an absolute path, got '${device}'`);
}

function* checkMountOptions(claim: Claim): Iterable<Finding> {
  const text = volumeAnnotation(claim, 'mount-options');
  const driver = volumeAnnotation(claim, 'driver');
  if (text === undefined || isPlugin(driver)) return;
  const options = mountOptionsOf(text);
  if (text.startsWith('o=')) yield misplacedName(options);
  const type = volumeAnnotation(claim, 'type');
  if (type === undefined && volumeAnnotation(claim, 'device') === undefined) {
    const others = options.filter((option) => !/^[ug]id=/.test(option));
    if (others.length > 0 && driver !== IMAGE_DRIVER)
      yield ignored(
        `${VOLUME_ANNOTATION_PREFIX}mount-options`,
        `'${others.join(',')}' has no effect: '${VOLUME_ANNOTATION_PREFIX}type' is not set`,
      );
    return;
  }
  for (const option of options) yield* checkLimit(option, type);
}

/** podman passes the text to mount as it is, and no filesystem has an option 'o'. */
function misplacedName(options: readonly string[]): Finding {
  const finding = invalid('mount-options', "'o=' is not part of the value, and is ignored");
  const suggestion = options.join(',');
  return { ...finding, severity: 'warning', suggestion, replacement: JSON.stringify(suggestion) };
}

/** podman applies `size` and `inodes` of other filesystems as disk quotas, which need root. */
function* checkLimit(option: string, type: string | undefined): Iterable<Finding> {
  const [name, value] = [option.replace(/=.*$/s, ''), option.replace(/^[^=]*=?/s, '')];
  if (name === 'size' && type === 'tmpfs') {
    if (tmpfsBytes(value) === undefined)
      yield invalid('mount-options', `invalid size '${value}'`, "For example 'size=10m', in units of 1024.");
  } else if (name === 'size' || name === 'inodes')
    yield invalid(
      'mount-options',
      `rootless podman cannot limit the ${name} of a volume with the type '${type ?? ''}'`,
      type === 'tmpfs'
        ? "The option of tmpfs is 'nr_inodes'."
        : `Remove '${option}', or set '${VOLUME_ANNOTATION_PREFIX}type: tmpfs' for a volume in memory.`,
    );
}

function* checkImportSource(claim: Claim): Iterable<Finding> {
  const source = volumeAnnotation(claim, 'import-source');
  if (source === undefined) return;
  yield {
    ...ignored(`${VOLUME_ANNOTATION_PREFIX}import-source`, 'podpose imports no archives'),
    help: `After 'podpose up': podman volume import ${claim.value.metadata?.name ?? ''} ${source}`,
  };
}

/**
 * podman creates the directory of a subPath in a volume before it mounts the filesystem of the volume, which then hides
 * it.
 */
export function* checkMountedSubPaths(pod: PodObject, { claims, bindings }: ObjectSet): Iterable<Finding> {
  const volumes = byName(pod.value.spec?.volumes ?? []);
  for (const { path, value } of containersOf(pod))
    for (const [index, { name, subPath = '', subPathExpr = '' }] of (value.volumeMounts ?? []).entries()) {
      const claimName = volumes.get(name)?.persistentVolumeClaim?.claimName ?? '';
      const claim = claims.get(claimName);
      const isBound = bindings.get(claimName)?.kind === 'bound';
      if (subPath + subPathExpr === '' || claim === undefined || isBound) continue;
      if (isMounted(claimVolumeOptions(claim) ?? {}))
        yield {
          code: 'not-supported',
          path: [...path, 'volumeMounts', index, subPath === '' ? 'subPathExpr' : 'subPath'],
          message: `not supported: '${claimName}' has a filesystem of its own, from the annotations of the PersistentVolumeClaim`,
          help: 'Mount the whole volume.',
        };
    }
}
