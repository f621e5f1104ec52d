/**
 * The arguments of podman for a program in the network namespace of rootless podman, where every pod on a bridge network
 * has its address. The program goes on when podman has ended: podman would stay for as long as it, with 40 MB. A job in
 * the background of a shell has no standard input unless it is given one: it gets descriptor 3.
 */
export const IN_POD_NETWORK: readonly string[] = [
  'unshare',
  '--rootless-netns',
  'sh',
  '-c',
  '"$@" <&3 3<&- &',
  'sh',
];
