import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { apiVersionOf } from '../../manifest/kinds.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { defined } from '../../base/defined.ts';
import { appliedPod } from '../../engine/applied-pod.ts';
import type { JsonObject } from '../../base/json-members.ts';
import { compareTexts } from '../../base/text.ts';
import type { ContainerState } from '../../kube/status/container-status.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { LABEL } from '../../podman/labels.ts';
import type { Labels } from '../../podman/inspect/observed.ts';
import type { ContainerView, PodView } from '../../engine/pod-facts.ts';
import { ownerUid } from './object-metadata.ts';
import { timestamp } from './timestamp.ts';

/**
 * Pods as a Kubernetes PodList, with the fields that podman provides, so that programs that read `kubectl get pods -o
 * json` can read it. The project is the label `podpose.project`.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function podList(pods: readonly PodView[]): object {
  return {
    apiVersion: 'v1',
    kind: 'PodList',
    metadata: {},
    items: pods.map((pod) => podItem(pod, ownLabel(pod))),
  };
}

function ownLabel({ project }: PodView): Labels {
  return { [LABEL.project]: project };
}

/** One pod as a Kubernetes Pod that can be applied again, with its status. It has no values of Secrets. */
export function podItem(pod: PodView, ownLabels: Labels = {}): object {
  const { observed, status, createdAt, initContainers, containers } = pod;
  const { namespace = ownNamespace(pod), labels, annotations, spec } = appliedPod(pod);
  const { addresses = [] } = observed;
  const [ip] = addresses;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: observedName(observed).name,
      ...defined({ namespace }),
      uid: observed.id,
      ...labelsMember({ ...labels, ...ownLabels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(createdAt === undefined ? {} : { creationTimestamp: timestamp(createdAt) }),
      ...ownerReferences(pod),
    },
    spec,
    status: {
      phase: status.phase,
      ...defined({ reason: status.reason, message: status.message }),
      conditions: status.conditions.map(conditionItem),
      // When the kubelet has accepted a pod: one is created where it runs.
      ...(createdAt === undefined ? {} : { startTime: timestamp(createdAt) }),
      ...(ip === undefined ? {} : { podIP: ip, podIPs: addresses.map((address) => ({ ip: address })) }),
      ...(initContainers.length === 0 ? {} : { initContainerStatuses: initContainers.map(containerStatus) }),
      containerStatuses: containers.map(containerStatus),
    },
  };
}

/** Of a pod with the host network, only its name tells; undefined for the default one. */
function ownNamespace({ observed }: PodView): string | undefined {
  const { namespace } = observedName(observed);
  return namespace === POD_DEFAULTS.namespace ? undefined : namespace;
}

/** The workload of the pod. Its uid is the same in every output, as no API server gives it one. */
function ownerReferences({ observed, project }: PodView): object {
  const owner = decodeOwner(observed.labels) ?? '';
  const kind = kindOfOwner(owner);
  if (kind === undefined) return {};
  const { name } = objectName(owner.slice(owner.indexOf('/') + 1));
  const uid = ownerUid(project, owner);
  return { ownerReferences: [{ apiVersion: apiVersionOf(kind), controller: true, kind, name, uid }] };
}

function labelsMember(labels: JsonObject): object {
  const sorted = Object.entries(labels).sort(([a], [b]) => compareTexts(a, b));
  return sorted.length === 0 ? {} : { labels: Object.fromEntries(sorted) };
}

type Condition = PodView['status']['conditions'][number];

function conditionItem({ type, status, reason, message, lastTransitionTime }: Condition): object {
  return { type, status, ...times({ lastTransitionTime }), ...defined({ reason, message }) };
}

/** `ready` of a container whose readiness is unknown is false, as the API requires a value; the condition is Unknown. */
function containerStatus({ name, status, observed, message, recorded }: ContainerView): object {
  const { state, lastState, ready, started, restarts } = status;
  return {
    name,
    ready: ready === true,
    ...(started === 'unknown' ? {} : { started }),
    restartCount: restarts,
    state: stateMembers(state, message),
    ...(lastState === undefined ? {} : { lastState: stateMembers(lastState) }),
    // The API requires both members. Before a container is created, the kubelet reports the image of the manifest.
    image: observed?.image ?? recorded?.settings['image'] ?? '',
    imageID: observed?.imageId ?? '',
    ...(observed === undefined ? {} : { containerID: `podman://${observed.id}` }),
  };
}

function stateMembers(state: ContainerState, message = messageIn(state)): object {
  switch (state.kind) {
    case 'waiting':
      return { waiting: { reason: state.reason, ...defined({ message }) } };
    case 'running':
      return { running: times({ startedAt: state.startedAt }) };
    case 'terminated': {
      const { exitCode, reason, startedAt, finishedAt } = state;
      return {
        terminated: { exitCode, reason, ...defined({ message }), ...times({ startedAt, finishedAt }) },
      };
    }
  }
}

function messageIn(state: ContainerState): string | undefined {
  return state.kind === 'running' ? undefined : state.message;
}

/** Times in seconds since 1970 in the format of Kubernetes, without unknown ones. */
function times(members: Readonly<Record<string, number | undefined>>): object {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, seconds]) =>
      seconds === undefined || seconds === 0 ? [] : [[name, timestamp(seconds)]],
    ),
  );
}
