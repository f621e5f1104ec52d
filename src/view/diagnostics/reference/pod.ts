import type { DiagnosticRows } from './row.ts';

/** Errors in a pod or container that no schema can express. */
export const POD = {
  'duplicate-pod': [
    'Two pods have the same name and namespace.',
    'two files with `metadata.name: web`',
    'Rename one, or put it into another namespace.',
  ],
  'duplicate-name': [
    'Two entries of a list have the same name.',
    'two containers named `app`',
    'Rename one of them.',
  ],
  'duplicate-env': [
    'Warning: a variable is set twice in one list; the last value counts.',
    'two entries `name: PORT`',
    'Remove one of them.',
  ],
  'duplicate-container-port': [
    'Warning: a container port is declared twice.',
    'two entries `containerPort: 80`',
    'Remove one of them.',
  ],
  'name-collision': [
    'Two objects would have the same name in podman.',
    'pod `a-b` with container `c`, and pod `a` with container `b-c`',
    'Rename one of them.',
  ],
  'invalid-name': [
    'Invalid name.',
    '`name: My_App`',
    'Use the form in the message, often lower-case letters, digits and dashes.',
  ],
  'generated-name': [
    'A name is generated anew with every run, so the object would never be the same one.',
    '`metadata: {generateName: web-}`',
    'Set `metadata.name`.',
  ],
  'invalid-label': [
    'Invalid key or value of a label.',
    '`labels: {app: "my app"}`',
    'Use letters, digits, `-`, `_` and `.`, at most 63.',
  ],
  'invalid-annotation': [
    'Invalid key of an annotation, or annotations that are too large together.',
    '`annotations: {"a b": c}`',
    'Correct the key; move large data to a ConfigMap.',
  ],
  'reserved-label': [
    "A label begins with podpose's own prefix.",
    '`labels: {podpose.pod: x}`',
    'Use another prefix.',
  ],
  'hostname-conflict': [
    'Fields for the host name contradict each other.',
    '`hostnameOverride` with `hostNetwork: true`',
    'Remove one of them.',
  ],
  'hostname-too-long': [
    'The host name with its domain is longer than Linux allows.',
    '`setHostnameAsFQDN: true` with a long subdomain',
    'Shorten hostname, subdomain or namespace.',
  ],
  'grace-period-range': [
    'Warning: the grace period is negative, and Kubernetes uses 1 second.',
    '`terminationGracePeriodSeconds: -1`',
    'Use 0 or more seconds.',
  ],
  'deadline-range': [
    '`activeDeadlineSeconds` is out of range.',
    '`activeDeadlineSeconds: 0`',
    'Use 1 or more seconds.',
  ],
  'deadline-kept-by-up': [
    'Warning: there is no watcher to enforce the deadline: `up` does while it waits or follows logs.',
    '`PODPOSE_WATCH=off podpose up -d` with `activeDeadlineSeconds`',
    'Use `restartPolicy: Never`, keep `up` attached, or unset PODPOSE_WATCH.',
  ],
  'deadline-kept-by-podman': [
    'Note: there is no watcher to enforce the deadline: podman kills each container so long after its own start.',
    'the same with `restartPolicy: Never`',
    'Unset PODPOSE_WATCH to have podpose stop the pod.',
  ],
  'process-namespace-conflict': [
    'The process namespace can be shared with the pod or the host, not both.',
    '`shareProcessNamespace` with `hostPID`',
    'Remove one of them.',
  ],
  'user-namespace-conflict': [
    'A field contradicts `hostUsers`.',
    '`hostNetwork: true` with `hostUsers: false`',
    'Remove one of them.',
  ],
  'operating-system-missing': [
    'The stop signal needs the operating system of the pod.',
    '`stopSignal` without `spec.os`',
    'Add `os: {name: linux}` to the spec.',
  ],
  'no-containers': ['The pod has no container.', '`containers: []`', 'Add one.'],
  'init-lifecycle': [
    'An init container cannot have a lifecycle.',
    '`lifecycle` in an init container',
    'Remove it.',
  ],
  'invalid-image': [
    'Invalid image name.',
    '`image: "nginx:"`',
    'Use a name such as `docker.io/library/nginx:1.27`.',
  ],
  'invalid-command': [
    'The first word of `command` is empty.',
    '`command: [""]`',
    'Add the program, or remove `command`.',
  ],
  'invalid-character': ['A NUL character in an argument.', '`args: ["a\\0b"]`', 'Remove it.'],
  'too-long': [
    'Arguments or variables are longer than Linux allows.',
    'a variable with 200 KiB',
    'Put long data into a ConfigMap or Secret and mount it.',
  ],
  'unknown-signal': [
    'Unknown signal.',
    '`stopSignal: SIGSTOPP`',
    'Use a signal of Linux, such as `SIGTERM`.',
  ],
  'unknown-variable': [
    '`subPathExpr` uses a variable that the container does not have.',
    '`subPathExpr: $(USR)`',
    'Define it in `env` or `envFrom`; variables of the image do not count.',
  ],
  'unknown-container': [
    'A reference names a container that the pod does not have.',
    '`resourceFieldRef: {containerName: wbe}`',
    'Correct the name.',
  ],
  'unknown-port-name': [
    'A probe or hook names a port that its container does not have.',
    '`httpGet: {port: http}` without `ports: [{name: http, ...}]`',
    'Write the number of the port, or name an entry in `ports`.',
  ],
  'unknown-field-path': [
    'A field or resource that variables and files cannot use.',
    '`fieldPath: spec.hostname`',
    'Use one of those in the message.',
  ],
  'unknown-resource': ['Unknown resource.', '`limits: {ram: 1Gi}`', 'Use `cpu` or `memory`.'],
  'invalid-quantity': [
    'Invalid quantity.',
    '`memory: 512MB`',
    'Use a number with a suffix of Kubernetes, such as `500m` or `512Mi`.',
  ],
  'fraction-of-byte': [
    'Warning: an amount is not a whole number of bytes.',
    '`memory: 512m`',
    'Use `512M` or `512Mi`: `m` means thousandths.',
  ],
  'request-over-limit': [
    'A request is larger than its limit.',
    '`requests: {cpu: 2}` with `limits: {cpu: 1}`',
    'Lower the request, or raise the limit.',
  ],
  'limit-over-pod-limit': [
    'The limit of a container is larger than that of its pod.',
    '`limits: {cpu: 2}` in a pod with 1',
    'Lower the one, or raise the other.',
  ],
  'requests-over-pod-request': [
    'Containers request more together than their pod.',
    'two containers with 1 CPU in a pod with 1',
    'Raise the request of the pod.',
  ],
  'runs-as-root': [
    '`runAsNonRoot` contradicts `runAsUser: 0`.',
    '`runAsNonRoot: true` with `runAsUser: 0`',
    'Use another user, or remove `runAsNonRoot`.',
  ],
  'id-range': ['A user or group ID is out of range.', '`runAsUser: -1`', 'Use 0 to 2147483647.'],
  'privileges-conflict': [
    '`allowPrivilegeEscalation: false` contradicts other privileges.',
    'together with `privileged: true`',
    'Remove one of them.',
  ],
  'escalating-capability': [
    '`allowPrivilegeEscalation: false` contradicts a capability. A cluster accepts this spelling of it.',
    '`add: [SYS_ADMIN]`',
    'Remove one of them.',
  ],
  'unknown-capability': [
    'Unknown capability.',
    '`add: [NET_ADMN]`',
    'Use a name of capabilities(7), without `CAP_`.',
  ],
  'profile-conflict': [
    '`localhostProfile` is set without the type `Localhost`.',
    '`type: RuntimeDefault` with a `localhostProfile`',
    'Remove it, or change the type.',
  ],
  'path-not-below': [
    'The path of a profile is absolute or has `..` in it.',
    '`localhostProfile: ../p.json`',
    'Use a path relative to the directory of the manifest.',
  ],
  'sysctl-of-host': [
    'A kernel parameter belongs to the host, because the pod shares the namespace of the host.',
    '`name: net.ipv4.ip_forward` with `hostNetwork: true`',
    'Remove one of them.',
  ],
  'sysctl-of-machine': [
    'A kernel parameter belongs to the machine, not to a pod.',
    '`name: vm.swappiness`',
    'Remove it; a pod has its own `net.*` and some of `kernel.*`.',
  ],
  'invalid-ip': [
    'Invalid IP address.',
    '`hostIP: localhost`',
    'Use an address such as `127.0.0.1` or `::1`.',
  ],
  'port-range': ['A port is out of range.', '`containerPort: 70000`', 'Use 1 to 65535.'],
  'host-port-conflict': [
    'Two ports of the manifests need the same port of the machine.',
    'two pods with `hostPort: 8080`',
    'Change one of them.',
  ],
  'host-ip-without-host-port': [
    'Warning: `hostIP` has no effect without `hostPort`.',
    '`hostIP: 0.0.0.0` alone',
    'Add a `hostPort`, or remove `hostIP`.',
  ],
  'host-network-port': [
    'With the network of the host, `hostPort` must equal `containerPort`.',
    '`hostNetwork: true`, 8080 for 80',
    'Use the same number, or remove `hostPort`.',
  ],
  'init-container-host-port': [
    'Warning: the host port of an init container has no effect.',
    '`hostPort` in an init container',
    'Remove it.',
  ],
  'missing-nameserver': [
    '`dnsPolicy: None` without a name server.',
    '`dnsPolicy: None` alone',
    'Add `dnsConfig.nameservers`.',
  ],
  'too-many-nameservers': ['More name servers than a resolver uses.', 'four addresses', 'Use at most three.'],
  'too-many-searches': [
    'More or longer search domains than Kubernetes accepts.',
    '33 search domains',
    'Use fewer.',
  ],
  'dns-limits-exceeded': [
    "Warning: with the machine's own DNS settings there are too many; the rest is omitted.",
    '`dnsConfig.nameservers` on a machine that has three',
    'Use `dnsPolicy: None`.',
  ],
  'secret-in-command': [
    'Warning: the process list shows a secret that `/bin/sh` of the image inserts into a command.',
    '`args: ["--password=$(PASSWORD)"]`',
    'Use a variable, a file, or `[sh, -c, \'exec PROGRAM --option "$NAME"\']`.',
  ],
} as const satisfies DiagnosticRows;
