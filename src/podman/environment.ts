type Environment = Readonly<Record<string, string | undefined>>;

/**
 * podman collects its garbage each 4 MB, which for a command that lives for a tenth of a second is about a sixth of its
 * work, and for nothing. It is not left out altogether: what podman starts and leaves behind may be written in Go, too,
 * and forwards ports for as long as the pod is there.
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

/**
 * Whether podman can be run as a service for podpose alone: not where the podman of another machine is spoken to, nor
 * where the user has no folder that nobody else can look into, or does not want it.
 */
export function canServe(env: Environment): boolean {
  const elsewhere = ['CONTAINER_HOST', 'CONTAINER_CONNECTION'].some((name) => (env[name] ?? '') !== '');
  return (env['XDG_RUNTIME_DIR'] ?? '') !== '' && !elsewhere && env['PODPOSE_SERVICE'] !== 'off';
}
