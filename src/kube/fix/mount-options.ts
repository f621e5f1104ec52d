import { replaceAt, type Edit } from '../../base/edit.ts';
import type { FieldPath } from '../../base/path.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Volume, VolumeMount } from '../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type ContainerObject, type PodObject } from '../spec/pod-object.ts';
import { BIND_MOUNT_OPTIONS } from '../storage/bind-mount-options.ts';

interface Mount {
  readonly value: Incomplete<VolumeMount>;
  readonly path: FieldPath;
  readonly container: ContainerObject;
}

/** The options that podman allows after a mountPath. */
interface MountOptions {
  readonly mountPath: string;
  readonly options: readonly string[];
}

const KNOWN: ReadonlySet<string> = new Set(['ro', 'rw', 'z', 'Z', 'U']);

function splitMountPath(mountPath: string): MountOptions | undefined {
  const [, path = '', list = ''] = /^(\/[^:]*):([A-Za-z,]+)$/.exec(mountPath) ?? [];
  const options = list.split(',');
  return path !== '' && options.every((option) => KNOWN.has(option))
    ? { mountPath: path, options }
    : undefined;
}

/**
 * The edits that write podman's options after a mountPath (`/data:ro,Z`) as Kubernetes and podpose read them. Empty if one of
 * them is unknown, or has no certain equivalent.
 * @param mount the path of the mount
 */
export function mountOptionEdits(pod: PodObject, mount: FieldPath): readonly Edit[] {
  const found = mountsOf(pod).find(({ path }) => path.join() === mount.join());
  const split = splitMountPath(found?.value.mountPath ?? '');
  const volume = pod.value.spec?.volumes?.find(({ name }) => name === found?.value.name);
  if (found === undefined || split === undefined || volume === undefined) return [];
  const parts = split.options.map((option) => editsOfOption(option, pod, found, volume));
  if (parts.includes(undefined)) return [];
  const path = {
    ...replaceAt(pod.locate([...mount, 'mountPath']), split.mountPath),
    keepsQuotes: true,
  } as const;
  return [path, ...parts.flatMap((part) => part ?? [])];
}

function mountsOf(pod: PodObject): readonly Mount[] {
  return containersOf(pod).flatMap((container) =>
    (container.value.volumeMounts ?? []).map((value, index) => ({
      value,
      path: [...container.path, 'volumeMounts', index],
      container,
    })),
  );
}

/** The edits of one option besides its removal; undefined without a certain equivalent. */
function editsOfOption(
  option: string,
  pod: PodObject,
  { value, path, container }: Mount,
  volume: Incomplete<Volume>,
): readonly Edit[] | undefined {
  switch (option) {
    case 'ro':
      if (value.readOnly === false) return undefined;
      return value.readOnly === true ? [] : pod.edit.insert(path, 'readOnly', true, { after: 'mountPath' });
    case 'rw':
      return value.readOnly === true ? undefined : [];
    case 'z':
    case 'Z':
      // podman labels its own volumes.
      return volume.hostPath === undefined ? [] : relabel(pod);
    default:
      return giveToUser(pod, container, volume);
  }
}

function relabel(pod: PodObject): readonly Edit[] | undefined {
  const wanted = relabelled(pod);
  const paths = wanted.map((option) => option.slice(0, -2));
  if (new Set(paths).size < paths.length) return undefined;
  const { annotations } = pod.value.metadata ?? {};
  const given = annotations?.[BIND_MOUNT_OPTIONS];
  if (given !== undefined) return addOptions(pod, given.split(','), wanted);
  const value = wanted.join(',');
  if (annotations !== undefined && Object.keys(annotations).length > 0)
    return pod.edit.insert(['metadata', 'annotations'], BIND_MOUNT_OPTIONS, value);
  return annotations === undefined
    ? pod.edit.insert(['metadata'], 'annotations', { [BIND_MOUNT_OPTIONS]: value }, { after: 'name' })
    : undefined;
}

/** Undefined if an option contradicts a given one. */
function addOptions(
  { locate }: PodObject,
  given: readonly string[],
  wanted: readonly string[],
): readonly Edit[] | undefined {
  const added = wanted.filter((option) => !given.includes(option));
  const isContradicted = added.some((option) => given.some((other) => other.startsWith(option.slice(0, -1))));
  if (isContradicted) return undefined;
  if (added.length === 0) return [];
  const place = locate(['metadata', 'annotations', BIND_MOUNT_OPTIONS]);
  return [{ ...replaceAt(place, [...given, ...added].join(',')), keepsQuotes: true }];
}

/** The options that the mounts of host paths ask for, without repetitions. */
function relabelled(pod: PodObject): readonly string[] {
  const all = mountsOf(pod).flatMap(({ value }) => {
    const options = splitMountPath(value.mountPath ?? '')?.options ?? [];
    const hostPath = pod.value.spec?.volumes?.find(({ name }) => name === value.name)?.hostPath?.path;
    return hostPath === undefined
      ? []
      : options.filter((option) => /^z$/i.test(option)).map((option) => `${hostPath}:${option}`);
  });
  return [...new Set(all)];
}

/**
 * `:U` gives the volume to the user of the container. Everybody can write to a volume of the pod; to that of a
 * PersistentVolumeClaim the fsGroup can, which is certain if the group of the only container is given.
 */
function giveToUser(
  pod: PodObject,
  { value }: ContainerObject,
  { hostPath, persistentVolumeClaim }: Incomplete<Volume>,
): readonly Edit[] | undefined {
  if (hostPath !== undefined) return undefined;
  const { securityContext } = pod.value.spec ?? {};
  if (persistentVolumeClaim === undefined || securityContext?.fsGroup !== undefined) return [];
  const group = value.securityContext?.runAsGroup ?? securityContext?.runAsGroup;
  if (group === undefined || containersOf(pod).length > 1) return undefined;
  return securityContext === undefined
    ? pod.edit.insert(['spec'], 'securityContext', { fsGroup: group }, { before: 'containers' })
    : pod.edit.insert(['spec', 'securityContext'], 'fsGroup', group);
}
