import type { KnownFailure } from './known-failure.ts';
import { SETTING_FAILURES } from './known-setting-failures.ts';

export const MORE_FILES =
  "Raise the limit: run 'ulimit -n 1024' before podpose, or set LimitNOFILE= in the systemd unit. 'ulimit -n' shows the limit.";

/** For a subPath that a symbolic link leads out of its volume. */
export const SUB_PATH_HELP =
  'A subPath must stay inside its volume. Check what creates the link, for example an init container.';

/** The first match wins. */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  ...SETTING_FAILURES,
  {
    // Always the cause, whatever else podman prints: 4.3.1 then reports its helper programs as outdated.
    code: 'too-many-files',
    pattern: /too many open files/i,
    message: () => 'podman has too many open files',
    help: MORE_FILES,
  },
  {
    // Printed by podman, the runtime, or a shell that writes files.
    code: 'no-space',
    pattern: /no space left on device|disk quota exceeded/i,
    message: () => 'the disk is full',
    help: "Free some space, then run the same command again: it continues where it stopped. 'df -h' shows the full disk, 'podman system df' what podman uses. 'podman image prune' removes unused images, 'podman volume ls' lists the volumes.",
  },
  {
    code: 'podman-unreachable',
    // Printed by podman 5 and 6, and by 4.3.1.
    pattern: /connection "([^"]+)" not found|"([^"]+)" service destination not found/,
    message: (match) => `podman has no connection '${match[1] ?? match[2] ?? ''}'`,
    help: "Check the name: 'podman system connection list' lists the connections.",
  },
  {
    code: 'podman-unreachable',
    pattern: /(?:unable to|cannot) connect to Podman/i,
    message: () => 'cannot connect to podman',
    help: "'podman system connection list' lists the connections. 'podman machine start' starts a podman machine.",
  },
  {
    code: 'port-in-use',
    // Printed by rootlessport and netavark, by pasta, and by the proxy of podman machine.
    pattern:
      /listen \w+ (\S+): bind: address already in use|bind port (\d+) \(address already in use\)|address already in use|proxy already running/i,
    message: (match) => `host port ${[match[1] ?? match[2], 'is already in use'].join(' ').trim()}`,
    help: "Stop the program that uses the port, or change the hostPort. 'ss -ltnp' lists the listening programs.",
  },
  {
    // podman 4.3.1 keeps the address of a container whose start failed for that container, even if it is removed.
    code: 'address-in-use',
    pattern: /requested ip address (\S+) is already allocated/,
    message: (match) => `the address ${match[1] ?? ''} of the network is already in use`,
    help: "Run 'podpose up' with the files: it gives the Service another address.",
  },
  {
    code: 'port-privileged',
    // Printed by rootlessport and by pasta.
    pattern: /cannot expose privileged port (\d+)|bind port (\d+) \(permission denied\)/i,
    message: (match) => `cannot bind port ${match[1] ?? match[2] ?? ''} without root`,
    help: (match) =>
      `Use a hostPort of 1024 or more, or lower the limit of this machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=${match[1] ?? match[2] ?? '80'}`,
  },
  {
    code: 'image-not-found',
    pattern:
      /manifest unknown|name unknown|repository .* not found|requested access to the resource is denied|no such image|image not known/i,
    message: () => 'image not found, or the registry requires a login',
    help: "Check the name and the tag. For a private image, run 'podman login REGISTRY' first. Build a local image first: podman build -t NAME .",
  },
  {
    // Two containers of a new pod start in parallel, and each starts the infra container (podman 5.4.2).
    code: 'infra-starting',
    pattern: /cannot get namespace path unless container \w+ is running/,
    message: () => 'the infra container of the pod is still starting, or has exited',
    help: 'Run the command again.',
  },
  {
    // Printed once for a container whose conmon was killed. Afterwards podman considers it exited (5.4.2).
    code: 'conmon-gone',
    pattern: /conmon exited prematurely/,
    message: () => 'conmon, the monitor of the container, was killed',
    help: 'Run the command again.',
  },
  {
    code: 'image-unauthorized',
    pattern: /unauthorized|authentication required/i,
    message: () => 'the registry requires a login',
    help: "Run 'podman login REGISTRY', or add imagePullSecrets to the pod.",
  },
  {
    code: 'short-name',
    pattern: /short-name (?:"([^"]+)" )?.*did not resolve to an alias|short-name resolution enforced/,
    message: () => 'cannot resolve the short image name: no unqualified-search registries are configured',
    help: ([, name = 'NAME']) =>
      `Write the full image name, such as docker.io/library/nginx:1.27. Build a local image first: podman build -t ${name} .`,
  },
  {
    // podman 6. Older versions of podpose created containers with a health check, too.
    code: 'health-check-without-systemd',
    pattern: /unable to get systemd connection to \w+ healthchecks/,
    message: () =>
      'the container has a health check, and podman 6 cannot start it without a systemd user session',
    help: 'Recreate it without the health check: podpose up --force-recreate.',
  },
  {
    // Before registry-unreachable, whose pattern matches, too.
    code: 'no-user-bus',
    pattern: /dial unix \S*\/bus: connect/,
    message: () => 'cannot connect to the systemd user session, which creates the cgroups',
    help: "Log in again, or run: loginctl enable-linger $USER. 'systemctl --user status' shows whether the session exists.",
  },
  {
    code: 'registry-certificate',
    pattern: /(?:Get \\?"https?:\/\/([^/"\\]+)\/.*)?x509: (.+?)"?$/m,
    message: ([, registry, why = '']) =>
      `the certificate of the registry${registry === undefined ? '' : ` ${registry}`} is not trusted: ${why}`,
    help: ([, registry = 'REGISTRY']) =>
      `Copy the CA certificate of the registry to ~/.config/containers/certs.d/${registry}/ca.crt. To skip the check for a registry of your own, set insecure = true for location = "${registry}" in ~/.config/containers/registries.conf.`,
  },
  {
    code: 'registry-without-tls',
    pattern: /(?:Get \\?"https?:\/\/([^/"\\]+)\/.*)?server gave HTTP response to HTTPS client/,
    message: ([, registry]) =>
      `the registry${registry === undefined ? '' : ` ${registry}`} uses plain HTTP, and podman expects HTTPS`,
    help: ([, registry = 'REGISTRY']) =>
      `If you trust the registry, set insecure = true for location = "${registry}" in ~/.config/containers/registries.conf.`,
  },
  {
    code: 'registry-unreachable',
    pattern:
      /no such host|dial tcp|i\/o timeout|TLS handshake|pinging container registry|connection refused/i,
    message: () => 'cannot reach the registry',
    help: 'Check the network and the name of the registry.',
  },
  {
    code: 'command-not-found',
    // Printed by crun and by runc.
    pattern:
      /executable file [`'"]([^`'"]+)[`'"] not found|exec: "([^"]+)": (?:executable file not found|stat .*no such file)/,
    message: (match) => `executable not found in image: ${match[1] ?? match[2] ?? ''}`,
    help: 'Check the command of the container, or the ENTRYPOINT and CMD of its image.',
  },
  {
    code: 'working-dir-missing',
    pattern: /workdir "([^"]+)" does not exist on container/,
    // podpose creates a missing directory (operations/working-dir.ts), but podman before 6 does not follow the link.
    message: (match) =>
      `podman cannot find the working directory ${match[1] ?? ''}: a part of its path is a symbolic link`,
    help: 'Set workingDir to the path that the link points to.',
  },
  {
    code: 'id-not-mapped',
    // Printed by runc and by crun.
    pattern:
      /unable to setup user: (?:setgroups: )?invalid argument|(?:setresuid|setresgid|setgroups)\S* ?.*: Invalid argument/,
    message: () => 'a user or group ID is outside of the ID range of this user',
    help: "Use IDs below 65536, or extend the range: sudo usermod --add-subuids and --add-subgids, then podman system migrate. 'podman unshare cat /proc/self/uid_map' shows the range.",
  },
  {
    code: 'resources-not-delegated',
    // Printed by newer and by older versions of crun.
    pattern: /requested cgroup controller `(\w+)` is not available|opening file `(\w+)\.\w+` for writing/,
    message: (match) =>
      `cannot limit ${match[1] ?? match[2] ?? ''}: its cgroup controller is not delegated to this user`,
    help: 'Remove the limit, or delegate the controller: Delegate=cpu cpuset io memory pids in a drop-in of user@.service.',
  },
  {
    code: 'host-path-missing',
    pattern: /statfs (.+): no such file or directory/,
    message: (match) => `${match[1] ?? 'a path'} does not exist on this machine`,
    help: 'Create it, or use the hostPath type DirectoryOrCreate.',
  },
  {
    code: 'sub-path-escapes',
    // Printed by podman 5.4 when it starts the container.
    pattern: /subpath "(.+)" is outside of the volume/,
    message: ([, path = '']) => `the path ${path} leaves the volume through a symbolic link`,
    help: SUB_PATH_HELP,
  },
  {
    code: 'image-sub-path',
    // Printed by crun under podman 5.4: a writable overlay on the image needs a directory.
    pattern: /mount `[^`]*overlay-containers[^`]*` to `([^`]+)`: Invalid argument/,
    message: (match) => `cannot mount a single file of an image at /${match[1] ?? ''}`,
    help: 'podman mounts only directories of an image. Mount the directory of the file.',
  },
  {
    code: 'no-mount-point',
    // Printed by runc. crun creates the directory before the outer mount becomes read-only.
    pattern: /error mounting "[^"]*" to rootfs at "([^"]+)":.* read-only file system/,
    message: (match) =>
      `cannot mount at ${match[1] ?? ''}: the read-only volume around it has no such directory`,
    help: 'Remove readOnly from the mount of the outer volume, or create the directory in an init container that mounts this volume writable.',
  },
  {
    code: 'rootless-setup',
    pattern: /newuidmap|newgidmap|subuid|insufficient UIDs or GIDs/,
    message: () => 'this user has no range of subordinate IDs for rootless containers',
    help: 'Install the package uidmap (shadow-utils) and run: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER; then podman system migrate.',
  },
  {
    code: 'processes-gone',
    pattern: /invalid internal status, try resetting the pause process/,
    message: () => 'the processes of podman were killed, its pause process included',
    help: "Run 'podman system migrate', then the same command again. 'podpose down' removes a container that stays in the state \"stopping\".",
  },
  {
    // podman was killed while it made the network namespace of rootless containers: each start fails from then on, until
    // that is made anew (podman 6.1.1).
    code: 'processes-gone',
    pattern: /rootless netns: mount resolv\.conf .*no such file or directory/,
    message: () => 'podman was killed while it made its network, which is incomplete',
    help: "Run 'podman system migrate', which stops all containers of this user, then the same command again.",
  },
  {
    code: 'stuck-stopping',
    // The process and the conmon of the container were killed while podman stopped it: podman can neither start nor stop
    // it. Also printed while two containers start the infra container in parallel; that is transient (podman 5.4.2).
    pattern:
      /must be in Created or Stopped state to be started|restart a container in a paused or unknown state/,
    message: () => 'podman waits for a container process that no longer exists',
    help: "'podpose down' removes the pod, 'podpose up' recreates it. PersistentVolumeClaim data is kept.",
  },
  {
    // podman removes or stops a container while another podman, such as the cleanup that conmon starts, marks it as
    // exited (podman 4.3.1 and 5.4.2). One that is being restarted still has its mounts (4.3.1).
    code: 'state-changing',
    pattern: /container state improper|userdata\/shm: device or resource busy/,
    message: () => 'the state of the container was changing at the same time',
    help: 'Run the command again.',
  },
  {
    code: 'name-in-use',
    pattern:
      /(?:container )?name "?([^"\s]+)"? is (?:already )?in use|volume with name (\S+) already exists|network name (\S+) already used|network already exists (\S+)/,
    message: (match) =>
      `the name ${match.slice(1).filter(Boolean).join('')} is already in use, by something created at the same time`,
    // Without --external, podman does not list the working containers of buildah, which use names, too.
    help: "Run the same command again. If it fails again, 'podman ps --all --external' shows what uses the name: remove or rename it.",
  },
  {
    code: 'gone',
    pattern: /unable to find network|network not found/,
    message: () => 'a network was removed at the same time',
    help: 'Run the same command again: it reads the current state.',
  },
  {
    code: 'gone',
    pattern: /no (?:such (?:pod|container)|(?:pod|container) with name or ID)/,
    message: () => 'a pod or container was removed at the same time',
    help: 'Run the same command again: it reads the current state.',
  },
];
