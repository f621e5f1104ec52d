import { post, segment } from '../../client/api-call.ts';
import type { ApiChange } from '../../client/client.ts';
import { askNetwork } from '../../client/queries.ts';
import { CHANGE_SECONDS, exists, isAbsent } from './requests.ts';

/** `podman network create`: a bridge, by default with DNS (networkCreate in cmd/podman/networks/create.go). */
export function createNetworkChange(
  name: string,
  settings: { readonly labels: Readonly<Record<string, string>>; readonly dns_enabled: boolean },
  args: readonly string[],
): ApiChange {
  return {
    request: {
      ...post('/networks/create'),
      body: JSON.stringify({ name, driver: 'bridge', ...settings }),
    },
    command: { program: 'podman', args },
    verify: exists(askNetwork(name)),
  };
}

/** `podman network rm`. */
export function removeNetworkChange(name: string): ApiChange {
  return {
    request: { method: 'DELETE', path: `/networks/${segment(name)}`, limitSeconds: CHANGE_SECONDS },
    command: { program: 'podman', args: ['network', 'rm', name] },
    verify: { query: askNetwork(name), isMade: isAbsent },
  };
}
