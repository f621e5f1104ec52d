import { volumeDirectory, type Argument } from './argument.ts';

/**
 * The group gets the permissions of the owner, and new files in a directory belong to the group; links are not followed
 * (SetVolumeOwnership in pkg/volume/volume_linux.go).
 */
const GIVE =
  'chgrp -Rh "$group" "$volume" && chmod -R ug+rw "$volume" && find "$volume" -type d -exec chmod ug+x,g+s {} +';

/** As in requiresPermissionChange there: the root belongs to the group, which has all permissions and passes itself on. */
const BELONGS = '[ "$(stat -c %g "$volume")" = "$group" ] && [ -n "$(find "$volume" -prune -perm -2070)" ]';

export interface GroupOwnership {
  /** podman's names. */
  readonly volumes: readonly string[];
  readonly group: number;
  /** Skip volumes whose root belongs to the group already. */
  readonly onRootMismatch: boolean;
}

/** Runs in podman's user namespace, where every owner of a container has an ID. */
export function setVolumeOwnershipArguments(operation: GroupOwnership): readonly Argument[] {
  const { group, volumes, onRootMismatch } = operation;
  const give = onRootMismatch ? `{ ${BELONGS}; } || { ${GIVE}; }` : GIVE;
  const script = `group=$1; shift; for volume; do ${give} || exit; done`;
  return [
    'unshare',
    'sh',
    '-c',
    script,
    'sh',
    group.toString(),
    ...volumes.map((name) => volumeDirectory(name)),
  ];
}
