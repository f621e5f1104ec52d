import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ObservedNetwork } from '../../podman/inspect/observed.ts';
import type { NetworkChoice } from '../decide/network.ts';

/** Refuses a given network that does not exist, and the network of the project if podpose did not create it. */
export function networkRefusals(
  project: string,
  { name, isGiven }: NetworkChoice,
  networks: readonly ObservedNetwork[],
): readonly Diagnostic[] {
  const existing = networks.find((network) => network.name === name);
  if (isGiven) return existing === undefined ? [missing(name)] : [];
  if (existing === undefined || existing.project === project) return [];
  return [
    {
      code: 'not-ours',
      severity: 'error',
      message: `network '${name}' already exists, and was not created by podpose for project '${project}'`,
      help: `It is kept unchanged. Remove it (podman network rm ${name}), use it as it is (--network ${name}), or use another project (-p NAME).`,
    },
  ];
}

function missing(name: string): Diagnostic {
  return {
    code: 'network-missing',
    severity: 'error',
    message: `network '${name}' does not exist`,
    help: `Create it: podman network create ${name}. 'podman network ls' lists the networks. Without --network, podpose creates a network for the project.`,
  };
}
