import type { DesiredSecurityContext } from '../../pod/desired.ts';
import type { Argument } from './argument.ts';

/** The flags of `podman run` and `podman create` for who a container's process is and what it may do. */
export function securityFlags(security: DesiredSecurityContext, image: string): readonly Argument[] {
  return [
    ...userFlags(security, image),
    ...(security.privileged ? ['--privileged'] : []),
    // podman would mount writable folders over /tmp, /run and /var/tmp; Kubernetes does not.
    ...(security.readOnlyRootFilesystem ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...security.capabilities.drop.flatMap((capability) => ['--cap-drop', capability]),
    ...security.capabilities.add.flatMap((capability) => ['--cap-add', capability]),
    ...(security.allowPrivilegeEscalation === false ? ['--security-opt', 'no-new-privileges'] : []),
  ];
}

function userFlags({ runAsUser, runAsGroup }: DesiredSecurityContext, image: string): readonly Argument[] {
  if (runAsUser !== undefined)
    return ['--user', `${runAsUser}${runAsGroup === undefined ? '' : `:${runAsGroup}`}`];
  if (runAsGroup === undefined) return [];
  // A group alone leaves the image's user as it is; podman reads `--user :GROUP` as root.
  const imageUser = '{{index (split .Config.User ":") 0}}';
  return [
    '--user',
    {
      before: '',
      ask: ['image', 'inspect', '--format', imageUser, image],
      after: `:${runAsGroup}`,
    },
  ];
}
