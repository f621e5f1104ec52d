import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
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
    ...defined({ CONTAINER_CONNECTION: connection }),
  };
}

/** For how long podman waits for the next run of podpose when it has served one. */
const SERVICE_SECONDS = 60;

/** A week. Nobody waits longer, and podman counts in nanoseconds, of which not every number of seconds leaves room. */
const MOST_SECONDS = 604_800;

/**
 * For how many seconds podman is to wait as a service; undefined where it is none: where the podman of
 * another machine is spoken to, where the user has no directory that nobody else can look into, and where the
 * user does not want it.
 */
export function serviceSeconds(env: Environment): number | undefined {
  const isElsewhere = ['CONTAINER_HOST', 'CONTAINER_CONNECTION'].some((name) => (env[name] ?? '') !== '');
  if ((env['XDG_RUNTIME_DIR'] ?? '') === '' || isElsewhere) return undefined;
  const wanted = wantedSeconds(env);
  return wanted === 'invalid' || wanted === 0 ? undefined : wanted;
}

/** A mistake in PODPOSE_SERVICE. */
export function serviceFault(env: Environment): Diagnostic | undefined {
  if (wantedSeconds(env) !== 'invalid') return undefined;
  return {
    code: 'option-value',
    severity: 'error',
    message: `PODPOSE_SERVICE cannot be '${env['PODPOSE_SERVICE'] ?? ''}'`,
    help: `It is a number of seconds up to ${MOST_SECONDS}, or 0 or off for no service.`,
  };
}

/** 0 for none. */
function wantedSeconds(env: Environment): number | 'invalid' {
  const wanted = env['PODPOSE_SERVICE'] ?? '';
  if (wanted === '') return SERVICE_SECONDS;
  if (wanted === 'off') return 0;
  return /^\d+$/.test(wanted) && Number(wanted) <= MOST_SECONDS ? Number(wanted) : 'invalid';
}
