import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Environment } from '../../platform/environment.ts';

/**
 * By default, podman's Go runtime collects garbage at every 4 MB: about a sixth of the work of a command that takes a
 * tenth of a second, for no benefit. It is not disabled: helpers that podman leaves running, such as the port
 * forwarder, may be Go programs, too.
 * https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const GARBAGE_COLLECTION = { GOGC: '400' };

/**
 * The environment of podman. Variables set by the user are kept, except CONTAINER_HOST for a connection: podman 4.3.1
 * would use it instead, even with `--connection`. NOTIFY_SOCKET is that of podpose, if it is a service of systemd: podman
 * would mount it into each new container.
 * @param connection name of the podman connection, as in `podman --connection`
 */
export function podmanEnvironment({ NOTIFY_SOCKET: _, ...env }: Environment, connection = ''): Environment {
  if (connection === '') return { ...GARBAGE_COLLECTION, ...env };
  const { CONTAINER_HOST: __, ...others } = env;
  return { ...GARBAGE_COLLECTION, ...others, CONTAINER_CONNECTION: connection };
}

/**
 * Go's runtime takes less memory if it collects garbage often, and if it runs on one core: with GOGC=400 a service has 140 MB
 * after the first requests for 30 containers, with these 85. Not for a service that starts pods: podman's port forwarder
 * would inherit them.
 */
const LITTLE_MEMORY = { GOGC: '25', GOMAXPROCS: '1' };

/**
 * The environment of the podman service that a watcher keeps alive. It is another one than that of `up`, which does not
 * return the memory that it needed to start all pods.
 * @param env podman's environment
 * @param given the environment of podpose, whose settings of Go's runtime are kept
 */
export function watcherServiceEnvironment(env: Environment, given: Environment): Environment {
  const isSet = Object.keys(LITTLE_MEMORY).some((name) => given[name] !== undefined);
  return isSet ? env : { ...env, ...LITTLE_MEMORY };
}

/** The podman connection that the environment names; undefined for none. */
export function connectionName({ CONTAINER_CONNECTION = '' }: Environment): string | undefined {
  return CONTAINER_CONNECTION === '' ? undefined : CONTAINER_CONNECTION;
}

/**
 * Whether podman's service reads the same credentials of registries as `podman pull`: the file of `podman login`, and
 * Docker's. Only the command reads what these variables name (GetDefaultAuthFile in common/pkg/auth/auth.go). To send
 * credentials with the request is no substitute: the service writes them to a temporary file, which it leaves if it is
 * killed (authConfigsToAuthFile in pkg/auth/auth.go).
 */
export function servicePulls(env: Environment): boolean {
  return ['REGISTRY_AUTH_FILE', 'DOCKER_CONFIG'].every((name) => (env[name] ?? '') === '');
}

/** The default idle time after which the podman service ends. */
const SERVICE_SECONDS = 60;

/** A week, which is more than anybody needs. podman converts to nanoseconds, where large numbers overflow. */
const MOST_SECONDS = 604_800;

/**
 * The idle time of the podman service in seconds. Undefined for no service: podman is remote, the user has no private
 * runtime directory, or the user has disabled it.
 */
export function serviceSeconds(env: Environment): number | undefined {
  const isElsewhere = ['CONTAINER_HOST', 'CONTAINER_CONNECTION'].some((name) => (env[name] ?? '') !== '');
  if ((env['XDG_RUNTIME_DIR'] ?? '') === '' || isElsewhere) return undefined;
  const wanted = wantedSeconds(env);
  return wanted === 'invalid' || wanted === 0 ? undefined : wanted;
}

/** The diagnostic for an invalid PODPOSE_SERVICE. */
export function serviceFault(env: Environment): Diagnostic | undefined {
  if (wantedSeconds(env) !== 'invalid') return undefined;
  return {
    code: 'option-value',
    severity: 'error',
    message: `invalid PODPOSE_SERVICE '${env['PODPOSE_SERVICE'] ?? ''}'`,
    help: `Use a number of seconds up to ${MOST_SECONDS}, or 0 or off for no service.`,
  };
}

/** The value of PODPOSE_SERVICE; 0 for no service. */
function wantedSeconds(env: Environment): number | 'invalid' {
  const wanted = env['PODPOSE_SERVICE'] ?? '';
  if (wanted === '') return SERVICE_SECONDS;
  if (wanted === 'off') return 0;
  return /^\d+$/.test(wanted) && Number(wanted) <= MOST_SECONDS ? Number(wanted) : 'invalid';
}
