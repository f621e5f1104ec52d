import { queryEngine } from '../engine/engine.ts';
import { stopControl, unlessStopped } from '../engine/stop-control.ts';
import type { Platform } from '../platform/platform.ts';
import type { Command } from './command.ts';

/**
 * A command that makes no changes: it only sends queries, with a time limit. The first signal cancels pending queries
 * and ends the command with exit code 130 and without output.
 */
export function readOnly(run: Command['run']): Command['run'] {
  return async (context) => {
    const { platform, engine, report, say } = context;
    const { stop, release } = stopControl(platform);
    try {
      const result = await unlessStopped(
        run({
          ...context,
          engine: queryEngine(engine, stop),
          platform: silentOnce(platform, stop),
          report: (diagnostics, sources) => {
            if (!stop.aborted) report(diagnostics, sources);
          },
          say: (text) => {
            if (!stop.aborted) say(text);
          },
        }),
        stop,
      );
      // "No changes were made" would be redundant here.
      return result.ok || result.error.kind !== 'interrupted' ? result : INTERRUPTED;
    } finally {
      release();
    }
  };
}

const INTERRUPTED = { ok: false, error: { kind: 'interrupted', diagnostics: [] } } as const;

function silentOnce(platform: Platform, stop: AbortSignal): Platform {
  const { stdout } = platform;
  return {
    ...platform,
    stdout: {
      ...stdout,
      write: (text) => {
        if (!stop.aborted) stdout.write(text);
      },
    },
  };
}
