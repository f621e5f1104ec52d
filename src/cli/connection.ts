import type { Diagnostic } from '../base/diagnostic.ts';
import type { Environment } from '../platform/environment.ts';

/**
 * Names the connection that podman was to use, where podman cannot be reached by it: podman's message has an address only,
 * and for the name of no connection podman 4.3 tries the default one.
 * @param env podman's environment
 */
export function withConnection(diagnostic: Diagnostic, env: Environment): Diagnostic {
  const name = env['CONTAINER_CONNECTION'] ?? '';
  const { code, message } = diagnostic;
  if (code !== 'podman-unreachable' || name === '' || message.includes(`'${name}'`)) return diagnostic;
  return { ...diagnostic, message: `${message} (connection '${name}')` };
}
