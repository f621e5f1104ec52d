import type { Diagnostic } from '../base/diagnostic.ts';
import type { Environment } from '../platform/environment.ts';
import { connectionName } from '../podman/client/environment.ts';

/**
 * Adds the name of the connection to the error that podman cannot be reached: podman's message has only the address.
 * @param env podman's environment
 */
export function withConnection(diagnostic: Diagnostic, env: Environment): Diagnostic {
  const name = connectionName(env);
  const { code, message } = diagnostic;
  if (code !== 'podman-unreachable' || name === undefined || message.includes(`'${name}'`)) return diagnostic;
  return { ...diagnostic, message: `${message} (connection '${name}')` };
}
