import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** A command and its result, for the message of a failed assertion. */
  readonly story: string;
}

export interface Running {
  /** 0 if it could not be started. */
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Writes to its standard input. */
  readonly type: (text: string) => void;
  /** All of its output so far, in order. */
  readonly output: () => string;
  readonly end: Promise<Ended>;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** After this number of seconds it is killed, and its result says so. */
  readonly seconds?: number;
}

export function start(program: string, args: readonly string[], options: ProgramOptions = {}): Running {
  const begin = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '', both: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      texts.both += text;
    });
  // A program that does not read its input may end before it is written.
  child.stdin.on('error', () => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);

  const seconds = options.seconds ?? 60;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const end = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const how = isLate ? `was killed after ${seconds} s` : `ended with ${code ?? signal ?? 'nothing'}`;
      resolve({
        code,
        signal,
        stdout: texts.stdout,
        stderr: texts.stderr,
        milliseconds: performance.now() - begin,
        story: `${[program, ...args].join(' ')}\n${how} and printed:\n${texts.both}`,
      });
    });
  });
  end.catch(() => {
    clearTimeout(timer);
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    type: (text) => void child.stdin.write(text),
    output: () => texts.both,
    end,
  };
}

/** Runs a program to its end; standard input is empty unless `input` is given. */
export function run(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return start(program, args, { input: '', ...options }).end;
}
