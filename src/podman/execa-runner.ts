import { execa, type ExecaError, type Result as ExecaResult } from 'execa';
import type { ProcessEnd, ProcessRunner } from './process.ts';

export interface RunnerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is told each command just before it is run: for `--verbose`. */
  readonly onCommand?: (program: string, args: readonly string[]) => void;
}

/**
 * The process runner of the real world.
 *
 * Every program gets a process group of its own: a Ctrl-C at the terminal reaches podpose alone, which then
 * decides what becomes of the running commands. Nothing is killed when podpose itself ends: a podman command
 * that is under way had better finish.
 */
export function execaRunner(options: RunnerOptions): ProcessRunner {
  const common = {
    env: options.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    detached: true,
    cleanup: false,
    stripFinalNewline: true,
  } as const;
  return {
    query: async (program, args) => {
      options.onCommand?.(program, args);
      const result = await execa(program, args, common);
      return { ...endOf(result), stdout: result.stdout, stderr: result.stderr };
    },
    start: (program, args, onLine, input) => {
      options.onCommand?.(program, args);
      const subprocess = execa(program, args, {
        ...common,
        ...(input === undefined ? {} : { stdin: 'pipe', input }),
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
    },
  };
}

function endOf(result: ExecaResult | ExecaError): ProcessEnd {
  if (result.exitCode !== undefined) return { kind: 'exited', exitCode: result.exitCode };
  if (result.signal !== undefined) return { kind: 'signalled', signal: result.signal };
  const reason =
    result.code === 'ENOENT' ? 'not-found' : result.code === 'EACCES' ? 'not-executable' : 'other';
  return { kind: 'not-started', reason, message: result.originalMessage ?? result.shortMessage ?? 'unknown' };
}
