import { capabilitiesOf, type PodmanCapabilities } from '../podman/inspect/version.ts';
import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import type { Session } from '../cli/session.ts';

/** What the user's podman can do; an exit code, having said why, where it cannot be worked with. */
export async function askCapabilities(session: Session): Promise<PodmanCapabilities | ExitCode> {
  const version = await session.version();
  if (version.ok) return capabilitiesOf(version.value);
  session.report(version.error);
  return EXIT.failed;
}
