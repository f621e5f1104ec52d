import type { Clock } from '../../src/platform/clock.ts';
import type { ProcessEnd, ProcessRunner, Stream } from '../../src/platform/process.ts';

/** A command that was run, under the control of a test. */
export interface ScriptedCommand {
  /** Program and arguments, separated by spaces. */
  readonly line: string;
  readonly args: readonly string[];
  readonly print: (line: string, stream?: Stream) => void;
  readonly end: (end: ProcessEnd) => void;
  readonly exit: (exitCode: number) => void;
  /** The signals it received. The first one ends it. */
  readonly signals: readonly string[];
  readonly isRunning: () => boolean;
}

export interface ScriptedRunner extends ProcessRunner {
  /** All commands, in the order of their starts. */
  readonly commands: readonly ScriptedCommand[];
  /** Those that have not ended. */
  readonly running: () => readonly ScriptedCommand[];
  /** The last command that contains these words. */
  readonly find: (words: string) => ScriptedCommand;
}

/**
 * A runner without processes.
 * @param answer receives each command at its start, and can end it then; otherwise the test must end it
 * @param endOnSignal how a command ends after a signal
 */
export function scriptedRunner(
  answer: (command: ScriptedCommand) => void,
  endOnSignal: (signal: string) => ProcessEnd = (signal) => ({ kind: 'signalled', signal }),
): ScriptedRunner {
  const commands: ScriptedCommand[] = [];
  const begin = (
    program: string,
    args: readonly string[],
    onLine: (line: string, stream: Stream) => void,
  ) => {
    const { promise, resolve } = withResolvers<ProcessEnd>();
    const signals: string[] = [];
    let isRunning = true;
    const end = (how: ProcessEnd) => {
      isRunning = false;
      resolve(how);
    };
    const command: ScriptedCommand = {
      line: [program, ...args].join(' '),
      args,
      print: (line, stream = 'stdout') => {
        onLine(line, stream);
      },
      end,
      exit: (exitCode) => {
        end({ kind: 'exited', exitCode });
      },
      signals,
      isRunning: () => isRunning,
    };
    commands.push(command);
    answer(command);
    const kill = (signal: string) => {
      signals.push(signal);
      end(endOnSignal(signal));
    };
    return { end: promise, kill };
  };
  return {
    commands,
    running: () => commands.filter((command) => command.isRunning()),
    find: (words) => {
      const found = commands.findLast(({ line }) => line.includes(words));
      if (found === undefined) throw new Error(`nothing that was run has '${words}' in it`);
      return found;
    },
    start: begin,
    read: () => {
      throw new Error('nothing is read here');
    },
    execute: begin,
    attach: ({ program, args, userArgs }) => begin(program, [...args, ...userArgs], () => undefined),
    query: async (program, args, cancel) => {
      const lines: Record<Stream, string[]> = { stdout: [], stderr: [] };
      const { end, kill } = begin(program, args, (line, stream) => lines[stream].push(line));
      cancel?.addEventListener('abort', () => {
        kill('SIGTERM');
      });
      return { ...(await end), stdout: lines.stdout.join('\n'), stderr: lines.stderr.join('\n') };
    },
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolver) => {
    resolve = resolver;
  });
  return { promise, resolve };
}

export interface HandClock extends Clock {
  /** Advances the time and wakes sleepers in order. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** The number of sleepers. */
  readonly sleepers: () => number;
}

/** A clock that stands still until the test advances it. */
export function handClock(): HandClock {
  let now = 0;
  const asleep = new Map<symbol, { readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      if (signal.aborted) return;
      const { promise, resolve } = withResolvers<undefined>();
      const key = Symbol('sleeper');
      const wake = () => {
        asleep.delete(key);
        resolve(undefined);
      };
      asleep.set(key, { at: now + milliseconds, wake });
      signal.addEventListener('abort', wake, { once: true });
      await promise;
    },
    sleepers: () => asleep.size,
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...asleep.values()].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        next.wake();
        await calm();
      }
      now = end;
    },
  };
}

/** Waits until everything has run that does not need the test. */
export async function calm(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
