import { execa, type ExecaError, type Result as ExecaResult } from 'execa';
import { notStarted } from './not-started.ts';
import type { OnLine, ProcessEnd, RunningProcess } from '../process.ts';

/** Starts a program and passes on each line that it prints. */
export function execaStart(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onLine: OnLine,
  input?: Uint8Array,
): RunningProcess {
  const subprocess = execa(program, args, {
    env,
    extendEnv: false,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' } : { stdin: 'pipe', input }),
    detached: true,
    cleanup: false,
    buffer: false,
    stdout: function* (line: unknown) {
      onLine(String(line), 'stdout');
    },
    stderr: function* (line: unknown) {
      onLine(String(line), 'stderr');
    },
  });
  return {
    end: subprocess.then(endOf),
    kill: (signal) => void subprocess.kill(signal),
  };
}

function endOf(result: ExecaResult | ExecaError): ProcessEnd {
  if (result.exitCode !== undefined) return { kind: 'exited', exitCode: result.exitCode };
  if (result.signal !== undefined) return { kind: 'signalled', signal: result.signal };
  return notStarted(result.code, result.originalMessage ?? result.shortMessage ?? 'unknown');
}
