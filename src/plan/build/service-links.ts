import { getsServiceVariables } from '../../kube/services/variables.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import type { ServiceLinks } from '../../podman/operations/service-links.ts';
import type { ServiceRecord } from '../../podman/service-record.ts';
import type { Step } from '../step.ts';

/**
 * The steps, with the Services of their namespace for new containers.
 * @param services those of the project with an address
 */
export function withServiceLinks(
  steps: readonly Step[],
  network: string,
  services: readonly ServiceRecord[],
): readonly Step[] {
  if (services.length === 0) return steps;
  return steps.map((step) => ({ ...step, operation: linked(step.operation, network, services) }));
}

function linked(operation: Operation, network: string, services: readonly ServiceRecord[]): Operation {
  if (operation.kind !== 'run-container' && operation.kind !== 'create-replacement') return operation;
  const links = linksOf(operation.pod, network, services);
  return links.services.length === 0 ? operation : { ...operation, links };
}

function linksOf(pod: DesiredPod, network: string, services: readonly ServiceRecord[]): ServiceLinks {
  const own = getsServiceVariables(pod)
    ? services.filter(({ service }) => service.namespace === pod.sandbox.namespace)
    : [];
  return {
    network,
    services: own.map(({ service, address }) => {
      const { name, type, ports } = service;
      return { name, type, ports, address };
    }),
  };
}
