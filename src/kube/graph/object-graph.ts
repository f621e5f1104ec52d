import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { DesiredContainer, DesiredPod } from '../spec/desired.ts';
import type { DesiredVolume } from '../spec/desired-volume.ts';
import { isSidecar } from '../spec/restart-policy.ts';
import {
  portText,
  shownName,
  type GraphedPod,
  type GraphEdge,
  type GraphNode,
  type ObjectGraph,
  type PodNode,
} from './graph-parts.ts';
import { ingressEdges } from './ingress-graph.ts';
import { serviceGraph, serviceId } from './service-graph.ts';

/** The graph of pods and of the Services and Ingresses of the same manifests. */
export function objectGraph(
  pods: readonly GraphedPod[],
  services: readonly CheckedObject<'Service'>[],
  ingresses: readonly CheckedObject<'Ingress'>[] = [],
): ObjectGraph {
  const shared = sharedVolumes(pods);
  const parts = pods.map((pod, index) => podParts(pod, `p${index}`, shared));
  const published = pods.flatMap(({ pod }, index) => publishedPorts(pod, `p${index}`));
  const reached = serviceGraph(services, pods, containerId);
  const proxy = pods.findIndex(({ isProxy }) => isProxy === true);
  const routed =
    proxy === -1 ? [] : ingressEdges(ingresses, `p${proxy}c0`, (...asked) => serviceId(services, ...asked));
  return {
    pods: parts.map(({ node }) => node),
    nodes: [...shared.values(), ...published.map(({ node }) => node), ...reached.nodes],
    edges: [
      ...parts.flatMap(({ mounts }) => mounts),
      ...published.map(({ edge }) => edge),
      ...reached.edges,
      ...routed,
    ],
  };
}

/** The ID of an app container of the pod at an index. */
function containerId(pod: number, container: string, { containers }: DesiredPod): string | undefined {
  const index = containers.findIndex(({ name }) => name === container);
  return index === -1 ? undefined : `p${pod}c${index}`;
}

/** The volumes that several pods can mount, each once, by their keys. */
function sharedVolumes(pods: readonly GraphedPod[]): ReadonlyMap<string, GraphNode> {
  const found = new Map<string, GraphNode>();
  for (const volume of pods.flatMap(({ pod }) => pod.volumes)) {
    const key = sharedKey(volume);
    if (key !== undefined && !found.has(key))
      found.set(key, { id: `v${found.size}`, shape: 'volume', lines: [key] });
  }
  return found;
}

/** `pvc/data`, or a path of the machine; undefined for a volume of one pod. */
function sharedKey({ source }: DesiredVolume): string | undefined {
  switch (source.type) {
    case 'persistentVolumeClaim':
      return `pvc/${shownName(source.claimName)}`;
    case 'hostPath':
      return `hostPath ${source.path}`;
    case 'emptyDir':
    case 'ephemeral':
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
    case 'image':
      return undefined;
  }
}

function podParts(
  { pod, ports, owner }: GraphedPod,
  id: string,
  shared: ReadonlyMap<string, GraphNode>,
): { readonly node: PodNode; readonly mounts: readonly GraphEdge[] } {
  const init = pod.initContainers.map((container, index) => containerNode(container, `${id}i${index}`, []));
  const apps = pod.containers.map((container, index) =>
    containerNode(container, `${id}c${index}`, portsOf(container, ports)),
  );
  const volumes = new Map(
    pod.volumes.map((volume, index) => {
      const key = sharedKey(volume);
      const node = key === undefined ? undefined : shared.get(key);
      return [volume.name, node ?? volumeNode(volume, `${id}v${index}`)] as const;
    }),
  );
  const own = [...volumes.values()].filter((node) => node.id.startsWith(id));
  const nodes = [...init, ...apps];
  const mounts = [...pod.initContainers, ...pod.containers].flatMap((container, index) =>
    mountEdges(container, nodes[index]?.id ?? '', volumes),
  );
  return {
    node: {
      ...{ id, name: shownName(pod.name), nodes: [...nodes, ...own], order: startOrder(init, apps) },
      ...(owner === undefined ? {} : { owner: shownOwner(owner) }),
    },
    mounts,
  };
}

/** `deploy/staging/web` of `deploy/staging_web`. */
function shownOwner(owner: string): string {
  const at = owner.indexOf('/') + 1;
  return `${owner.slice(0, at)}${shownName(owner.slice(at))}`;
}

function containerNode(container: DesiredContainer, id: string, ports: readonly string[]): GraphNode {
  const { role, name, image } = container;
  const sidecar = isSidecar(container) ? ['sidecar'] : [];
  return {
    id,
    shape: 'container',
    lines: [`${role}/${name}`, image, ...sidecar, ...(ports.length === 0 ? [] : [ports.join(', ')])],
  };
}

/** `http 8080`, `53/UDP`. */
function portsOf({ name }: DesiredContainer, { declared }: GraphedPod['ports']): readonly string[] {
  return declared
    .filter(({ container }) => container === name)
    .map(({ portName, containerPort, protocol }) =>
      [...(portName === undefined ? [] : [portName]), portText(containerPort, protocol)].join(' '),
    );
}

function volumeNode({ name, source }: DesiredVolume, id: string): GraphNode {
  const isMemory = source.type === 'emptyDir' && source.medium === 'Memory';
  return { id, shape: 'volume', lines: [`volume/${name}`, isMemory ? 'emptyDir in memory' : source.type] };
}

function startOrder(init: readonly GraphNode[], apps: readonly GraphNode[]): readonly GraphEdge[] {
  const next = init.slice(1).map((node, index) => ({ from: init[index]?.id ?? '', to: node.id }));
  const last = init.at(-1);
  const starts = last === undefined ? [] : apps.map((app) => ({ from: last.id, to: app.id }));
  return [...next, ...starts].map((edge) => ({ ...edge, kind: 'then', text: '' }));
}

function mountEdges(
  { volumeMounts }: DesiredContainer,
  from: string,
  volumes: ReadonlyMap<string, GraphNode>,
): readonly GraphEdge[] {
  return volumeMounts.flatMap(({ name, mountPath, readOnly }) => {
    const to = volumes.get(name)?.id;
    // The mount of the termination message is no volume of the pod.
    return to === undefined
      ? []
      : [{ from, to, kind: 'mount', text: readOnly ? `${mountPath} (ro)` : mountPath } as const];
  });
}

function publishedPorts(
  pod: DesiredPod,
  id: string,
): readonly { readonly node: GraphNode; readonly edge: GraphEdge }[] {
  return pod.sandbox.hostPorts.map(({ container, hostIP, hostPort, containerPort, protocol }, index) => {
    const host = hostIP.includes(':') ? `[${hostIP}]` : hostIP;
    const node: GraphNode = { id: `${id}h${index}`, shape: 'external', lines: [`${host}:${hostPort}`] };
    const at = pod.containers.findIndex(({ name }) => name === container);
    const to = at === -1 ? id : `${id}c${at}`;
    return { node, edge: { from: node.id, to, kind: 'reach', text: portText(containerPort, protocol) } };
  });
}
