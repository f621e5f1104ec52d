import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import type { Background } from '../background.ts';
import { inLockDirectory, openLockDirectory } from './lock-directory.ts';

export function nodeBackground(env: NodeJS.ProcessEnv = process.env): Background {
  return {
    start: (args, log) => {
      const directory = openLockDirectory(env);
      if (!directory.ok) return directory.error[0]?.message;
      try {
        const output = openSync(logIn(directory.value.base, log), 'a', 0o600);
        try {
          return startDetached(args, output, env);
        } finally {
          closeSync(output);
        }
      } catch (error) {
        if (error instanceof Error && 'code' in error) return error.message;
        throw error;
      } finally {
        directory.value.close();
      }
    },
    limitLog: (log, bytes) => {
      inLockDirectory(env, (base) => {
        // Both standard streams of a process in the background append to its log.
        if (fstatSync(2).size < bytes / 2) return;
        copyFileSync(logIn(base, log), olderLogIn(base, log));
        ftruncateSync(2);
      });
    },
    readLog: (log) => Promise.resolve(inLockDirectory(env, (base) => readLog(base, log))),
  };
}

/**
 * Options of node for a process that runs for weeks and computes little: interpreted code and a small young generation
 * take 10 to 15 MB less, and no measurable processor time. Without the second one, node 20 and 22 print a warning about the
 * first; later ones do not know it.
 * https://nodejs.org/api/cli.html#useful-v8-options
 */
const LITTLE_MEMORY = [
  '--jitless',
  ...(Number.parseInt(process.versions.node, 10) < 24 ? ['--no-expose-wasm'] : []),
  '--max-semi-space-size=1',
];

function logIn(base: string, log: string): string {
  return `${base}/${log}.log`;
}

function olderLogIn(base: string, log: string): string {
  return `${base}/${log}.log.1`;
}

/** The process writes no trace: the file is that of this run. Returns the error of the system; undefined on success. */
function startDetached(
  args: readonly string[],
  output: number,
  { PODPOSE_TRACE: _trace, ...env }: NodeJS.ProcessEnv,
): string | undefined {
  const [, script = ''] = process.argv;
  // The working directory may be removed before the process ends.
  const child = spawn(process.execPath, [...process.execArgv, ...LITTLE_MEMORY, script, ...args], {
    cwd: '/',
    env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
  // The error itself comes later.
  return child.pid === undefined ? 'the system allows no further process' : undefined;
}

function readLog(base: string, log: string): string | undefined {
  const texts = [olderLogIn(base, log), logIn(base, log)].flatMap((path) => {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      return [];
    }
  });
  return texts.length === 0 ? undefined : texts.join('');
}
