import type { Environment } from '../../platform/environment.ts';

/**
 * podman collects its garbage each 4 MB, which for a command that lives for a tenth of a second is about a
 * sixth of its work, and for nothing. It is not left out altogether: what podman starts and leaves behind may
 * be written in Go, too, and forwards ports for as long as the pod is there.
 * https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const GARBAGE_COLLECTION = { GOGC: '400' };

/**
 * The environment in which podman is run. What the user has set stays as it is.
 * @param connection the name of the podman connection to use, as of `podman --connection`
 */
export function podmanEnvironment(env: Environment, connection?: string): Environment {
  return {
    ...GARBAGE_COLLECTION,
    ...env,
    ...(connection === undefined ? {} : { CONTAINER_CONNECTION: connection }),
  };
}

/** For how long podman waits for the next run of podpose when it has served one. */
const SERVICE_SECONDS = 60;

/**
 * For how many seconds podman is to wait as a service; undefined where it is none: where the podman of
 * another machine is spoken to, where the user has no directory that nobody else can look into, and where the
 * user does not want it.
 */
export function serviceSeconds(env: Environment): number | undefined {
  const isElsewhere = ['CONTAINER_HOST', 'CONTAINER_CONNECTION'].some((name) => (env[name] ?? '') !== '');
  const wanted = env['PODPOSE_SERVICE'] ?? '';
  if ((env['XDG_RUNTIME_DIR'] ?? '') === '' || isElsewhere || ['off', '0'].includes(wanted)) return undefined;
  return /^\d+$/.test(wanted) ? Number(wanted) : SERVICE_SECONDS;
}
