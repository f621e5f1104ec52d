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
