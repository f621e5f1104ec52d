import type { RestartPolicy, RestartRule } from './restart-policy.ts';

/** What a kubelet does with a running container. Each field is absent if the manifest does not set it. */
export interface ContainerLifecycle {
  /** Until it succeeds, the other probes do not run, and a sidecar holds up the next init container. */
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  /** Runs after the start of the container, and holds up the start of the next one. */
  readonly postStart?: LifecycleHook;
  /** Runs before the stop signal, within the grace period. */
  readonly preStop?: LifecycleHook;
  /** The restartPolicy of the container itself, unless it is a sidecar; absent for that of the pod. */
  readonly ownRestartPolicy?: RestartPolicy;
  /** The first rule that matches an exit code overrides the restart policy. Never empty. */
  readonly restartPolicyRules?: readonly RestartRule[];
}

/**
 * A probe with all defaults.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
 */
export type Probe = ProbeHandler & ProbeSettings;

export interface ProbeSettings {
  /** Seconds between the start of the container and the first probe. */
  readonly initialDelaySeconds: number;
  /** At least 1. */
  readonly periodSeconds: number;
  /** At least 1. */
  readonly timeoutSeconds: number;
  /** Successes in a row. 1 for startup and liveness. */
  readonly successThreshold: number;
  /** Failures in a row. */
  readonly failureThreshold: number;
  /** Of startup and liveness only; absent for the grace period of the pod. */
  readonly terminationGracePeriodSeconds?: number;
}

/** What a probe does, with the names of the manifest. */
export type ProbeHandler =
  | { readonly exec: ExecAction }
  | { readonly httpGet: HttpGetAction }
  | { readonly tcpSocket: TcpSocketAction }
  | { readonly grpc: GrpcAction };

/** What a hook does, with the names of the manifest. */
export type LifecycleHook =
  | { readonly exec: ExecAction }
  | { readonly httpGet: HttpGetAction }
  | { readonly sleep: { readonly seconds: number } };

export interface ExecAction {
  /** Never empty. It is not run in a shell. */
  readonly command: readonly string[];
}

export interface HttpGetAction {
  /** Absent for the IP of the pod. */
  readonly host?: string;
  /** Port names are resolved. */
  readonly port: number;
  readonly path: string;
  readonly scheme: 'HTTP' | 'HTTPS';
  /** Names may repeat. */
  readonly httpHeaders: readonly HttpHeader[];
}

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

export interface TcpSocketAction {
  /** Absent for the IP of the pod. */
  readonly host?: string;
  readonly port: number;
}

export interface GrpcAction {
  readonly port: number;
  /** Empty for the health of the whole server. */
  readonly service: string;
}

export type ProbeKind = 'startup' | 'readiness' | 'liveness';
