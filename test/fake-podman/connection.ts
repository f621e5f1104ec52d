import type { Settings } from './model.ts';

/** The connection of a command. */
export interface Connection {
  readonly name?: string;
  /** The arguments without `--connection NAME`. */
  readonly argv: readonly string[];
  /** podman's error for a name that it does not know. */
  readonly fault?: string;
}

/**
 * The connection by `--connection`, or by CONTAINER_CONNECTION. podman 4 does not report an unknown name in the
 * variable, and uses the socket of this machine (4.3.1); podman 5 and later report it.
 * @param variable the value of CONTAINER_CONNECTION
 */
export function connectionOf(
  given: readonly string[],
  variable: string | undefined,
  { connections, version = '4.3.1' }: Settings,
): Connection {
  const flag = given[0] === '--connection' ? given[1] : undefined;
  const argv = flag === undefined ? given : given.slice(2);
  const name = flag ?? variable;
  if (name === undefined) return { argv };
  const isKnown = connections === undefined || connections.includes(name) || argv[0] === '--version';
  const isOld = version.startsWith('4.');
  if (isKnown || (isOld && flag === undefined)) return { argv, name };
  const fault = isOld
    ? `failed to resolve active destination: "${name}" service destination not found`
    : `read cli flags: connection "${name}" not found`;
  return { argv, name, fault: `Error: ${fault}\n` };
}
