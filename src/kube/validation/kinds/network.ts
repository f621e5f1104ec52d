import type { KindChecks } from './kind-checks.ts';
import { checkEndpoints, checkEndpointSlice } from './endpoints.ts';
import { checkIngress, checkIngressClass } from './ingress.ts';
import { checkNetworkPolicy } from './network-policy.ts';
import { checkService } from './service.ts';

export const networkChecks: KindChecks = {
  Endpoints: checkEndpoints,
  EndpointSlice: checkEndpointSlice,
  Ingress: checkIngress,
  IngressClass: checkIngressClass,
  NetworkPolicy: checkNetworkPolicy,
  Service: checkService,
};
