import type { KnownFailure } from './known-failure.ts';

/** Errors of podman and the runtime for settings that podman's annotations and devices make. */
export const SETTING_FAILURES: readonly KnownFailure[] = [
  {
    code: 'id-not-mapped',
    pattern: /container uses ID mappings .*doesn't map ([UG]ID) (\d+)/,
    message: ([, kind = 'UID', id = '']) => `the user namespace of the pod has no ${kind} ${id}`,
    help: "Set the annotation 'io.podman.annotations.userns: auto:size=65536', or another runAsUser. Without a size, podman maps 1024 IDs.",
  },
  {
    // Printed by runc and by crun.
    code: 'limit-over-own',
    pattern: /error setting rlimits?.*not permitted|setrlimit `(\w+)`: Operation not permitted/,
    message: ([, name = '']) => ['a limit is above that of this user', name].filter(Boolean).join(': '),
    help: "Lower the hard limit in the annotation 'io.podman.annotations.ulimit': 'ulimit -Ha' shows those of this user.",
  },
  {
    code: 'device-missing',
    pattern: /unresolvable CDI devices (\S+)|stat (\/dev\/[^\s:]+): no such file or directory/,
    message: ([, cdi, path]) =>
      cdi === undefined ? `no such device: ${path ?? ''}` : `no such CDI device: ${cdi}`,
    help: "Check the name in resources.limits. 'ls /etc/cdi /run/cdi' shows the files of CDI devices; 'nvidia-ctk cdi generate' writes that of NVIDIA.",
  },
];
