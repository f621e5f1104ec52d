import type { DiagnosticCode } from '../base/diagnostic-code.ts';
import type { Diagnostic } from '../base/diagnostic.ts';

/** What podman's own words mean, and what a person can do about it. First match wins. */
interface KnownFailure {
  readonly code: DiagnosticCode;
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray) => string;
  readonly help: string | ((match: RegExpExecArray) => string);
}

const MORE_FILES =
  "'ulimit -n' shows how many there may be; 'ulimit -n 1024' before podpose allows more, LimitNOFILE= in a unit of systemd.";

const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    // Whatever else podman says of it, that is the cause: 4.3.1 takes the programs that it needs for outdated ones.
    code: 'too-many-files',
    pattern: /too many open files/i,
    message: () => 'podman has too many open files',
    help: MORE_FILES,
  },
  {
    // Whatever it was that could not be written, and whoever says so: podman, the runtime, or a shell that writes files.
    code: 'no-space',
    pattern: /no space left on device|disk quota exceeded/i,
    message: () => 'the disk is full',
    help: "'df -h' shows which one. 'podman system df' shows what podman keeps: 'podman image prune' removes images that nothing uses, 'podman volume ls' lists the volumes. What is there already stays, and the same command goes on from here.",
  },
  {
    code: 'podman-unreachable',
    // As told by podman 5 and 6, and by the flag of 4.3. By its variable, 4.3 takes the default socket instead.
    pattern: /connection "([^"]+)" not found|"([^"]+)" service destination not found/,
    message: (match) => `podman has no connection '${match[1] ?? match[2] ?? ''}'`,
    help: "Check the name: 'podman system connection list' lists the connections.",
  },
  {
    code: 'podman-unreachable',
    pattern: /(?:unable to|cannot) connect to Podman/i,
    message: () => 'cannot connect to podman',
    help: "Check its address: 'podman system connection list' lists the connections. 'podman machine start' starts a podman in a virtual machine.",
  },
  {
    code: 'port-in-use',
    // As told by rootlessport and netavark, by pasta, and by podman machine's proxy.
    pattern:
      /listen \w+ (\S+): bind: address already in use|bind port (\d+) \(address already in use\)|address already in use|proxy already running/i,
    message: (match) => `host port ${[match[1] ?? match[2], 'is already in use'].join(' ').trim()}`,
    help: "Stop the program that uses it, or change the hostPort. 'ss -ltnp' shows the listening programs.",
  },
  {
    code: 'port-privileged',
    // As told by rootlessport and by pasta.
    pattern: /cannot expose privileged port (\d+)|bind port (\d+) \(permission denied\)/i,
    message: (match) => `cannot bind port ${match[1] ?? match[2] ?? ''} without root`,
    help: 'Use a hostPort of 1024 or more, or allow it once for the whole machine: sysctl net.ipv4.ip_unprivileged_port_start=80.',
  },
  {
    code: 'image-not-found',
    pattern:
      /manifest unknown|name unknown|repository .* not found|requested access to the resource is denied|no such image|image not known/i,
    message: () => 'there is no such image, or it may not be pulled without logging in',
    help: "Check its name and tag; for a private one, 'podman login REGISTRY' first. An image of your own has to be built first: podman build -t NAME .",
  },
  {
    // Two containers of a new pod start side by side, and each of them would start the infra container (podman 5.4.2).
    code: 'infra-starting',
    pattern: /cannot get namespace path unless container \w+ is running/,
    message: () => 'the infra container of its pod was only just starting, or has ended',
    help: 'Run the command again.',
  },
  {
    // Said once of a container whose conmon was killed; then podman takes it for ended (podman 5.4.2).
    code: 'conmon-gone',
    pattern: /conmon exited prematurely/,
    message: () => 'the program that watches over a container, conmon, was killed',
    help: 'Run the command again.',
  },
  {
    code: 'image-unauthorized',
    pattern: /unauthorized|authentication required/i,
    message: () => 'the registry wants a login',
    help: "'podman login REGISTRY' first, or give the pod imagePullSecrets.",
  },
  {
    code: 'short-name',
    pattern: /short-name (?:"([^"]+)" )?.*did not resolve to an alias|short-name resolution enforced/,
    message: () => 'cannot resolve the short image name: no unqualified-search registries are configured',
    help: ([, name = 'NAME']) =>
      `Write the name with its registry, such as docker.io/library/nginx:1.27. An image of your own has to be built first: podman build -t ${name} .`,
  },
  {
    // podman 6, of a container that was made with a health check: by an older podpose, too.
    code: 'health-check-without-systemd',
    pattern: /unable to get systemd connection to \w+ healthchecks/,
    message: () =>
      'the container has a health check, and podman starts no such container without a systemd user session',
    help: 'Recreate it without the health check: podpose up --force-recreate.',
  },
  {
    // Before the registry, which refuses connections too.
    code: 'no-user-bus',
    pattern: /dial unix \S*\/bus: connect/,
    message: () => 'the systemd of this user does not answer',
    help: "podman has it make the cgroups. Log in anew, or run: loginctl enable-linger $USER; 'systemctl --user status' shows whether it is there.",
  },
  {
    code: 'registry-certificate',
    pattern: /(?:Get \\?"https?:\/\/([^/"\\]+)\/.*)?x509: (.+?)"?$/m,
    message: ([, registry, why = '']) =>
      `the certificate of the registry${registry === undefined ? '' : ` ${registry}`} is not trusted: ${why}`,
    help: ([, registry = 'REGISTRY']) =>
      `Put the CA certificate of the registry into ~/.config/containers/certs.d/${registry}/ca.crt. For a registry of your own that is to be trusted without one, set insecure = true for location = "${registry}" in ~/.config/containers/registries.conf.`,
  },
  {
    code: 'registry-without-tls',
    pattern: /(?:Get \\?"https?:\/\/([^/"\\]+)\/.*)?server gave HTTP response to HTTPS client/,
    message: ([, registry]) =>
      `the registry${registry === undefined ? '' : ` ${registry}`} speaks plain HTTP, and podman asks it by HTTPS`,
    help: ([, registry = 'REGISTRY']) =>
      `For a registry of your own, set insecure = true for location = "${registry}" in ~/.config/containers/registries.conf.`,
  },
  {
    code: 'registry-unreachable',
    pattern:
      /no such host|dial tcp|i\/o timeout|TLS handshake|pinging container registry|connection refused/i,
    message: () => 'the registry cannot be reached',
    help: 'Check the network and the name of the registry. An image that is on this machine already is used with --pull missing.',
  },
  {
    code: 'command-not-found',
    // As told by crun and by runc.
    pattern:
      /executable file [`'"]([^`'"]+)[`'"] not found|exec: "([^"]+)": (?:executable file not found|stat .*no such file)/,
    message: (match) => `executable not found in image: ${match[1] ?? match[2] ?? ''}`,
    help: 'Check the command of the container, or the ENTRYPOINT and CMD of its image.',
  },
  {
    code: 'working-dir-missing',
    pattern: /workdir "([^"]+)" does not exist on container/,
    // What is missing is made (src/podman/operations/working-dir.ts), and then podman up to 5 still does not follow the links.
    message: (match) =>
      `podman does not find the folder ${match[1] ?? ''}: there is a symbolic link on its way`,
    help: 'Give workingDir the path that the link leads to.',
  },
  {
    code: 'id-not-mapped',
    // As told by runc and by crun.
    pattern:
      /unable to setup user: (?:setgroups: )?invalid argument|(?:setresuid|setresgid|setgroups)\S* ?.*: Invalid argument/,
    message: () => 'the user or one of the groups has a number that this user may not give away',
    help: "Use numbers below 65536, or give the user more of them: sudo usermod --add-subuids and --add-subgids, then podman system migrate. 'podman unshare cat /proc/self/uid_map' shows what there is.",
  },
  {
    code: 'resources-not-delegated',
    // As told by crun, newer and older.
    pattern: /requested cgroup controller `(\w+)` is not available|opening file `(\w+)\.\w+` for writing/,
    message: (match) => `this user may not limit ${match[1] ?? match[2] ?? ''}`,
    help: 'Leave the limit out, or have systemd hand the controller on: Delegate=cpu cpuset io memory pids in a drop-in of user@.service.',
  },
  {
    code: 'host-path-missing',
    pattern: /statfs (.+): no such file or directory/,
    message: (match) => `${match[1] ?? 'a path'} does not exist on this machine`,
    help: 'Make it, or use the hostPath type DirectoryOrCreate.',
  },
  {
    code: 'sub-path-escapes',
    // As told by podman 5.4 when it starts the container.
    pattern: /subpath "(.+)" is outside of the volume/,
    message: ([, path = '']) =>
      `the path ${path} leads out of the volume: there is a symbolic link on its way`,
    help: 'A subPath has to stay inside of its volume. Look at what has made the link: an init container, perhaps.',
  },
  {
    code: 'image-sub-path',
    // As told by crun of podman 5.4, which lays what may be written over what is in the image: folders only.
    pattern: /mount `[^`]*overlay-containers[^`]*` to `([^`]+)`: Invalid argument/,
    message: (match) => `what is mounted at /${match[1] ?? ''} is a single file of an image`,
    help: 'podman mounts folders of an image only. Mount the folder that the file is in.',
  },
  {
    code: 'no-mount-point',
    // As told by runc. crun makes the folder before the mount around it becomes read-only.
    pattern: /error mounting "[^"]*" to rootfs at "([^"]+)":.* read-only file system/,
    message: (match) =>
      `what is mounted at ${match[1] ?? ''} is inside of a read-only volume, which has no such folder`,
    help: "Leave out 'readOnly' of the volume around it, or let an init container that may write to it make the folder.",
  },
  {
    code: 'rootless-setup',
    pattern: /newuidmap|newgidmap|subuid|insufficient UIDs or GIDs/,
    message: () => 'this user has no range of user ids for rootless containers',
    help: 'Install uidmap (shadow-utils) and run: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER; then podman system migrate.',
  },
  {
    code: 'processes-gone',
    pattern: /invalid internal status, try resetting the pause process/,
    message: () => 'podman looks for its own processes, which somebody or something has killed all at once',
    help: '\'podman system migrate\' has it look no more. A container that it shows as "stopping" afterwards goes with podpose down.',
  },
  {
    code: 'stuck-stopping',
    // Of one whose process and conmon were killed while podman stopped it: podman neither starts nor ends it. Of an infra
    // container, too, which two containers that start side by side have both begun to start; that passes (podman 5.4.2).
    pattern:
      /must be in Created or Stopped state to be started|restart a container in a paused or unknown state/,
    message: () => 'podman still waits for the end of a process that is gone, and starts nothing meanwhile',
    help: 'podpose down takes it away, and up makes it anew. Claims keep what they hold.',
  },
  {
    // Said by a podman that removes or stops a container which another one, such as the one that conmon starts to clean
    // up, is just about to count as ended (podman 4.3.1 and 5.4.2).
    code: 'state-changing',
    pattern: /container state improper/,
    message: () => 'podman met a container while its state was changing',
    help: 'Run the command again.',
  },
  {
    code: 'name-in-use',
    pattern: /(?:container )?name "?([^"\s]+)"? is (?:already )?in use|volume with name (\S+) already exists/,
    message: (match) =>
      `the name ${match[1] ?? match[2] ?? ''} is taken by something that was not there a moment ago`,
    // `podman ps --all` does not show the working containers of buildah, whose names podman takes for its own all the same.
    help: "Run the same command again. If that does not help, 'podman ps --all --external' shows what has the name: remove or rename it.",
  },
  {
    code: 'gone',
    pattern: /no (?:such (?:pod|container)|(?:pod|container) with name or ID)/,
    message: () => 'something that was there a moment ago is not any more',
    help: 'Run the same command again: it looks afresh.',
  },
];

/** What passes by itself: the same command may well succeed in a moment. */
export function isTransient({ code }: Diagnostic): boolean {
  return ['infra-starting', 'conmon-gone', 'stuck-stopping', 'state-changing'].includes(code);
}

/** What comes of a plan that was made before somebody else, or a command under way, has changed the same things. */
export function isConflict({ code }: Diagnostic): boolean {
  return code === 'name-in-use' || code === 'gone';
}

/**
 * A diagnostic for a podman command that failed: in plain words where the cause is known, in podman's own
 * words otherwise.
 * @param lines what podman printed to standard error
 * @param what what was being done, to begin the message with
 */
export function explainPodmanFailure(lines: readonly string[], what: string): Diagnostic {
  const text = lines.join('\n');
  for (const known of KNOWN_FAILURES) {
    const match = known.pattern.exec(text);
    if (match === null) continue;
    const help = typeof known.help === 'string' ? known.help : known.help(match);
    return {
      code: known.code,
      severity: 'error',
      message: `${what}: ${known.message(match)}`,
      help: `${help}\npodman said: ${podmanMessage(lines)}`,
    };
  }
  return { code: 'podman-failed', severity: 'error', message: `${what}: ${podmanMessage(lines)}` };
}

/**
 * What podman says, with ids of containers and pods as short as podman's own listings show them. Digests of images stay
 * whole.
 */
export function podmanMessage(lines: readonly string[]): string {
  return wholeMessage(lines).replace(/(?<!sha256:)\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/**
 * podman's last line that begins with `Error:`, without that word and with what it goes on to list; else its
 * last line. Where that says only that something went wrong inside podman, what it has logged before says what.
 */
function wholeMessage(lines: readonly string[]): string {
  const said = lines.map((line) => line.trim()).filter((line) => line !== '');
  const at = said.findLastIndex((line) => line.startsWith('Error:'));
  const error = said[at]?.replace(/^Error:\s*/, '');
  const logged = said.map(loggedError).findLast((message) => message !== undefined);
  if (error?.endsWith('internal libpod error') === true) return logged ?? error;
  if (error?.endsWith(':') === true) return [error, ...said.slice(at + 1)].join(' ');
  return error ?? logged ?? said.at(-1) ?? 'podman failed and said nothing';
}

/** The message of a line of podman's log, which is quoted up to twice: `time="..." level=error msg="\"...\""`. */
function loggedError(line: string): string | undefined {
  const message = / level=error msg="(.*)"$/.exec(line)?.[1];
  return message?.replaceAll('\\"', '"').replace(/^"(.*)"$/, '$1');
}

/** A question that podman did not answer within its time limit, in seconds. */
export function podmanSilent(args: readonly string[], seconds: number): Diagnostic {
  return {
    code: 'podman-silent',
    severity: 'error',
    message: `podman did not answer 'podman ${args.join(' ')}' within ${seconds} s`,
    help: 'No changes were made. Run that command yourself to see whether podman answers: another podman command that hangs, or a disk that is slow or full, can block it.',
  };
}

/**
 * @param reason as in `ProcessEnd`
 * @param what what was being done, to begin the message with
 */
export function podmanNotStarted(
  podman: string,
  reason: string,
  detail: string,
  what = `cannot run '${podman}'`,
): Diagnostic {
  if (/\bE[MN]FILE\b/.test(detail))
    return {
      code: 'too-many-files',
      severity: 'error',
      message: `cannot run '${podman}': too many open files`,
      help: MORE_FILES,
    };
  if (reason === 'too-long')
    return {
      code: 'arguments-too-long',
      severity: 'error',
      message: `${what}: the command for podman is longer than Linux takes: 128 KiB for one argument or variable, and a quarter of the stack limit ('ulimit -s'), most often 2 MiB, for all together`,
      help: 'Put what is long into a file of a ConfigMap or a Secret, and mount that as a volume: there is no such limit to it.',
    };
  if (reason !== 'not-found')
    return {
      code: 'podman-not-found',
      severity: 'error',
      message: `'${podman}' cannot be run: ${reason === 'not-executable' ? 'it is not an executable file, or not for this user' : detail}`,
      help: "Name podman's program with --podman PATH or PODPOSE_PODMAN, or leave both out for the podman in PATH.",
    };
  return {
    code: 'podman-not-found',
    severity: 'error',
    message: `there is no '${podman}' on this machine${podman.includes('/') ? '' : "'s PATH"}`,
    help: 'Install podman 4.3 or newer (https://podman.io/docs/installation), or name one with --podman PATH or PODPOSE_PODMAN.',
  };
}
