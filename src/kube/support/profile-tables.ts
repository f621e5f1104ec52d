import { noEffect, used, type SupportBranch } from './entry.ts';

/** Security profiles of a pod or a container; a container overrides its pod. */
export const seccompProfileTable: SupportBranch = {
  localhostProfile: used('a file on this machine; the path is relative to the directory of the manifest'),
  type: used('RuntimeDefault is the profile of podman, and also the default'),
};

export const appArmorProfileTable: SupportBranch = {
  localhostProfile: noEffect('depends on the type'),
  type: used(
    'Unconfined; RuntimeDefault warns and Localhost is refused: rootless podman cannot load profiles',
  ),
};

export const seLinuxOptionsTable: SupportBranch = {
  level: used('level of the SELinux label of the process; no effect without SELinux'),
  role: used('role of the SELinux label of the process'),
  type: used('type of the SELinux label of the process'),
  user: used('user of the SELinux label of the process'),
};
