import type { PodmanClient } from '../client/client.ts';
import { askRunDetails } from './run-details.ts';

/** What `podman run` makes of -1, the exit code of a container that podman has killed at its time limit. */
const MINUS_ONE = 255;

/**
 * The exit code of a container that `podman run` or `podman start --attach` was attached to.
 * @param exitCode that of the command
 */
export async function attachedExitCode(
  podman: PodmanClient,
  container: string,
  exitCode: number,
): Promise<number> {
  if (exitCode !== MINUS_ONE) return exitCode;
  const details = await askRunDetails(podman, [container]);
  return (details.ok ? details.value[0]?.exitCode : undefined) ?? exitCode;
}
