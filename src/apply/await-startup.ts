import { abortController, anyOf } from '../base/abort.ts';
import type { Step } from '../plan/step.ts';
import { definitionOf } from '../podman/operations/registry.ts';
import type { ExecuteContext } from './context.ts';
import { stopReason, type StepFailure } from './events.ts';

/** Of JavaScript, in milliseconds: 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits until a sidecar has started, and shows what it waits for. Fails at the time limit of retries. */
export async function awaitStartup(
  step: Step,
  name: string,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { sidecars, emit, stop } = context;
  let words = '';
  const onWait = (line: string) => {
    words = line;
    emit({ kind: 'step-output', step, stream: 'stdout', line });
  };
  const hasStarted = await beforeRetriesEnd(context, (signal) => sidecars.untilStarted(name, onWait, signal));
  if (hasStarted) return undefined;
  if (stop.aborted && stop.reason !== 'timeout') return { kind: 'stopped', because: stopReason(stop) };
  const { pod = '', container = '' } = definitionOf(step.operation).target(step.operation);
  return {
    kind: 'command',
    diagnostic: {
      code: 'not-ready',
      severity: 'error',
      message: `pod/${pod} init/${container} has not started in time${words === '' ? '' : `: ${words}`}`,
      help: `podpose logs ${pod}/${container} shows its output.`,
    },
  };
}

/** Waits for a sidecar with a signal that is aborted with the run, and at the time limit of retries. */
export async function beforeRetriesEnd(
  { clock, stop, retryUntil }: Pick<ExecuteContext, 'clock' | 'stop' | 'retryUntil'>,
  wait: (signal: AbortSignal) => Promise<boolean>,
): Promise<boolean> {
  const [late, over] = [abortController(), abortController()];
  const milliseconds = Math.min(retryUntil - clock.now(), LONGEST_TIMER);
  void clock.sleep(milliseconds, anyOf(stop, over.signal)).then(() => {
    late.abort();
  });
  const isOver = await wait(anyOf(stop, late.signal));
  over.abort();
  return isOver;
}
