/** What `podman container inspect` shows of a container that never ran. Each is empty before its first start. */
export interface StartTraces {
  /** State.Error: from podman 5.4.2 on, why the last start has failed. */
  readonly error: unknown;
  /** OCIConfigPath: written just before the OCI runtime is called. */
  readonly configPath: unknown;
  /** HostnamePath: written earlier, after the network was set up and volumes were mounted. */
  readonly hostnamePath: unknown;
}

/**
 * Why a container that never ran could not be started: empty if the reason is unknown, undefined if no start was tried.
 * After a failed start, podman shows a container as `created` with exit code 0, as one that nobody has started. podman
 * 4.3.1 has no trace of a start that failed before it wrote files, as for a volume that cannot be mounted:
 * `recordFailedStarts` records it.
 */
export function startFailureOf({ error, configPath, hostnamePath }: StartTraces): string | undefined {
  const reason = typeof error === 'string' && error !== NOT_ATTACHED ? error : '';
  const isTried = [reason, configPath, hostnamePath].some(
    (trace) => typeof trace === 'string' && trace !== '',
  );
  return isTried ? reason : undefined;
}

/** What `podman attach` leaves in State.Error of a container that was not started. */
const NOT_ATTACHED = 'you can only attach to running containers';
