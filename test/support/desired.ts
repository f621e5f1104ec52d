import type { DesiredContainer, DesiredPod, RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';

/** A pod `web` without containers and with default values, except for what a test sets. */
export function desiredPod(overrides: Partial<DesiredPod> = {}): DesiredPod {
  return {
    name: 'web',
    labels: {},
    annotations: {},
    terminationGracePeriodSeconds: 30,
    restartPolicy: 'Always',
    sandbox: {
      hostname: overrides.name ?? 'web',
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      shareProcessNamespace: false,
      hostPorts: [],
      hostAliases: [],
      namespace: 'default',
      dnsPolicy: 'ClusterFirst',
      dnsConfig: { nameservers: [], searches: [], options: [] },
    },
    volumes: [],
    initContainers: [],
    containers: [],
    ...overrides,
  };
}

/** A container `app` with name, image and default values, except for what a test sets. */
export function desiredContainer(overrides: Partial<DesiredContainer> = {}): DesiredContainer {
  return {
    name: 'app',
    role: 'container',
    image: 'nginx:1.27',
    imagePullPolicy: 'IfNotPresent',
    env: [],
    volumeMounts: [],
    resources: { limits: {}, requests: {} },
    securityContext: {
      privileged: false,
      readOnlyRootFilesystem: false,
      capabilities: { add: [], drop: [] },
    },
    stdin: false,
    tty: false,
    restartPolicy: overrides.role === 'init' ? 'Never' : 'Always',
    terminationGracePeriodSeconds: 30,
    ...overrides,
  };
}

/** A pod with containers of these names. */
export function podOf(
  name: string,
  restartPolicy: RestartPolicy,
  ...containers: readonly string[]
): DesiredPod {
  const image = 'docker.io/library/busybox:1.36';
  return desiredPod({
    name,
    restartPolicy,
    containers: containers.map((container) => desiredContainer({ name: container, image, restartPolicy })),
  });
}

/** A container as podman shows it, by podman's name. */
export function observedContainer(name: string, state: ContainerState, exitCode = 0): ObservedContainer {
  return {
    id: name,
    name,
    labels: {},
    state,
    exitCode,
    startedAt: state === 'created' ? 0 : 1_750_000_000,
    createdAt: 1_750_000_000,
    exitedAt: state === 'exited' ? 1_750_000_010 : 0,
    image: 'docker.io/library/busybox:1.36',
    imageId: '',
    restarts: 0,
  };
}
