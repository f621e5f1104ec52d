import { success, type Result } from '../base/result.ts';
import type { LoadedPods } from './check-sources.ts';
import { findSources } from './manifest-files.ts';
import type { Session } from '../cli/session.ts';

/** Reads and checks the files of the command line. Fails only where there is nothing to read. */
export async function loadPods(session: Session): Promise<Result<LoadedPods>> {
  const sources = await findSources(session);
  if (!sources.ok) return sources;
  const { checkSources } = await import('../cli/late.ts');
  return success(checkSources(session, sources.value));
}
