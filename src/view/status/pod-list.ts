import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import { isInitReady, isReady, type ContainerState } from '../../kube/status/container-status.ts';
import { LABEL } from '../../podman/labels.ts';
import type { Labels, ObservedContainer } from '../../podman/inspect/observed.ts';
import type { ContainerView, PodView } from '../../engine/pod-facts.ts';

/**
 * Pods as a Kubernetes PodList, with the fields that podman provides, so that programs that read `kubectl get pods -o
 * json` can read it. The project is the label `podpose.project`.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function podList(pods: readonly PodView[]): object {
  return { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: pods.map(podItem) };
}

function podItem(pod: PodView): object {
  const { observed, restartPolicy, status, createdAt, initContainers, containers } = pod;
  const { addresses = [] } = observed;
  const [ip] = addresses;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: observed.name,
      uid: observed.id,
      labels: withoutRecords(observed.labels),
      ...(createdAt === undefined ? {} : { creationTimestamp: timestamp(createdAt) }),
    },
    spec: {
      restartPolicy,
      ...(initContainers.length === 0 ? {} : { initContainers: initContainers.map(containerItem) }),
      containers: containers.map(containerItem),
    },
    status: {
      phase: status.phase,
      conditions: status.conditions,
      ...(ip === undefined ? {} : { podIP: ip, podIPs: addresses.map((address) => ({ ip: address })) }),
      ...(initContainers.length === 0
        ? {}
        : {
            initContainerStatuses: initContainers.map((container) =>
              containerStatus(container, isInitReady(container.status)),
            ),
          }),
      containerStatuses: containers.map((container) => containerStatus(container, isReady(container.status))),
    },
  };
}

/** Omits the last-applied records; they are internal and long. */
function withoutRecords(labels: Labels): Labels {
  const hidden: ReadonlySet<string> = new Set([LABEL.spec, LABEL.format, LABEL.containers]);
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([name]) => !hidden.has(name))
      .sort(([a], [b]) => compareTexts(a, b)),
  );
}

function containerItem({ name, observed }: ContainerView): object {
  return { name, ...defined({ image: observed?.image }) };
}

function containerStatus({ name, status, observed, message }: ContainerView, ready: boolean): object {
  return {
    name,
    ready,
    started: status.state.kind === 'running',
    restartCount: status.restarts,
    state: stateMembers(status.state, observed, message),
    ...(observed === undefined
      ? {}
      : { image: observed.image, imageID: observed.imageId, containerID: `podman://${observed.id}` }),
  };
}

function stateMembers(
  state: ContainerState,
  observed: ObservedContainer | undefined,
  message: string | undefined,
): object {
  const startedAt = times('startedAt', observed?.startedAt);
  switch (state.kind) {
    case 'waiting':
      return { waiting: { reason: state.reason, ...defined({ message }) } };
    case 'running':
      return { running: startedAt };
    case 'terminated': {
      const { exitCode, reason } = state;
      const finishedAt = times('finishedAt', observed?.exitedAt);
      return { terminated: { exitCode, reason, ...defined({ message }), ...startedAt, ...finishedAt } };
    }
  }
}

function times(name: string, seconds: number | undefined): object {
  return seconds === undefined || seconds === 0 ? {} : { [name]: timestamp(seconds) };
}

/** RFC 3339 in UTC with whole seconds, as in Kubernetes. */
function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
