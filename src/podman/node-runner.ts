import { spawn } from 'node:child_process';
import { notStarted } from './not-started.ts';
import type { ProcessEnd, ProcessOutput, ProcessRunner, RunnerSettings } from './process.ts';

/**
 * The process runner of the real world.
 *
 * Every program gets a process group of its own: a Ctrl-C at the terminal reaches podpose alone, which then
 * decides what becomes of the running commands. Nothing is killed when podpose itself ends: a podman command
 * that is under way had better finish.
 *
 * Short questions are asked with what node has. execa, which takes longer to load than podman to answer one, is
 * loaded only where something is followed line by line.
 */
export function nodeRunner({ env, onCommand }: RunnerSettings): ProcessRunner {
  return {
    query: (program, args) => {
      onCommand?.(program, args);
      return query(program, args, env);
    },
    start: (program, args, onLine, input) => {
      onCommand?.(program, args);
      const starting = import('./execa-start.ts').then(({ execaStart }) =>
        execaStart(program, args, env, onLine, input),
      );
      return {
        end: starting.then(({ end }) => end),
        kill: (signal) =>
          void starting.then((running) => {
            running.kill(signal);
          }),
      };
    },
  };
}

function query(
  program: string,
  args: readonly string[],
  env: RunnerSettings['env'],
): Promise<ProcessEnd & ProcessOutput> {
  return new Promise((resolve) => {
    const output = { stdout: Array<Buffer>(), stderr: Array<Buffer>() };
    const finish = (end: ProcessEnd) => {
      resolve({ ...end, stdout: textOf(output.stdout), stderr: textOf(output.stderr) });
    };
    try {
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));
      child.once('error', (error: NodeJS.ErrnoException) => {
        finish(notStarted(error.code, error.message));
      });
      child.once('close', (exitCode, signal) => {
        if (exitCode !== null) finish({ kind: 'exited', exitCode });
        else finish({ kind: 'signalled', signal: signal ?? 'unknown' });
      });
    } catch (error) {
      // Arguments that are too long, for one, are refused at once.
      finish(notStarted(undefined, error instanceof Error ? error.message : String(error)));
    }
  });
}

/** Without the line break at the end. */
function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
}
