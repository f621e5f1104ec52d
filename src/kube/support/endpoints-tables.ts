import { noEffect, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const target = noEffect('the address and the port alone lead to the endpoint');
const oneNode = noEffect('this machine is the only node');
const port: SupportBranch = {
  appProtocol: noEffect('a hint for other programs'),
  name: used('the name of the port of the Service'),
  port: used('the port of the endpoint'),
  protocol: used('TCP or UDP'),
};

/** Support of every field of Endpoints. */
export const endpointsTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the Service without a selector'),
    namespace: used('the namespace of the Service'),
  },
  subsets: {
    addresses: {
      hostname: target,
      ip: used('an IPv4 address that gets connections; others are ignored with a warning'),
      nodeName: oneNode,
      targetRef: target,
    },
    notReadyAddresses: noEffect('addresses that are not ready get no connections'),
    ports: port,
  },
};

/** Support of every field of an EndpointSlice. */
export const endpointSliceTable: SupportBranch = {
  addressType: used('IPv4; others are ignored with a warning'),
  apiVersion: used('identifies the type of the object'),
  endpoints: {
    addresses: used('the first one gets connections'),
    conditions: {
      ready: used('an endpoint that is not ready gets no connections'),
      serving: noEffect('whether it is ready decides'),
      terminating: noEffect('whether it is ready decides'),
    },
    deprecatedTopology: oneNode,
    hints: oneNode,
    hostname: target,
    nodeName: oneNode,
    targetRef: target,
    zone: oneNode,
  },
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the object', used('kubernetes.io/service-name is the Service without a selector')),
    namespace: used('the namespace of the Service'),
  },
  ports: port,
};
