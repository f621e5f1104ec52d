import { abilities, type PodmanAbilities } from '../podman/version.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Session } from './session.ts';

/** What the user's podman can do; an exit code, having said why, where it cannot be worked with. */
export async function askAbilities(session: Session): Promise<PodmanAbilities | ExitCode> {
  const version = await session.version();
  if (version.ok) return abilities(version.value);
  session.tell(version.error);
  return EXIT.failed;
}
