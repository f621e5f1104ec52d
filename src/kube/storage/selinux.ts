import { dirname } from 'node:path/posix';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../spec/desired.ts';
import type { DesiredVolume, HostPathSource } from '../spec/desired-volume.ts';
import type { SourcedPod } from '../pod-set.ts';
import { BIND_MOUNT_OPTIONS } from './bind-mount-options.ts';
import { placeOfHostPath, type HostFiles } from './host-path.ts';

/** Exists if SELinux is enabled, enforcing or permissive (selinuxfs in Linux). */
export const SELINUX_ENFORCE = '/sys/fs/selinux/enforce';

/**
 * Warns of host paths whose files SELinux hides from containers: podman changes their labels only if it is asked to.
 * podman itself does not warn: the container gets 'permission denied'. The machine is asked only about such pods.
 */
export function checkHostPathLabels(pods: readonly SourcedPod[], files: HostFiles): readonly Diagnostic[] {
  const unlabelled = pods.flatMap((sourced) =>
    sourced.pod.volumes.flatMap((volume, index) => {
      const { source } = volume;
      return source.type === 'hostPath' && source.relabel === undefined && isConfined(volume, sourced.pod)
        ? [{ sourced, volume, source, index }]
        : [];
    }),
  );
  if (unlabelled.length === 0 || files.typeOf(SELINUX_ENFORCE) === 'absent') return [];
  return unlabelled.map(({ sourced, volume, source, index }): Diagnostic => ({
    code: 'host-path-not-labelled',
    severity: 'warning',
    ...placeOfHostPath(sourced, volume.persistentVolume, index),
    message: `SELinux is enabled, and the files of '${source.path}' are not labelled for containers: they may get 'permission denied'`,
    help: helpFor(source),
  }));
}

/** Whether a container mounts the volume and has the default SELinux label, which may use only files labelled for it. */
function isConfined({ name }: DesiredVolume, { initContainers, containers }: DesiredPod): boolean {
  return [...initContainers, ...containers].some(
    ({ volumeMounts, securityContext: { privileged, seLinuxOptions } }) =>
      !privileged && seLinuxOptions === undefined && volumeMounts.some((mount) => mount.name === name),
  );
}

const UNCONFINED = "'seLinuxOptions: {type: spc_t}' under securityContext of the containers";

function helpFor({ path, hostPathType }: HostPathSource): string {
  return isOfSystem(path) || SPECIAL.has(hostPathType)
    ? `New labels would change it for the whole system. Set ${UNCONFINED}.`
    : `Set the annotation '${BIND_MOUNT_OPTIONS}: ${path}:z' on the pod (with ':Z', only this pod can use the files), or ${UNCONFINED}.`;
}

const SPECIAL: ReadonlySet<string> = new Set(['Socket', 'CharDevice', 'BlockDevice']);

const SYSTEM = ['bin', 'boot', 'dev', 'etc', 'lib', 'lib64', 'proc', 'run', 'sbin', 'sys', 'usr'];

/**
 * Whether a path belongs to the system: podman refuses to relabel some of these (Chcon in
 * github.com/opencontainers/selinux).
 */
function isOfSystem(path: string): boolean {
  const isHome = dirname(path) === '/home';
  const isTop = dirname(path) === '/';
  const isCommon = path === '/var/lib' || path === '/var/log' || path === '/var/run';
  return isHome || isTop || isCommon || SYSTEM.includes(path.split('/')[1] ?? '');
}
