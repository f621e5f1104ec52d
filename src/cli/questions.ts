import { shellLine } from '../podman/argv/shell.ts';
import { patientRunner } from '../podman/patient-runner.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Session, Verb } from './session.ts';
import { stopControl, type StopControl } from './stop-control.ts';
import type { World } from './world.ts';

/**
 * A session for the part of a command that only asks podman: it says what it waits for, and its questions have a time limit.
 * @param cancel ends the questions that have no answer yet, and silences what would be said of them
 */
export function askingSession(session: Session, cancel?: AbortSignal): Session {
  const { world, paintErr, say } = session;
  const run = patientRunner(session.run, {
    sleep: world.clock.sleep,
    onWaiting: (program, args) => {
      const command = shellLine({ program: 'podman', args: args.slice(0, SHOWN_WORDS) }, program);
      say(`${paintErr('faint', `Waiting for an answer of: ${command}`)}\n`);
    },
    ...(cancel === undefined ? {} : { cancel }),
  });
  return {
    ...session,
    run,
    version: () => session.version(run),
    tell: (diagnostics, sources) => {
      if (cancel?.aborted !== true) session.tell(diagnostics, sources);
    },
    say: (words) => {
      if (cancel?.aborted !== true) say(words);
    },
  };
}

/**
 * A read-only command: all that it asks podman is a question with a time limit. The first signal ends the questions that
 * have no answer yet, and the command with exit code 130; of what it has found by then nothing is printed.
 */
export function readOnly(verb: Verb): Verb {
  return async (session) => {
    const control = stopControl(session.world);
    try {
      const asking = askingSession(
        { ...session, world: quietOnce(session.world, control.stop) },
        control.stop,
      );
      return (await unlessStopped(verb(asking), control.stop)) ?? EXIT.interrupted;
    } finally {
      control.release();
    }
  };
}

function quietOnce(world: World, stop: AbortSignal): World {
  const { stdout } = world;
  return {
    ...world,
    stdout: {
      ...stdout,
      write: (text) => {
        if (!stop.aborted) stdout.write(text);
      },
    },
  };
}

/** Says that nothing was changed; gives the exit code of a run that was stopped before it had a plan. */
export function stoppedBeforePlan({ say }: Session, { stop }: StopControl): ExitCode {
  const isTimeout = stop.reason === 'timeout';
  say(`${isTimeout ? 'Timed out (--timeout)' : 'Interrupted'}. No changes were made.\n`);
  return isTimeout ? EXIT.failed : EXIT.interrupted;
}

/** As many words of a command as tell what it asks. */
const SHOWN_WORDS = 3;

/** What is awaited, or undefined as soon as the signal is given. */
export async function unlessStopped<T>(awaited: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener(
      'abort',
      () => {
        resolve(undefined);
      },
      { once: true, signal: over.signal },
    );
  });
  try {
    return await Promise.race([awaited, stopped]);
  } finally {
    over.abort();
  }
}
