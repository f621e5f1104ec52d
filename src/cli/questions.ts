import { shellLine } from '../podman/operations/shell.ts';
import { patientRunner } from '../podman/client/patient-runner.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Session, Verb } from './session.ts';
import { stopControl, type StopControl } from '../engine/stop-control.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * A session for the part of a command that only asks podman: it says what it waits for, and its questions have a time limit.
 * @param cancel ends the questions that have no answer yet, and silences what would be said of them
 */
export function askingSession(session: Session, cancel?: AbortSignal): Session {
  const { platform, paintErr, say } = session;
  const run = patientRunner(session.run, {
    sleep: platform.clock.sleep,
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
    report: (diagnostics, sources) => {
      if (cancel?.aborted !== true) session.report(diagnostics, sources);
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
export function readOnly(command: Verb): Verb {
  return async (session) => {
    const control = stopControl(session.platform);
    try {
      const asking = askingSession(
        { ...session, platform: quietOnce(session.platform, control.stop) },
        control.stop,
      );
      return (await unlessStopped(command(asking), control.stop)) ?? EXIT.interrupted;
    } finally {
      control.release();
    }
  };
}

function quietOnce(platform: Platform, stop: AbortSignal): Platform {
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
