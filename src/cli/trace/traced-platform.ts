import type { Clock } from '../../platform/clock.ts';
import type { Platform } from '../../platform/platform.ts';
import type { TraceRecorder } from '../../platform/trace.ts';
import { tracedRunner } from '../../platform/traced-runner.ts';
import { shellLine } from '../../podman/operations/shell.ts';

/** A platform whose commands, locks and waits are spans. */
export function tracedPlatform(platform: Platform, recorder: TraceRecorder): Platform {
  return {
    ...platform,
    clock: tracedClock(platform.clock, recorder),
    createRunner: (settings) => tracedRunner(platform.createRunner(settings), recorder, describe),
    lock: async (name, about) => {
      const start = recorder.now();
      const answer = await platform.lock(name, about);
      recorder.add(`lock ${name}`, 'wait', start);
      return answer;
    },
  };
}

/** A sleep that its signal ends is a time limit that was not reached, and no wait. */
function tracedClock(clock: Clock, recorder: TraceRecorder): Clock {
  return {
    ...clock,
    sleep: async (milliseconds, signal) => {
      const start = recorder.now();
      await clock.sleep(milliseconds, signal);
      if (!signal.aborted) recorder.add('wait', 'wait', start);
    },
  };
}

/** The command as `--verbose` prints it: secret values are in no argument. */
function describe(program: string, args: readonly string[]) {
  return { name: nameOf(program, args), command: shellLine({ program: 'podman', args }, program) };
}

/** The program and its subcommand: the words before the first option. */
function nameOf(program: string, args: readonly string[]): string {
  const words = args.slice(0, 2);
  const options = words.findIndex((word) => !/^[a-z]+$/.test(word));
  return [program.replace(/^.*\//, ''), ...(options === -1 ? words : words.slice(0, options))].join(' ');
}
