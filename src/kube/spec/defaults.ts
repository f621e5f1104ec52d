import type { DnsPolicy, Protocol, RestartPolicy } from './desired.ts';
import type { HostPathType } from './desired-volume.ts';
import type { ImagePullPolicy } from './image-reference.ts';
import { parseImageReference } from './image-reference.ts';

/**
 * Every default of a Pod that podpose applies: the defaults of Kubernetes (SetDefaults_* in
 * pkg/apis/core/v1/defaults.go) unless a comment says otherwise. The last-applied labels omit fields with their
 * default, so a changed default makes running pods differ from their manifests.
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
  /** With hostNetwork, Default (see DnsPolicy). */
  dnsPolicy: 'ClusterFirst',
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

/** The version of Kubernetes whose kubelet probes and hooks are like; `schemas/kinds.ts` has the same. */
export const KUBELET_VERSION = '1.36';

/** podman never restarts an init container; podpose retries it. */
export const INIT_RESTART_POLICY: RestartPolicy = 'Never';

/** SetDefaults_Probe; a field with 0 has its default, too. */
export const PROBE_DEFAULTS = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
} as const;

export const HTTP_GET_DEFAULTS = { path: '/', scheme: 'HTTP' } as const;

/** The health of the whole server (the default of Service in GRPCAction). */
export const GRPC_DEFAULTS = { service: '' } as const;

export const SECURITY_DEFAULTS = {
  runAsNonRoot: false,
  privileged: false,
  readOnlyRootFilesystem: false,
} as const;

export const DEFAULT_PROTOCOL: Protocol = 'TCP';

/**
 * The host address of a hostPort without hostIP. Kubernetes uses every address; podpose runs pods on a personal
 * machine.
 */
export const DEFAULT_HOST_IP = '127.0.0.1';

/** Of container mounts and of PVC volumes. */
export const MOUNT_DEFAULTS = { readOnly: false } as const;

/** The file type of the path is not checked. */
export const DEFAULT_HOST_PATH_TYPE: HostPathType = '';

/** The mode of the files of configMap, secret, projected and downwardAPI volumes. */
export const DEFAULT_FILE_MODE = 0o644;

/**
 * The default pull policy of an image: Always if its tag can change. As in SetDefaults_Container, the tag `latest`
 * means Always even with a digest.
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
 */
export function defaultPullPolicy(image: string): ImagePullPolicy {
  const reference = parseImageReference(image);
  if (reference === undefined) return 'IfNotPresent';
  const untagged = reference.tag === undefined && reference.digest === undefined;
  return untagged || reference.tag === 'latest' ? 'Always' : 'IfNotPresent';
}
