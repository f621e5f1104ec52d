import { spawn } from 'node:child_process';
import type { AttachedCommand, AttachedProcess, ProcessEnd, RunnerSettings } from '../process.ts';
import { errorCode, notStarted } from './not-started.ts';

/**
 * Starts a program on the terminal of podpose. It is in the process group of podpose: another one would be a background
 * group, which a terminal stops when it reads (termios(3), "General Terminal Interface").
 */
export function attachProcess(
  { program, args, userArgs }: AttachedCommand,
  env: RunnerSettings['env'],
): AttachedProcess {
  try {
    const child = spawn(program, [...args, ...userArgs], { env, stdio: 'inherit' });
    return {
      end: new Promise<ProcessEnd>((resolve) => {
        child.once('error', (error: NodeJS.ErrnoException) => {
          resolve(notStarted(error.code, error.message));
        });
        child.once('close', (exitCode, signal) => {
          resolve(
            exitCode === null
              ? { kind: 'signalled', signal: signal ?? 'unknown' }
              : { kind: 'exited', exitCode },
          );
        });
      }),
      kill: (signal) => void child.kill(signal),
    };
  } catch (error) {
    // Some errors are thrown at once, such as arguments that are too long.
    const end = notStarted(errorCode(error), error instanceof Error ? error.message : String(error));
    return { end: Promise.resolve(end), kill: () => undefined };
  }
}
