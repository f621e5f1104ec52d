import type { CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { ServicePort, ServiceSpec } from '../../manifest/schema/generated/kubernetes.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { DesiredPod } from '../spec/desired.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import { portText, shownName, type GraphedPod, type GraphEdge, type GraphNode } from './graph-parts.ts';

type Spec = Incomplete<ServiceSpec>;
type Port = Incomplete<ServicePort>;

/** The ID of the node of a Service; undefined if there is none. */
export function serviceId(
  services: readonly CheckedObject<'Service'>[],
  name: string,
  namespace = 'default',
): string | undefined {
  const index = services.findIndex(
    ({ value: { metadata } }) => metadata?.name === name && (metadata.namespace ?? 'default') === namespace,
  );
  return index === -1 ? undefined : `s${index}`;
}

/** The nodes of Services, and an edge from each port to the containers that have its target port. */
export function serviceGraph(
  services: readonly CheckedObject<'Service'>[],
  pods: readonly GraphedPod[],
  containerId: (pod: number, container: string, desired: DesiredPod) => string | undefined,
): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } {
  const parts = services.map(({ value: { metadata = {}, spec = {} } }, index) => {
    const id = `s${index}`;
    const node: GraphNode = {
      id,
      shape: 'service',
      lines: [`svc/${shownName(qualifiedNameOf(metadata))}`, ...typeLines(spec)],
    };
    if (spec.type === 'ExternalName') {
      const external: GraphNode = { id: `${id}x`, shape: 'external', lines: [spec.externalName ?? ''] };
      const edge: GraphEdge = { from: id, to: external.id, kind: 'reach', text: '' };
      return { nodes: [node, external], edges: [edge] };
    }
    const edges = pods.flatMap((graphed, at) =>
      selects(spec, metadata.namespace, graphed.pod)
        ? podEdges(
            spec,
            id,
            graphed,
            (container) => containerId(at, container, graphed.pod) ?? `p${at}`,
            `p${at}`,
          )
        : [],
    );
    return { nodes: [node], edges };
  });
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
  };
}

function typeLines({ type = 'ClusterIP', clusterIP }: Spec): readonly string[] {
  if (type !== 'ClusterIP') return [type];
  return clusterIP === 'None' ? ['headless'] : [];
}

/** A Service without a selector selects nothing: others write its endpoints. */
function selects({ selector = {} }: Spec, namespace = 'default', pod: DesiredPod): boolean {
  const labels = Object.entries(selector);
  // With the host network, the desired pod has no namespace.
  const isNear = (pod.sandbox.namespace ?? namespace) === namespace;
  return isNear && labels.length > 0 && labels.every(([name, value]) => pod.labels[name] === value);
}

function podEdges(
  { ports = [] }: Spec,
  from: string,
  { ports: { declared } }: GraphedPod,
  idOf: (container: string) => string,
  pod: string,
): readonly GraphEdge[] {
  if (ports.length === 0) return [{ from, to: pod, kind: 'reach', text: '' }];
  return ports.map((port) => {
    const { protocol = DEFAULT_PROTOCOL, targetPort = port.port } = port;
    const target = declared.find(
      (one) =>
        one.protocol === protocol &&
        (typeof targetPort === 'string' ? one.portName === targetPort : one.containerPort === targetPort),
    );
    const number = target?.containerPort ?? targetPort;
    return {
      from,
      to: target === undefined ? pod : idOf(target.container),
      kind: 'reach',
      text: edgeText(port, protocol, number),
    };
  });
}

/** `80`, `53/UDP`, `http 80 → 8080`. */
function edgeText(
  { name, port = 0, nodePort }: Port,
  protocol: string,
  target: number | string | undefined,
): string {
  const published = nodePort === undefined ? '' : ` (nodePort ${nodePort})`;
  const own = `${name === undefined ? '' : `${name} `}${portText(port, protocol)}${published}`;
  return target === undefined || target === port ? own : `${own} → ${target}`;
}
