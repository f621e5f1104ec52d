import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  explainPodmanFailure,
  isTransient,
  podmanMessage,
  podmanNotStarted,
} from '../../src/podman/errors.ts';

/** The version of podman, the diagnostic, and podman's standard error. */
const FAILURES: readonly (readonly [podman: string, code: string, message: string, ...stderr: string[]])[] = [
  [
    '4.3.1 to 6.1',
    'id-not-mapped',
    'the user namespace of the pod has no GID 3000',
    `Error: container uses ID mappings ([]specs.LinuxIDMapping{specs.LinuxIDMapping{ContainerID:0x0, HostID:0x1, Size:0x400}}), but doesn't map GID 3000`,
  ],
  [
    '4.3.1, runc',
    'limit-over-own',
    'a limit is above that of this user',
    'Error: runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied',
  ],
  [
    '5.4 and 6.1, crun',
    'limit-over-own',
    'a limit is above that of this user: RLIMIT_NOFILE',
    'Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied',
  ],
  [
    '4.3.1 to 6.1, CDI',
    'device-missing',
    'no such CDI device: nvidia.com/gpu=all',
    'Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all',
  ],
  [
    '4.3.1 to 6.1, a device',
    'device-missing',
    'no such device: /dev/dri',
    'Error: stat /dev/dri: no such file or directory',
  ],
  [
    '4.3.1',
    'port-in-use',
    'host port 127.0.0.1:18999 is already in use',
    'time="2026-11-21T10:28:57Z" level=error msg="Starting some container dependencies"',
    'time="2026-11-21T10:28:57Z" level=error msg="\\"rootlessport listen tcp 127.0.0.1:18999: bind: address already in use\\""',
    'Error: starting some containers: internal libpod error',
  ],
  [
    '5.4, netavark',
    'port-in-use',
    'host port :8080 is already in use',
    'Error: cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use',
  ],
  [
    '5.4, IPv6',
    'port-in-use',
    'host port [::1]:8080 is already in use',
    'Error: unable to start container "f2": rootlessport listen tcp [::1]:8080: bind: address already in use',
  ],
  [
    '5.4, pasta',
    'port-in-use',
    'host port 8080 is already in use',
    'Error: unable to start container "f2": pasta failed with exit code 1:',
    "Failed to bind port 8080 (Address already in use) for option '-t 127.0.0.1/8080-8080:80-80'",
  ],
  [
    '5.4, podman machine',
    'port-in-use',
    'host port is already in use',
    'Error: something went wrong with the request: "proxy already running\\n"',
  ],
  [
    '4.3.1, runc',
    'no-mount-point',
    'cannot mount at /c/more: the read-only volume around it has no such directory',
    'Error: OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error mounting "/home/u/.local/share/containers/storage/volumes/web-i/_data" to rootfs at "/c/more": mkdir /home/u/.local/share/containers/storage/overlay/e1a5/merged/c/more: read-only file system',
  ],
  [
    '4.3.1',
    'port-privileged',
    'cannot bind port 80 without root',
    'time="2026-11-21T10:29:03Z" level=error msg="\\"rootlessport cannot expose privileged port 80, you can add \'net.ipv4.ip_unprivileged_port_start=80\' to /etc/sysctl.conf (currently 1024), or choose a larger port number (>= 1024): listen tcp 127.0.0.1:80: bind: permission denied\\""',
    'Error: starting some containers: internal libpod error',
  ],
  [
    '6.1.1',
    'health-check-without-systemd',
    'the container has a health check, and podman 6 cannot start it without a systemd user session',
    'Error: unable to start container "f2": create healthcheck: unable to get systemd connection to add healthchecks: dial unix /run/user/1001/systemd/private: connect: no such file or directory',
  ],
  [
    '5.4, pasta',
    'port-privileged',
    'cannot bind port 80 without root',
    'Error: pasta failed with exit code 1:',
    "Failed to bind port 80 (Permission denied) for option '-t 127.0.0.1/80-80:80-80'",
  ],
  [
    '4.3.1',
    'image-not-found',
    'image not found, or the registry requires a login',
    'Trying to pull docker.io/library/nosuch:1...',
    'Error: initializing source docker://nosuch:1: reading manifest 1 in docker.io/library/nosuch: errors:',
    'denied: requested access to the resource is denied',
    'unauthorized: authentication required',
  ],
  [
    '5.4',
    'image-not-found',
    'image not found, or the registry requires a login',
    'Error: unable to copy from source docker://127.0.0.1:5000/shop:9: initializing source docker://127.0.0.1:5000/shop:9: reading manifest 9 in 127.0.0.1:5000/shop: manifest unknown',
  ],
  [
    '4.3.1',
    'image-not-found',
    'image not found, or the registry requires a login',
    'Error: nosuch:1: image not known',
  ],
  [
    '5.4',
    'infra-starting',
    'the infra container of the pod is still starting, or has exited',
    'Error: cannot get namespace path unless container b8f521020c05df9f7c18b80d9a103325da76af1e11004f39a32a5d8a78d5f307 is running: container is stopped',
  ],
  [
    '5.4',
    'image-unauthorized',
    'the registry requires a login',
    'Error: initializing source docker://registry.example/shop:1: checking whether a blob exists: unauthorized: access to the requested resource is not authorized',
  ],
  [
    '4.3.1',
    'short-name',
    'cannot resolve the short image name: no unqualified-search registries are configured',
    'Error: short-name "nosuch" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
  ],
  [
    '6.1.1',
    'short-name',
    'cannot resolve the short image name: no unqualified-search registries are configured',
    'Error: short-name "never-built:1" did not resolve to an alias and no containers-registries.conf(5) was found',
  ],
  [
    '4.3.1',
    'registry-certificate',
    "the certificate of the registry 192.0.2.1 is not trusted: cannot validate certificate for 192.0.2.1 because it doesn't contain any IP SANs",
    'Trying to pull 192.0.2.1/x:1...',
    'Error: initializing source docker://192.0.2.1/x:1: pinging container registry 192.0.2.1: Get "https://192.0.2.1/v2/": x509: cannot validate certificate for 192.0.2.1 because it doesn\'t contain any IP SANs',
  ],
  [
    '6.1.1',
    'registry-certificate',
    'the certificate of the registry registry.example:5000 is not trusted: certificate signed by unknown authority',
    'Error: unable to copy from source docker://registry.example:5000/x:1: initializing source docker://registry.example:5000/x:1: fetching manifest 1 in registry.example:5000/x: pinging container registry registry.example:5000: Get "https://registry.example:5000/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    '4.3.1, the retries before',
    'registry-certificate',
    'the certificate of the registry a.example is not trusted: certificate has expired or is not yet valid: current time 2026-11-21T10:29:09Z is after 2026-01-01T00:00:00Z',
    'time="2026-11-21T10:29:09Z" level=warning msg="Failed, retrying in 1s ... (3/3). Error: initializing source docker://a.example/a:1: pinging container registry a.example: Get \\"https://a.example/v2/\\": x509: certificate has expired or is not yet valid: current time 2026-11-21T10:29:09Z is after 2026-01-01T00:00:00Z"',
    'Error: initializing source docker://a.example/a:1: pinging container registry a.example: Get "https://a.example/v2/": x509: certificate has expired or is not yet valid: current time 2026-11-21T10:29:09Z is after 2026-01-01T00:00:00Z',
  ],
  [
    '5.4.2',
    'registry-without-tls',
    'the registry 127.0.0.1:5000 uses plain HTTP, and podman expects HTTPS',
    'Error: initializing source docker://127.0.0.1:5000/x:1: pinging container registry 127.0.0.1:5000: Get "https://127.0.0.1:5000/v2/": http: server gave HTTP response to HTTPS client',
  ],
  [
    '4.3.1',
    'registry-unreachable',
    'cannot reach the registry',
    'time="2026-11-21T10:29:09Z" level=warning msg="Failed, retrying in 1s ... (3/3). Error: initializing source docker://127.0.0.1:5999/a:1: pinging container registry 127.0.0.1:5999: Get \\"https://127.0.0.1:5999/v2/\\": dial tcp 127.0.0.1:5999: connect: connection refused"',
    'Error: initializing source docker://127.0.0.1:5999/a:1: pinging container registry 127.0.0.1:5999: Get "https://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
  ],
  [
    '4.3.1',
    'registry-unreachable',
    'cannot reach the registry',
    'Error: initializing source docker://nosuch:1: pinging container registry registry-1.docker.io: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: no such host',
  ],
  [
    '5.4.2 and 6.1.1, by flag and by variable',
    'podman-unreachable',
    "podman has no connection 'nope'",
    'Error: read cli flags: connection "nope" not found',
  ],
  [
    '4.3.1, by flag',
    'podman-unreachable',
    "podman has no connection 'nope'",
    'Error: failed to resolve active destination: "nope" service destination not found',
  ],
  [
    '5.4, remote',
    'podman-unreachable',
    'cannot connect to podman',
    'Error: unable to connect to Podman socket: Get "http://d/v5.4.0/libpod/_ping": dial unix /run/user/1000/podman/podman.sock: connect: connection refused',
  ],
  [
    '4.3.1, crun',
    'command-not-found',
    'executable not found in image: nosuchprogram',
    'Error: crun: executable file `nosuchprogram` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
  [
    '4.3.1, runc',
    'command-not-found',
    'executable not found in image: nosuchprogram',
    'Error: runc: runc create failed: unable to start container process: exec: "nosuchprogram": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found',
  ],
  [
    '4.3.1, runc',
    'command-not-found',
    'executable not found in image: /bin/nosuch',
    'Error: runc: runc create failed: unable to start container process: exec: "/bin/nosuch": stat /bin/nosuch: no such file or directory: OCI runtime attempted to invoke a command that was not found',
  ],
  [
    '4.3.1',
    'host-path-missing',
    '/srv/a:b does not exist on this machine',
    'Error: statfs /srv/a:b: no such file or directory',
  ],
  [
    '5.4',
    'no-space',
    'the disk is full',
    'Error: writing blob: storing blob to file "/var/tmp/storage123/1": write /var/tmp/storage123/1: no space left on device',
  ],
  ['4.3.1', 'no-space', 'the disk is full', 'sh: 14: printf: I/O error: No space left on device'],
  [
    '5.4.2',
    'no-space',
    'the disk is full',
    'Error: initializing source docker://x: dial tcp: write /var/tmp/x: disk quota exceeded',
  ],
  [
    '5.4.2',
    'too-many-files',
    'podman has too many open files',
    'Error: pasta failed with exit code 1: TCP: Error refilling IPv4 host socket pool: Too many open files',
  ],
  [
    '4.3.1',
    'rootless-setup',
    'this user has no range of subordinate IDs for rootless containers',
    'Error: cannot find UID/GID for user ann: no subuid ranges found for user "ann" in /etc/subuid - check rootless mode in man pages.',
  ],
  [
    '5.4.2',
    'name-in-use',
    'the name podpose-web is already in use, by something created at the same time',
    'Error: network name podpose-web already used: network already exists',
  ],
  [
    '6.1.1',
    'name-in-use',
    'the name podpose-web is already in use, by something created at the same time',
    'Error: netavark: network already exists podpose-web',
  ],
  [
    '4.3.1',
    'gone',
    'a network was removed at the same time',
    'Error: unable to find network with name or ID podpose-web: network not found',
  ],
  [
    '4.3.1',
    'name-in-use',
    'the name web-nginx is already in use, by something created at the same time',
    'Error: creating container storage: the container name "web-nginx" is already in use by 62f2ecf56856. You have to remove that container to be able to reuse that name: that name is already in use',
  ],
  [
    '4.3.1',
    'name-in-use',
    'the name web is already in use, by something created at the same time',
    'Error: adding pod to state: name "web" is in use: pod already exists',
  ],
  [
    '4.3.1',
    'working-dir-missing',
    'podman cannot find the working directory /nowhere: a part of its path is a symbolic link',
    'Error: workdir "/nowhere" does not exist on container 85b6f550c7d3',
  ],
  [
    '5.4, crun',
    'resources-not-delegated',
    'cannot limit cpu: its cgroup controller is not delegated to this user',
    'Error: OCI runtime error: crun: the requested cgroup controller `cpu` is not available',
  ],
  [
    '4.3, crun',
    'resources-not-delegated',
    'cannot limit cpu: its cgroup controller is not delegated to this user',
    'Error: opening file `cpu.max` for writing: Permission denied: OCI runtime permission denied error',
  ],
  [
    '5.4',
    'podman-failed',
    'container 85b6f550c7d3 is not in a state that we know',
    'Error: container 85b6f550c7d3 is not in a state that we know',
  ],
  [
    '4.3.1, all processes of the user killed',
    'processes-gone',
    'the processes of podman were killed, its pause process included',
    'time="2026-11-21T19:14:01Z" level=error msg="invalid internal status, try resetting the pause process with \\"podman system migrate\\": could not find any running process: no such process"',
  ],
  [
    '5.4.2',
    'state-changing',
    'the state of the container was changing at the same time',
    'Error: cannot remove container 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef as it could not be stopped: container state improper: stopped',
  ],
  [
    '6.1.1',
    'processes-gone',
    'podman was killed while it made its network, which is incomplete',
    'Error: rootless netns: mount resolv.conf to "/etc/resolv.conf": no such file or directory',
  ],
  [
    '4.3.1, a container that is being restarted',
    'state-changing',
    'the state of the container was changing at the same time',
    'Error: 1 error occurred:',
    '\t* removing container 8cb8ef7e2a5e from pod 058776a0f448: removing container 8cb8ef7e2a5e root filesystem: 1 error occurred:',
    '\t* unlinkat /home/me/.local/share/containers/storage/overlay-containers/8cb8ef7e2a5e/userdata/shm: device or resource busy',
  ],
  [
    '4.3.1',
    'stuck-stopping',
    'podman waits for a container process that no longer exists',
    'Error: unable to start container "2b5036": container 2b5036 must be in Created or Stopped state to be started: container state improper',
  ],
  [
    '4.3.1, the infra container',
    'stuck-stopping',
    'podman waits for a container process that no longer exists',
    'time="2026-11-21T19:10:20Z" level=error msg="Starting some container dependencies"',
    'time="2026-11-21T19:10:20Z" level=error msg="\\"unable to restart a container in a paused or unknown state: container state improper\\""',
    'Error: starting some containers: internal libpod error',
  ],
  [
    '5.4, without a login',
    'no-user-bus',
    'cannot connect to the systemd user session, which creates the cgroups',
    'Error: unable to create pod cgroup for pod 34e5: creating cgroup user.slice/user-1000.slice/user@1000.service/user.slice/user-libpod_pod_34e5.slice: dial unix /run/user/1000/bus: connect: connection refused',
  ],
  [
    '5.4',
    'conmon-gone',
    'conmon, the monitor of the container, was killed',
    'Error: cannot remove container 1d53 as it could not be stopped: container 1d53 conmon exited prematurely, exit code could not be retrieved: internal libpod error',
  ],
];

for (const [podman, code, message, ...stderr] of FAILURES)
  test(`podman ${podman}: ${code}: ${(stderr.at(-1) ?? '').slice(0, 60)}`, () => {
    const diagnostic = explainPodmanFailure(stderr, 'cannot do it');
    assert.equal(diagnostic.code, code);
    assert.equal(diagnostic.severity, 'error');
    assert.equal(diagnostic.message, `cannot do it: ${message}`);
    if (code !== 'podman-failed') assert.match(diagnostic.help ?? '', /^.+\n(?:.*\n)?podman reported: .+$/);
  });

test("podman's message is its error, or its log if the error says nothing", () => {
  assert.equal(podmanMessage(['Error: first', 'noise', 'Error:   last  ', '']), 'last');
  assert.equal(podmanMessage(['one', 'two', '', ' ']), 'two');
  assert.equal(
    podmanMessage([
      'Error: 2 errors occurred:',
      '\t* removing container a: busy',
      '\t* removing container b: busy',
      '',
    ]),
    '2 errors occurred: * removing container a: busy * removing container b: busy',
  );
  assert.equal(podmanMessage([]), 'podman failed without a message');
  assert.equal(
    podmanMessage([
      'time="2026-11-21T10:28:57Z" level=error msg="Starting some container dependencies"',
      'time="2026-11-21T10:28:57Z" level=error msg="\\"netavark: iptables is missing\\""',
      'Error: starting some containers: internal libpod error',
    ]),
    'netavark: iptables is missing',
  );
  assert.equal(podmanMessage(['Error: internal libpod error']), 'internal libpod error');
});

test('a podman that cannot be run', () => {
  const missing = podmanNotStarted('podman', 'not-found', 'spawn podman ENOENT');
  assert.equal(missing.code, 'podman-not-found');
  assert.equal(missing.message, "cannot run 'podman': not found in PATH");
  const wrongPath = podmanNotStarted('/opt/podman', 'not-found', 'spawn /opt/podman ENOENT');
  assert.equal(wrongPath.message, "cannot run '/opt/podman': not found");
  const forbidden = podmanNotStarted('/opt/podman', 'not-executable', 'spawn /opt/podman EACCES');
  assert.equal(forbidden.message, "cannot run '/opt/podman': not an executable file, or permission denied");
  // podman exists: installing it would not help.
  assert.match(missing.help ?? '', /^Install podman/);
  assert.match(forbidden.help ?? '', /^Set the path of podman with --podman PATH/);
  const other = podmanNotStarted('/opt/podman', 'other', 'spawn ENOEXEC');
  assert.equal(other.message, "cannot run '/opt/podman': spawn ENOEXEC");
  assert.match(other.help ?? '', /^Set the path of podman/);
});

test('the help for an image names the image or the registry', () => {
  const helpFor = (line: string) => explainPodmanFailure([line], 'cannot pull image').help ?? '';
  assert.match(
    helpFor('Error: short-name "shop:1" did not resolve to an alias and no unqualified-search registries'),
    /podman build -t shop:1 \./,
  );
  assert.match(helpFor('Error: reading manifest 9 in a.example/shop: manifest unknown'), /podman build -t/);
  assert.match(
    helpFor('Error: Get "https://a.example:5000/v2/": http: server gave HTTP response to HTTPS client'),
    /insecure = true for location = "a\.example:5000"/,
  );
  assert.match(
    helpFor('Error: Get "https://a.example/v2/": tls: failed to verify certificate: x509: unknown'),
    /certs\.d\/a\.example\/ca\.crt/,
  );
});

test("IDs are shortened as in podman's listings, and image digests are kept", () => {
  const id = '0123456789ab'.repeat(6).slice(0, 64);
  assert.equal(
    podmanMessage([`Error: pod ${id} not found, image nginx@sha256:${id}`]),
    `pod 0123456789ab not found, image nginx@sha256:${id}`,
  );
});

test('transient failures are recognised', () => {
  for (const words of [
    'container state improper: stopped',
    'cannot get namespace path unless container 01 is running: container is stopped',
    'unable to restart a container in a paused or unknown state: container state improper',
  ])
    assert.ok(isTransient(explainPodmanFailure([`Error: ${words}`], 'cannot start')), words);
});
