import type { DesiredContainer, DesiredPod, RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';

/** A pod with containers of these names and nothing else. */
export function podOf(
  name: string,
  restartPolicy: RestartPolicy,
  ...containers: readonly string[]
): DesiredPod {
  return {
    name,
    labels: {},
    annotations: {},
    terminationGracePeriodSeconds: 30,
    restartPolicy,
    sandbox: {
      hostname: name,
      hostNetwork: false,
      hostPID: false,
      hostIPC: false,
      shareProcessNamespace: false,
      hostPorts: [],
      hostAliases: [],
      dnsPolicy: 'Default',
      dnsConfig: { nameservers: [], searches: [], options: [] },
    },
    volumes: [],
    initContainers: [],
    containers: containers.map((container) => containerOf(container, restartPolicy)),
  };
}

function containerOf(name: string, restartPolicy: RestartPolicy): DesiredContainer {
  return {
    name,
    role: 'container',
    image: 'docker.io/library/busybox:1.36',
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
    restartPolicy,
    terminationGracePeriodSeconds: 30,
  };
}

/** A container as podman has it, by podman's name. */
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
