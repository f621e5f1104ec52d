import { success } from '../../base/result.ts';
import { queryEngine } from '../../engine/engine.ts';
import { findExecTarget, type ExecTarget } from '../../engine/exec.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import type { ProcessEnd } from '../../platform/process.ts';
import { podmanNotStarted } from '../../podman/errors.ts';
import { signalNumber } from '../../podman/operations/signal.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { flag, text } from '../parse/option-values.ts';

/** `podpose exec`: runs a command in a container, on the terminal of podpose. */
export const exec: Command = {
  run: async (context) => {
    const { operands, passedOn, engine, platform, values } = context;
    if (operands.length === 0) return failed('usage', [missing('a pod')]);
    if (passedOn.length === 0) return failed('usage', [missing('a command')]);
    const control = stopControl(platform);
    const namespace = text(values, 'namespace');
    const options = {
      project: text(values, 'project'),
      namespace,
      operands,
      container: text(values, 'container'),
    };
    const finding = findExecTarget(queryEngine(engine, control.stop), options);
    const target = await unlessStopped(finding, control.stop).finally(control.release);
    return target.ok ? runIn(target.value, context) : target;
  },
};

async function runIn(target: ExecTarget, context: CommandContext): Promise<EngineResult<ExitCode>> {
  const { engine, platform, values, passedOn, say } = context;
  const { name, defaultedFrom } = target;
  if (defaultedFrom !== undefined)
    say(
      `Defaulted container "${target.container.replace(/^.*\//, '')}" out of: ${defaultedFrom.join(', ')}\n`,
    );
  const wantsTerminal = flag(values, 'tty');
  if (wantsTerminal && !platform.isInteractive)
    say('Unable to use a TTY: standard input is not a terminal.\n');
  const flags = [
    ...(flag(values, 'stdin') ? ['--interactive'] : []),
    ...(wantsTerminal && platform.isInteractive ? ['--tty'] : []),
  ];
  const attached = engine.podman.attach(['exec', ...flags, name], passedOn);
  // With --tty, Ctrl-C is input of the command. Otherwise a signal ends podman, which may then exit with 0 (4.3.1).
  let isInterrupted = false;
  const unsubscribe = platform.onStopSignal((signal) => {
    isInterrupted = true;
    attached.kill(signal);
  });
  const wasInterrupted = () => isInterrupted;
  try {
    const end = await attached.end;
    return wasInterrupted() ? success(EXIT.interrupted) : exitCode(end, engine.podman.program);
  } finally {
    unsubscribe();
  }
}

/** The exit code in the notation of shells: 128 and the number of the signal that ended podman. */
function exitCode(end: ProcessEnd, podman: string): EngineResult<ExitCode> {
  switch (end.kind) {
    case 'exited':
      return success(end.exitCode);
    case 'signalled':
      return success(128 + signalNumber(end.signal));
    case 'timed-out':
      throw new Error('a command of the user has no time limit');
    case 'not-started':
      return failed('failed', [podmanNotStarted(podman, end.reason, end.message)]);
  }
}

function missing(what: string) {
  return usageError(
    'missing-argument',
    `exec needs ${what}`,
    'For example: podpose exec web -- ls /, or podpose exec -it web/app sh',
  );
}
