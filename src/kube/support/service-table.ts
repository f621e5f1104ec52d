import { ignored, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const oneNode = noEffect('all pods run on this machine');
const balancer = ignored('there is no load balancer of a cloud: the ports are published on this machine');

/** Support of every field of a Service. */
export const serviceTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the Service: its DNS name in the network of the project'),
    namespace: used('part of the DNS names of the Service, which selects pods of this namespace'),
  },
  spec: {
    allocateLoadBalancerNodePorts: noEffect('a LoadBalancer is published at its ports, not at node ports'),
    clusterIP: used('None for a headless Service; an address is used if the network has it'),
    clusterIPs: used('as clusterIP'),
    externalIPs: refused('addresses outside of this machine cannot be routed to it; use type LoadBalancer'),
    externalName: used('where connections go: a host, or a Service or a pod of the project'),
    externalTrafficPolicy: oneNode,
    healthCheckNodePort: balancer,
    internalTrafficPolicy: oneNode,
    ipFamilies: ignored('the network of the project has IPv4 addresses', ['IPv4']),
    ipFamilyPolicy: ignored(
      'the network of the project has IPv4 addresses',
      'SingleStack',
      'PreferDualStack',
    ),
    loadBalancerClass: balancer,
    loadBalancerIP: balancer,
    loadBalancerSourceRanges: ignored('the ports are published on 127.0.0.1, or on the address of --host-ip'),
    ports: {
      appProtocol: noEffect('a hint for other programs'),
      name: used('the name of the port'),
      nodePort: used('the port of this machine, of a NodePort'),
      port: used('the port of the Service'),
      protocol: used('TCP or UDP'),
      targetPort: used('the port of the pods, by number or by name'),
    },
    publishNotReadyAddresses: used('whether pods that are not ready get connections, too'),
    selector: used('the labels of the pods that get the connections'),
    sessionAffinity: used('ClientIP: a client keeps its pod, while the same pods are ready'),
    sessionAffinityConfig: {
      clientIP: { timeoutSeconds: ignored('a client keeps its pod while the same pods are ready', 10_800) },
    },
    trafficDistribution: oneNode,
    type: used('ClusterIP, NodePort, LoadBalancer or ExternalName'),
  },
  status: noEffect('written by the API server, ignored in a manifest'),
};
