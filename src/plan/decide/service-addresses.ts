import { digest } from '../../base/digest.ts';
import type { DesiredService } from '../../kube/spec/desired-service.ts';
import { SERVICE_ADDRESSES, type ServiceAddress } from '../../podman/service-record.ts';

/**
 * The addresses of Services, by their names. A Service keeps the address that it has; a new one gets that of its name, or the
 * next one that is free. Undefined if there are more Services than addresses.
 * @param taken the addresses of existing Services, by name
 * @param unusable addresses that podman cannot give to a pod
 */
export function serviceAddresses(
  services: readonly DesiredService[],
  taken: ReadonlyMap<string, ServiceAddress>,
  unusable: readonly ServiceAddress[] = [],
): ReadonlyMap<string, ServiceAddress> | undefined {
  const addresses = new Map(taken);
  for (const service of [...services].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (addresses.has(service.name)) continue;
    const used = new Set([...addresses.values(), ...unusable]);
    if (used.size >= SERVICE_ADDRESSES) return undefined;
    let number = wantedNumber(service);
    while (used.has(toAddress(number))) number = (number + 1) % SERVICE_ADDRESSES;
    addresses.set(service.name, toAddress(number));
  }
  return addresses;
}

/** That of spec.clusterIP, if it may be one of the network; otherwise one that follows from the name. */
function wantedNumber({ name, namespace, clusterIP }: DesiredService): number {
  const asked = /\.1(\d\d)$/.exec(clusterIP ?? '')?.[1];
  if (asked !== undefined) return Number(asked);
  return Number.parseInt(digest(`${namespace}/${name}`).slice(-8), 16) % SERVICE_ADDRESSES;
}

function toAddress(number: number): ServiceAddress {
  return number.toString().padStart(2, '0');
}
