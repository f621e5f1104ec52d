/** Values for changes, as YAML on one line: plausible and implausible ones, by the name and the type of the field. */

const LONG_63 = `"${'a'.repeat(63)}"`;
const LONG_64 = `"${'a'.repeat(64)}"`;
const LONG_254 = `"${'a'.repeat(254)}"`;

/** At any place. */
export const ANYWHERE: readonly string[] = [
  'null',
  '""',
  '[]',
  '{}',
  'true',
  '0',
  '-1',
  '"x"',
  '[x]',
  '{x: y}',
];

const NUMBERS = [
  '0',
  '1',
  '-1',
  '1.5',
  '2.0',
  '1e2',
  '0x10',
  '"1"',
  '100',
  '101',
  '65536',
  '2147483648',
  '9223372036854775808',
];
const TEXTS = [
  '""',
  '"x"',
  '"A_b"',
  '"a b"',
  '" a"',
  '"-a"',
  '"a."',
  '"a.b"',
  '"a/b"',
  '"a/b/c"',
  '"é"',
  '1',
  'true',
  'a b',
  '~',
  '"a\\nb"',
];
const LENGTHS = [LONG_63, LONG_64, LONG_254, `"${'a.'.repeat(126)}aa"`];
const BOOLEANS = ['true', 'false', 'yes', 'off', '"true"', '0', 'null'];
const QUANTITIES = [
  '0',
  '1',
  '-1',
  '0.5',
  '"100m"',
  '"1m"',
  '"1Gi"',
  '"3Mi"',
  '"1Kb"',
  '"1e3"',
  '1e9',
  '"+1"',
  '".5"',
  '"1 "',
  '"abc"',
  '""',
  'null',
  '"1.5"',
  '"0.0000000001"',
  '9223372036854775807',
  '9223372036854775808',
  '"10Ei"',
  'true',
];
const NAMES = [
  '"ok-1"',
  '"A"',
  '"a_b"',
  '"a.b"',
  '"-a"',
  '"a-"',
  '"1"',
  '"a b"',
  '""',
  '"a/b"',
  '"a..b"',
  '"*"',
  '"default"',
  LONG_63,
  LONG_64,
  LONG_254,
];
const KEYS = [
  '"ok"',
  '"a b"',
  '"example.com/a"',
  '"Example.com/a"',
  '"a/b/c"',
  '"/a"',
  '"a/"',
  '"_a"',
  '"a_B.c-d"',
  '""',
  '"kubernetes.io/x"',
  '"k8s.io/a"',
  '"..a"',
  '".."',
  '"."',
  LONG_64,
];
const PATHS = [
  '"/a"',
  '"a"',
  '"a/b"',
  '""',
  '"/"',
  '".."',
  '"../a"',
  '"a/../b"',
  '"/a/../b"',
  '"a..b"',
  '"a:b"',
  '"..a"',
  '"."',
  '"/a b"',
  '"./a"',
  '"a//b"',
];
const PORTS = [
  '0',
  '1',
  '80',
  '65535',
  '65536',
  '-1',
  '"80"',
  '"http"',
  '"HTTP"',
  '"a--b"',
  '"-a"',
  '"1"',
  '"1a"',
  '"a_b"',
  '"sixteen-letters-"',
  '""',
  'null',
  '1.5',
];
const IPS = [
  '"10.0.0.9"',
  '"::1"',
  '"fd00::9"',
  '"256.1.1.1"',
  '"010.0.0.1"',
  '"::ffff:1.2.3.4"',
  '"0.0.0.0"',
  '"127.0.0.1"',
  '"169.254.1.1"',
  '"224.0.0.1"',
  '"1.2.3"',
  '"::"',
  '"fe80::1"',
  '"ff02::1"',
  '" 10.0.0.1"',
  '"None"',
  '""',
  '"host"',
];
const CIDRS = [
  '"10.0.0.0/8"',
  '"10.0.0.1/8"',
  '"10.0.0.0/33"',
  '"10.0.0.0"',
  '"fd00::/64"',
  '"::ffff:1.2.3.0/120"',
  '"010.0.0.0/8"',
  '" 10.0.0.0/8 "',
  '"0.0.0.0/0"',
  '"10.1.0.0/08"',
  '""',
];
const PERCENTS = [
  '0',
  '1',
  '"0%"',
  '"50%"',
  '"100%"',
  '"101%"',
  '"-1%"',
  '"5"',
  '"1.5%"',
  '"%"',
  '"a%"',
  '-1',
  '1000',
  'null',
];
const TIMES = [
  '"2026-01-02T03:04:05Z"',
  '"2026-01-02"',
  '"2026-01-02T03:04:05+01:00"',
  '"2026-01-02T03:04:05.123456Z"',
  '"yesterday"',
  '0',
  '2026-01-02',
  'null',
  '""',
];
const SCHEDULES = [
  '"* * * * *"',
  '"@hourly"',
  '"@every 1m"',
  '"60 * * * *"',
  '"* * * *"',
  '"bad"',
  '""',
  '"TZ=UTC * * * * *"',
  '"CRON_TZ=UTC * * * * *"',
  '"*/0 * * * *"',
  '"0 0 31 2 *"',
  '"0 0 * * MON-FRI"',
  '"@reboot"',
  '"* * * * * *"',
];
const ZONES = [
  '"Etc/UTC"',
  '"Local"',
  '"local"',
  '"Europe/Berlin"',
  '"Nowhere/X"',
  '"../x"',
  '"/UTC"',
  '""',
  '"UTC"',
  '"a b"',
];
const HOSTS = [
  '"a.example"',
  '"*.example.com"',
  '"*"',
  '"10.0.0.1"',
  '"A.example"',
  '"a_b"',
  '"a."',
  '".a"',
  '""',
  '"*.*.example"',
  '"a.*.b"',
  '"::1"',
  '"localhost"',
];
const API_VERSIONS = [
  '"v1"',
  '"apps/v1"',
  '"a/b/c"',
  '""',
  '"V1"',
  '"/v1"',
  '"example.com/v1"',
  '"v1beta1"',
  '1',
];
const FIELD_PATHS = [
  '"metadata.name"',
  '"metadata.uid"',
  '"metadata.labels"',
  '"metadata.labels[\'a\']"',
  '"metadata.labels[\'a b\']"',
  '"metadata.annotations[\'A_b/c\']"',
  '"metadata.annotations[\'a\']"',
  '"metadata.labels[\'\']"',
  '"spec.nodeName"',
  '"spec.serviceAccountName"',
  '"status.hostIP"',
  '"status.hostIPs"',
  '"status.podIPs"',
  '"status.phase"',
  '"spec.restartPolicy"',
  '""',
  '"metadata"',
  '"metadata.namespace[\'a\']"',
];
const RESOURCES = [
  '"limits.cpu"',
  '"requests.memory"',
  '"limits.ephemeral-storage"',
  '"requests.hugepages-2Mi"',
  '"limits.example.com/gpu"',
  '"limits"',
  '"cpu"',
  '""',
];
const ANNOTATIONS = [
  '"RuntimeDefault"',
  '"runtime/default"',
  '"unconfined"',
  '"docker/default"',
  '"localhost/x"',
  '"localhost/../x"',
  '"1"',
  '"x"',
  '""',
  'null',
  '5',
  'true',
];
const SYSCTLS = [
  '"kernel.shm_rmid_forced"',
  '"net/ipv4/ip_forward"',
  '"a..b"',
  '"a/b.c"',
  '"A.b"',
  '"kernel.sem"',
  '"net.core.somaxconn"',
  '""',
  '"a-"',
  '"kernel.msgmax"',
];

/** The first row whose pattern fits the name of the field, or that of the map or list it is in. */
const BY_NAME: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(cpu|memory|storage|ephemeral-storage|hugepages-.*|sizeLimit|divisor|averageValue|limits|requests|capacity|hard|min|max|default|defaultRequest|maxLimitRequestRatio|overhead|podFixed|pods|(limits|requests)\..*|count\/.*)$/,
    QUANTITIES,
  ],
  [/^(containerPort|hostPort|port|targetPort|nodePort|endPort|healthCheckNodePort|number)$/, PORTS],
  [/^(maxSurge|maxUnavailable|minAvailable)$/, PERCENTS],
  [/^(cidr|except|podCIDRs?|loadBalancerSourceRanges)$/, CIDRS],
  [/^(ip|hostIP|clusterIPs?|externalIPs|loadBalancerIP|nameservers|address|addresses|host)$/, IPS],
  [/^(hostnames|hosts|externalName|searches|subdomain|hostname)$/, [...HOSTS, ...NAMES]],
  [/^schedule$/, SCHEDULES],
  [/^timeZone$/, ZONES],
  [/(Time|timeAdded|Timestamp)$/, TIMES],
  [/^fieldPath$/, FIELD_PATHS],
  [/^resource$/, RESOURCES],
  [
    /^(mountPath|subPath|subPathExpr|path|devicePath|localhostProfile|workingDir|terminationMessagePath|directory|credentialBundlePath|nonResourceURLs|secretFile|keyring)$/,
    PATHS,
  ],
  [/^(apiVersion)$/, API_VERSIONS],
  [
    /^(key|topologyKey|matchLabelKeys|mismatchLabelKeys|labels|matchLabels|nodeSelector|selector|data|stringData|binaryData|resourceName|scopeName|conditionType|finalizers|deviceClassName)$/,
    KEYS,
  ],
  [/^sysctls$/, SYSCTLS],
  [/^annotations$/, ANNOTATIONS],
  [
    /(Name|name|namespace|namespaces|Namespace|uid|driver|provisioner|controller|apiGroups?|holderIdentity|appProtocol|managedBy|loadBalancerClass|prefix|value|values|zone)$/,
    [...NAMES, '"example.com/x"', '"a b/c"'],
  ],
];

/** The values of fields that have few, also of those that are off or gone in this release. */
const CHOICES: Readonly<Record<string, string>> = {
  accessModes: 'ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod',
  action: 'FailJob Ignore Count FailIndex Restart RestartAllContainers',
  addressType: 'IPv4 IPv6 FQDN',
  cachingMode: 'None ReadOnly ReadWrite',
  completionMode: 'NonIndexed Indexed',
  concurrencyPolicy: 'Allow Forbid Replace',
  conditionType: 'PodScheduled Ready example.com/ready',
  dnsPolicy: 'ClusterFirst ClusterFirstWithHostNet Default None',
  effect: 'NoSchedule PreferNoSchedule NoExecute',
  externalTrafficPolicy: 'Cluster Local',
  fsGroupChangePolicy: 'Always OnRootMismatch',
  fsGroupPolicy: 'None File ReadWriteOnceWithFSType',
  imagePullPolicy: 'Always IfNotPresent Never',
  internalTrafficPolicy: 'Cluster Local',
  ipFamilies: 'IPv4 IPv6',
  ipFamilyPolicy: 'SingleStack PreferDualStack RequireDualStack',
  keyType: 'RSA3072 RSA4096 ECDSAP256 ECDSAP384 ECDSAP521 ED25519',
  kind: 'Pod Service Deployment PersistentVolumeClaim VolumeSnapshot User Group ServiceAccount Role ClusterRole',
  medium: 'Memory HugePages HugePages-2Mi HugePages-x Disk',
  mountPropagation: 'None HostToContainer Bidirectional',
  name: 'linux windows',
  nodeAffinityPolicy: 'Honor Ignore',
  nodeTaintsPolicy: 'Honor Ignore',
  operator: 'In NotIn Exists DoesNotExist Gt Lt Equal',
  pathType: 'Exact Prefix ImplementationSpecific',
  persistentVolumeReclaimPolicy: 'Retain Delete Recycle',
  podManagementPolicy: 'OrderedReady Parallel',
  podReplacementPolicy: 'TerminatingOrFailed Failed',
  policyTypes: 'Ingress Egress',
  preemptionPolicy: 'PreemptLowerPriority Never',
  procMount: 'Default Unmasked',
  protocol: 'TCP UDP SCTP',
  pullPolicy: 'Always IfNotPresent Never',
  reclaimPolicy: 'Retain Delete Recycle',
  recursiveReadOnly: 'Disabled IfPossible Enabled',
  resourceName: 'cpu memory ephemeral-storage',
  restartPolicy: 'Always OnFailure Never NotRequired RestartContainer',
  scheme: 'HTTP HTTPS',
  scopeName:
    'Terminating NotTerminating BestEffort NotBestEffort PriorityClass CrossNamespacePodAffinity VolumeAttributesClass',
  scopes: 'Terminating NotTerminating BestEffort NotBestEffort PriorityClass CrossNamespacePodAffinity',
  seLinuxChangePolicy: 'MountOption Recursive',
  selectPolicy: 'Max Min Disabled',
  sessionAffinity: 'None ClientIP',
  status: 'True False Unknown',
  stopSignal: 'SIGTERM SIGKILL TERM SIGRTMIN+1',
  storageMode: 'ThickProvisioned ThinProvisioned',
  supplementalGroupsPolicy: 'Merge Strict',
  terminationMessagePolicy: 'File FallbackToLogsOnError',
  trafficDistribution: 'PreferClose PreferSameZone PreferSameNode',
  type: 'ClusterIP NodePort LoadBalancer ExternalName RollingUpdate Recreate OnDelete RuntimeDefault Localhost Unconfined Directory DirectoryOrCreate File FileOrCreate Socket CharDevice BlockDevice Container Pod PersistentVolumeClaim Utilization Value AverageValue Resource Pods Object External Percent kubernetes.io/tls kubernetes.io/dockerconfigjson kubernetes.io/dockercfg kubernetes.io/basic-auth kubernetes.io/ssh-auth kubernetes.io/service-account-token Opaque example.com/x',
  unhealthyPodEvictionPolicy: 'IfHealthyBudget AlwaysAllow',
  verbs: 'get list * Get',
  volumeBindingMode: 'Immediate WaitForFirstConsumer',
  volumeLifecycleModes: 'Persistent Ephemeral',
  volumeMode: 'Filesystem Block',
  whenDeleted: 'Retain Delete',
  whenScaled: 'Retain Delete',
  whenUnsatisfiable: 'DoNotSchedule ScheduleAnyway',
};

/** Values for a field of this name. */
export function valuesByName(names: readonly string[]): readonly string[] {
  const [first = ''] = names;
  const choices = CHOICES[first]?.split(' ').map((choice) => JSON.stringify(choice)) ?? [];
  return [...choices, ...valuesOfRow(names)];
}

function valuesOfRow(names: readonly string[]): readonly string[] {
  for (const name of names) {
    const row = BY_NAME.find(([pattern]) => pattern.test(name));
    if (row !== undefined) return row[1];
  }
  return [];
}

/** Values for a field of this type of the schema; a list or a map of them too. */
export function valuesByType(type: string): readonly string[] {
  if (type.startsWith('[]')) {
    const items = valuesByType(type.slice(2));
    return ['[]', '[null]', ...items.slice(0, 6).map((item) => `[${item}]`), '[{}]', '{}'];
  }
  if (type.startsWith('{}'))
    return ['{}', '{a: b}', '{a: "1"}', '{"": a}', '{"a b": c}', '{a: null}', '{a: 1}', '{cpu: 1}', '[]'];
  switch (type) {
    case 'choice':
    case 'string':
      return TEXTS;
    case 'boolean':
      return BOOLEANS;
    case 'quantity':
      return QUANTITIES;
    case 'time':
      return TIMES;
    case 'bytes':
      return ['YQ==', '"YQ="', '"!"', '""', 'null', '"Y Q=="', '1'];
    case 'intOrString':
      return [...PORTS, ...PERCENTS];
    case 'int32':
    case 'int64':
    case 'double':
    case 'number':
      return NUMBERS;
    default:
      return ['{}', 'null', '{x: y}', '{name: a}'];
  }
}

/** Values like the one that is there. */
export function valuesLike(leaf: string): readonly string[] {
  if (/^"(\\.|[^"\\])*"$/.test(leaf)) return [...TEXTS, ...LENGTHS, ...distorted(leaf)];
  if (/^-?[\d.]/.test(leaf)) return NUMBERS;
  return /^(true|false|yes|no)$/.test(leaf) ? BOOLEANS : TEXTS;
}

/** A text nearly as it is: in other case, with blanks, misspelt, too often. */
function distorted(leaf: string): readonly string[] {
  const text: unknown = JSON.parse(leaf);
  if (typeof text !== 'string' || text === '') return [];
  const variants = [
    text.toLowerCase(),
    text.toUpperCase(),
    text.slice(0, -1),
    `${text}s`,
    ` ${text}`,
    `${text} `,
    text[0] === text[0]?.toUpperCase()
      ? text.charAt(0).toLowerCase() + text.slice(1)
      : text.charAt(0).toUpperCase() + text.slice(1),
  ];
  return [...new Set(variants)]
    .filter((variant) => variant !== text)
    .map((variant) => JSON.stringify(variant));
}

/** Maps get keys of these names beside their own. */
export const MAP_KEYS: readonly string[] = [
  '',
  'A',
  'a b',
  'a/b/c',
  'example.com/x',
  'Example.com/x',
  'kubernetes.io/x',
  '-a',
  'a_b.c',
  '..',
  '.',
  '..x',
  'a'.repeat(64),
  'é',
  'cpu',
  'hugepages-1Gi',
  'hugepages-3Mi',
  'example.com/gpu',
  'memry',
  'requests.nvidia.com/gpu',
  'storage',
  'attachable-volumes-csi',
  'pods',
];
