import { volumeDirectory, type Argument } from './argument.ts';

/**
 * The group may do what the owner may, and what is made in a folder belongs to the group, too; links are not followed
 * (SetVolumeOwnership in pkg/volume/volume_linux.go).
 */
const GIVE =
  'chgrp -Rh "$group" "$volume" && chmod -R ug+rw "$volume" && find "$volume" -type d -exec chmod ug+x,g+s {} +';

/** As requiresPermissionChange there: the root is of the group, which may do all in it and hands itself down. */
const BELONGS = '[ "$(stat -c %g "$volume")" = "$group" ] && [ -n "$(find "$volume" -prune -perm -2070)" ]';

export interface GroupOwnership {
  /** podman's names. */
  readonly volumes: readonly string[];
  readonly group: number;
  /** Leave those as they are whose root belongs to the group already. */
  readonly onRootMismatch: boolean;
}

/** Runs inside podman's user namespace, where every owner of a container has a number. */
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
