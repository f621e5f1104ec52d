/** podman's exit code of a container that it has killed at its time limit (`podman create --timeout`). */
const TIMED_OUT = -1;

/** That of a process which SIGKILL has ended: 128 and the number of the signal. */
export const SIGKILLED = 137;

/** The exit code of a container as a kubelet shows it: no negative ones. */
export function containerExitCode(exitCode: number): number {
  return exitCode === TIMED_OUT ? SIGKILLED : exitCode;
}
