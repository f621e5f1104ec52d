import type { DnsPolicy, HostPathType, ImagePullPolicy, Protocol, RestartPolicy } from './desired.ts';
import { parseImageReference } from './image-reference.ts';

/**
 * Every default of a Pod that podpose applies: Kubernetes' own (SetDefaults_* in pkg/apis/core/v1/defaults.go), except where
 * a comment says otherwise. The last-applied labels leave out what has its default. A pod that runs therefore differs from
 * its manifest when a value here changes.
 */
export const POD_DEFAULTS: {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
  readonly dnsPolicy: DnsPolicy;
  readonly hostNetwork: boolean;
  readonly hostPID: boolean;
  readonly hostIPC: boolean;
  readonly shareProcessNamespace: boolean;
} = {
  namespace: 'default',
  serviceAccountName: 'default',
  restartPolicy: 'Always',
  /** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
  terminationGracePeriodSeconds: 30,
  // Kubernetes' is ClusterFirst, which is Default without a DNS service of a cluster (see DnsPolicy).
  dnsPolicy: 'Default',
  hostNetwork: false,
  hostPID: false,
  hostIPC: false,
  shareProcessNamespace: false,
};

export const CONTAINER_DEFAULTS = {
  stdin: false,
  tty: false,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
} as const;

/** podman never restarts an init container: podpose runs it again. */
export const INIT_RESTART_POLICY: RestartPolicy = 'Never';

export const SECURITY_DEFAULTS = {
  runAsNonRoot: false,
  privileged: false,
  readOnlyRootFilesystem: false,
} as const;

export const DEFAULT_PROTOCOL: Protocol = 'TCP';

/** Where a hostPort without hostIP listens. Kubernetes' is every address; this is a tool for one's own machine. */
export const DEFAULT_HOST_IP = '127.0.0.1';

/** Of the mounts of a container, and of a claim as a volume. */
export const MOUNT_DEFAULTS = { readOnly: false } as const;

/** No check of what is at the path. */
export const DEFAULT_HOST_PATH_TYPE: HostPathType = '';

/** The mode of files of a ConfigMap, Secret, projected or downwardAPI volume. */
export const DEFAULT_FILE_MODE = 0o644;

/**
 * The policy of a container that has none: an image that can change under its name is pulled each time.
 * A `latest` counts even beside a digest, as in Kubernetes' SetDefaults_Container.
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
 */
export function defaultPullPolicy(image: string): ImagePullPolicy {
  const reference = parseImageReference(image);
  if (reference === undefined) return 'IfNotPresent';
  const untagged = reference.tag === undefined && reference.digest === undefined;
  return untagged || reference.tag === 'latest' ? 'Always' : 'IfNotPresent';
}
