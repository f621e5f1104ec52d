import type { Json } from '../../base/stable-json.ts';
import { appContainerTable, initContainerTable } from './container-table.ts';
import { ignored, noEffect, refused, used, type SupportBranch, type SupportEntry } from './entry.ts';
import { appArmorProfileTable, seccompProfileTable, seLinuxOptionsTable } from './profile-tables.ts';
import { volumeTable } from './volume-table.ts';

/** What asks for something that only a cluster has, in one warning a pod; `noEffect` is what a cluster fills in by itself. */
function ofCluster(...noEffect: readonly Json[]): SupportEntry {
  return ignored(
    'it is for the scheduler, the controllers or the API server of a cluster, and here there is one machine',
    ...noEffect,
  );
}

const byCluster: SupportEntry = noEffect('a cluster writes it about an object that it keeps');

/** A pod that was read from a cluster has these (plugin/pkg/admission/defaulttolerationseconds/admission.go). */
const defaultTolerations: Json = ['not-ready', 'unreachable'].map((taint) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));

const metadata: SupportBranch = {
  annotations: used('kept with the pod; a change to it is seen as one'),
  creationTimestamp: byCluster,
  deletionGracePeriodSeconds: byCluster,
  deletionTimestamp: byCluster,
  finalizers: byCluster,
  generateName: noEffect('a pod needs a name that stays the same, and metadata.name is asked for'),
  generation: byCluster,
  labels: used('labels of the pod'),
  managedFields: byCluster,
  name: used('name of the pod, and the first part of the names of its containers and volumes'),
  namespace: used(
    'told to containers that ask for it, and part of the domain; names must differ between namespaces, too',
  ),
  ownerReferences: byCluster,
  resourceVersion: byCluster,
  selfLink: byCluster,
  uid: byCluster,
};

const securityContext: SupportBranch = {
  appArmorProfile: appArmorProfileTable,
  fsGroup: used('group that the volumes of the pod belong to, and every process to as well'),
  fsGroupChangePolicy: used(
    'OnRootMismatch: what is in a claim is left as it is if its root belongs to the group',
  ),
  runAsGroup: used('group of every container that names none itself'),
  runAsNonRoot: used('holds for every container that does not say otherwise itself'),
  runAsUser: used('user of every container that names none itself'),
  seLinuxChangePolicy: noEffect('it is about volumes that drivers of a cluster mount'),
  seLinuxOptions: seLinuxOptionsTable,
  seccompProfile: seccompProfileTable,
  supplementalGroups: used('further groups of every process'),
  supplementalGroupsPolicy: used(
    'Strict needs a runAsGroup; with one, no groups of the image are added by Merge either',
  ),
  sysctls: {
    name: used('a kernel parameter of the network or IPC namespace of the pod'),
    value: used('the value of the parameter'),
  },
  windowsOptions: refused('containers of Windows need a node with Windows', {}),
};

const spec: SupportBranch = {
  activeDeadlineSeconds: used(
    'kept by up as long as it runs; and by podman where restartPolicy is Never, for each container',
  ),
  affinity: ofCluster({}),
  automountServiceAccountToken: ofCluster(false),
  containers: appContainerTable,
  dnsConfig: {
    nameservers: used('name servers in resolv.conf, besides those of the dnsPolicy; three in all'),
    options: {
      name: used('an option in resolv.conf, in the place of one of this name'),
      value: used('the value of the option'),
    },
    searches: used('search domains in resolv.conf, besides those of the dnsPolicy'),
  },
  dnsPolicy: used(
    'there is no DNS of a cluster here: all but None start from the DNS settings of the machine',
  ),
  enableServiceLinks: noEffect('there are no Services here, and so no variables that tell of them'),
  ephemeralContainers: refused('they are added to a pod that runs; Kubernetes takes none from a manifest'),
  hostAliases: { hostnames: used('names in /etc/hosts'), ip: used('address of the names in /etc/hosts') },
  hostIPC: used('shares the IPC namespace of the machine'),
  hostNetwork: used('shares the network of the machine'),
  hostPID: used('shares the process IDs of the machine'),
  hostUsers: noEffect(
    'the user namespace of rootless podman, which all its pods share, is never that of the machine',
  ),
  hostname: used('host name that the containers see'),
  hostnameOverride: used('host name that the containers see, whatever hostname and subdomain say'),
  imagePullSecrets: {
    name: used('a Secret with credentials for registries, which podman gets for the pull alone'),
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
  resourceClaims: refused('devices are handed out by the drivers of a cluster'),
  resources: {
    claims: refused('devices are handed out by the drivers of a cluster'),
    limits: used('the most CPU and memory that all containers together get'),
    requests: used('the share of the CPU that all containers together get'),
  },
  restartPolicy: used('restart policy of the containers'),
  runtimeClassName: refused('runtime classes are objects of a cluster'),
  schedulerName: ofCluster('default-scheduler'),
  schedulingGates: ofCluster(),
  schedulingGroup: ofCluster({}),
  securityContext,
  serviceAccount: ofCluster('default'),
  serviceAccountName: ofCluster('default'),
  setHostnameAsFQDN: used('the host name that the containers see has its domain'),
  shareProcessNamespace: used('the containers see the processes of each other'),
  subdomain: used('domain of the host name, below that of the namespace in cluster.local'),
  terminationGracePeriodSeconds: used('time that the containers have to stop; 30 seconds by default'),
  tolerations: ofCluster(defaultTolerations),
  topologySpreadConstraints: ofCluster(),
  volumes: volumeTable,
};

/** Every field of a Pod and what podpose does with it. */
export const podTable: SupportBranch = {
  apiVersion: used('says how to read the object'),
  kind: used('says how to read the object'),
  metadata,
  spec,
  status: byCluster,
};
