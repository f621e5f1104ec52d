import type { LogLine } from '../podman/logs/join-lines.ts';
import { askContainerLogs } from '../podman/logs/container-log.ts';
import type { Engine } from './engine.ts';
import { logTools, readLog, type LogSource } from './follow-logs.ts';

/** The last lines that a container has written, of all its runs. Empty if its log cannot be read. */
export async function readLastLines(
  engine: Pick<Engine, 'platform' | 'podman'>,
  source: LogSource,
  lines: number,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const [log] = (await askContainerLogs(engine.podman, [source.name])) ?? [];
  if (log === undefined) return [];
  const found: string[] = [];
  const context = {
    tools: logTools(engine),
    onLines: (_: LogSource, read: readonly LogLine[]) => {
      found.push(...read.map(({ parts }) => Buffer.concat(parts).toString()));
      return Promise.resolve();
    },
    // The caller reports a failure anyway: an unreadable log is no second one.
    report: () => undefined,
    finish: stop,
    stop,
  };
  await readLog(source, log, { tail: lines }, context);
  return found.slice(-lines);
}
