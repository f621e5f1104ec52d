import { noEffect, used, type SupportBranch } from './entry.ts';

/** The profiles that a pod or a container can name: what a container says counts, else what its pod says. */
export const seccompProfileTable: SupportBranch = {
  localhostProfile: used('a file on this machine; the path starts at the folder of the manifest'),
  type: used('RuntimeDefault, the profile of podman, is what counts where nothing is said, too'),
};

export const appArmorProfileTable: SupportBranch = {
  localhostProfile: noEffect('the type says what is done about it'),
  type: used(
    'Unconfined; RuntimeDefault warns and Localhost is refused: an ordinary user cannot load profiles',
  ),
};

export const seLinuxOptionsTable: SupportBranch = {
  level: used('level of the SELinux label of the process; without effect where there is no SELinux'),
  role: used('role of the SELinux label of the process'),
  type: used('type of the SELinux label of the process'),
  user: used('user of the SELinux label of the process'),
};
