import type { Json } from '../../base/stable-json.ts';
import { appContainerTable, initContainerTable } from './container-table.ts';
import {
  ignored,
  noEffect,
  refused,
  refusedByServer,
  used,
  type SupportBranch,
  type SupportEntry,
} from './entry.ts';
import { appArmorProfileTable, seccompProfileTable, seLinuxOptionsTable } from './profile-tables.ts';
import { volumeTable } from './volume-table.ts';

/**
 * Cluster-only fields, reported in one warning a pod; `noEffect` are the defaults that a cluster fills in.
 */
function ofCluster(...noEffect: readonly Json[]): SupportEntry {
  return ignored('cluster-only field, no effect here', ...noEffect);
}

const byCluster: SupportEntry = noEffect('written by the API server, ignored in a manifest');

/** A cluster adds these to every pod (plugin/pkg/admission/defaulttolerationseconds/admission.go). */
const defaultTolerations: Json = ['not-ready', 'unreachable'].map((taint) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));

const metadata: SupportBranch = {
  annotations: used(
    'annotations of the pod; a change updates the pod; those of podman are settings of the pod and its containers',
  ),
  creationTimestamp: byCluster,
  deletionGracePeriodSeconds: byCluster,
  deletionTimestamp: byCluster,
  finalizers: byCluster,
  generateName: noEffect('generated names would change with every run; metadata.name is required'),
  generation: byCluster,
  labels: used('labels of the pod'),
  managedFields: byCluster,
  name: used('name of the pod, and prefix of the names of its containers and volumes'),
  namespace: used(
    "part of podman's names and of the DNS names of the pod, unless it is default; pods of all namespaces reach each other",
  ),
  ownerReferences: byCluster,
  resourceVersion: byCluster,
  selfLink: byCluster,
  uid: byCluster,
};

const securityContext: SupportBranch = {
  appArmorProfile: appArmorProfileTable,
  fsGroup: used('group that owns the volumes of the pod, and supplementary group of every process'),
  fsGroupChangePolicy: used(
    'OnRootMismatch: the ownership of a PVC is changed only if its root directory does not match',
  ),
  runAsGroup: used('default runAsGroup of the containers'),
  runAsNonRoot: used('default runAsNonRoot of the containers'),
  runAsUser: used('default runAsUser of the containers'),
  seLinuxChangePolicy: noEffect('applies to volumes of cluster storage drivers'),
  seLinuxOptions: seLinuxOptionsTable,
  seccompProfile: seccompProfileTable,
  supplementalGroups: used('supplementary groups of every process'),
  supplementalGroupsPolicy: used(
    'Strict needs a runAsGroup; with one, Merge adds no groups of the image either',
  ),
  sysctls: {
    name: used('name of a kernel parameter of the network or IPC namespace of the pod'),
    value: used('value of the parameter'),
  },
  windowsOptions: refused('Windows containers need a Windows node', {}),
};

const spec: SupportBranch = {
  activeDeadlineSeconds: used(
    'enforced by the watcher; without one, under Never, by podman for each container',
  ),
  affinity: ofCluster({}),
  automountServiceAccountToken: ofCluster(false),
  containers: appContainerTable,
  dnsConfig: {
    nameservers: used('name servers in resolv.conf, added to those of the dnsPolicy; at most three'),
    options: {
      name: used('an option in resolv.conf; replaces an option of the same name'),
      value: used('value of the option'),
    },
    searches: used('search domains in resolv.conf, added to those of the dnsPolicy'),
  },
  dnsPolicy: used(
    'ClusterFirst has the search domains of a cluster, Default (and hostNetwork) those of this machine; None starts empty',
  ),
  enableServiceLinks: used(
    'whether containers get variables with the addresses of the Services of their namespace (not with hostNetwork)',
  ),
  ephemeralContainers: refusedByServer('they are added to a running pod and cannot be set in a manifest'),
  hostAliases: {
    hostnames: used('host names in /etc/hosts'),
    ip: used('address of the host names in /etc/hosts'),
  },
  hostIPC: used('shares the IPC namespace of the host'),
  hostNetwork: used('shares the network namespace of the host'),
  hostPID: used('shares the PID namespace of the host'),
  hostUsers: used(
    'false: a user namespace of its own (podman: userns=auto); true: that of rootless podman, which pods share',
  ),
  hostname: used('host name of the pod'),
  hostnameOverride: used('host name of the pod; overrides hostname and subdomain'),
  imagePullSecrets: {
    name: used('a Secret with registry credentials, used only to pull images'),
  },
  initContainers: initContainerTable,
  nodeName: ofCluster(),
  nodeSelector: ofCluster({}, { 'kubernetes.io/os': 'linux' }),
  os: { name: used('must be linux') },
  overhead: ofCluster({}),
  preemptionPolicy: ofCluster('PreemptLowerPriority'),
  priority: ofCluster(0),
  priorityClassName: ofCluster(),
  readinessGates: ofCluster(),
  resourceClaims: refused('dynamic resource allocation needs a cluster'),
  resources: {
    claims: refusedByServer('only containers use claims of devices'),
    limits: used('maximum CPU and memory of all containers together'),
    requests: used('CPU weight of all containers together'),
  },
  restartPolicy: used('restart policy of the containers'),
  runtimeClassName: refused('runtime classes exist only in a cluster'),
  schedulerName: ofCluster('default-scheduler'),
  schedulingGates: ofCluster(),
  schedulingGroup: ofCluster({}),
  securityContext,
  serviceAccount: ofCluster('default'),
  serviceAccountName: ofCluster('default'),
  setHostnameAsFQDN: used('true: the host name is the fully qualified domain name (FQDN)'),
  shareProcessNamespace: used('shares one PID namespace between the containers'),
  subdomain: used('subdomain of the host name: SUBDOMAIN.NAMESPACE.svc.cluster.local'),
  terminationGracePeriodSeconds: used('time for a graceful stop; 30 seconds by default'),
  tolerations: ofCluster(defaultTolerations),
  topologySpreadConstraints: ofCluster(),
  volumes: volumeTable,
};

/** Support of every field of a Pod. */
export const podTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata,
  spec,
  status: byCluster,
};
