import type { DesiredSecurityContext, SeccompProfile, SELinuxOptions } from '../../kube/spec/desired.ts';
import type { Argument } from './argument.ts';

/** The flags of `podman run` and `podman create` for the user and the privileges of a container. */
export function securityFlags(security: DesiredSecurityContext, image: string): readonly Argument[] {
  return [
    ...userFlags(security, image),
    ...(security.supplementalGroups ?? []).flatMap((group) => ['--group-add', group.toString()]),
    ...(security.privileged ? ['--privileged'] : []),
    // By default, podman mounts writable directories at /tmp, /run and /var/tmp; Kubernetes does not.
    ...(security.readOnlyRootFilesystem ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...security.capabilities.drop.flatMap((capability) => ['--cap-drop', capability]),
    ...security.capabilities.add.flatMap((capability) => ['--cap-add', capability]),
    ...(security.allowPrivilegeEscalation === false ? ['--security-opt', 'no-new-privileges'] : []),
    ...(security.seccompProfile === undefined ? [] : seccompFlags(security.seccompProfile)),
    ...seLinuxFlags(security.seLinuxOptions ?? {}),
    ...(security.procMount === 'Unmasked' ? ['--security-opt', 'unmask=ALL'] : []),
  ];
}

function seccompFlags(profile: SeccompProfile): readonly string[] {
  const word = profile.type === 'Unconfined' ? 'unconfined' : profile.path;
  return ['--security-opt', `seccomp=${word}`];
}

function seLinuxFlags({ user, role, type, level }: SELinuxOptions): readonly string[] {
  return Object.entries({ user, role, type, level }).flatMap(([part, value]) =>
    value === undefined ? [] : ['--security-opt', `label=${part}:${value}`],
  );
}

function userFlags({ runAsUser, runAsGroup }: DesiredSecurityContext, image: string): readonly Argument[] {
  if (runAsUser !== undefined)
    return ['--user', `${runAsUser}${runAsGroup === undefined ? '' : `:${runAsGroup}`}`];
  if (runAsGroup === undefined) return [];
  // A group alone must keep the user of the image, but podman treats `--user :GROUP` as root.
  return ['--user', imageUser(image, `:${runAsGroup}`)];
}

/** The user of an image, as name or ID, without its group; empty if it has none. */
export function imageUser(image: string, after = ''): Argument {
  const user = '{{index (split .Config.User ":") 0}}';
  return { before: '', ask: ['image', 'inspect', '--format', user, image], after };
}
