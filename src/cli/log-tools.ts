import type { LogTools } from '../podman/logs/open-log.ts';
import type { Session } from './session.ts';

/** What it takes to read logs. */
export function logTools({ world, run, podman }: Session): LogTools {
  return { run, podman, files: world.logFiles, sleep: world.clock.sleep };
}
