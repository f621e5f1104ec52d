import type { LogTools } from '../podman/logs/open-log.ts';
import type { Session } from '../cli/session.ts';

/** What it takes to read logs. */
export function logTools({ platform, run, podman }: Session): LogTools {
  return { run, podman, files: platform.logFiles, sleep: platform.clock.sleep };
}
