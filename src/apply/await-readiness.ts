import { abortController, anyOf } from '../base/abort.ts';
import type { Step } from '../plan/step.ts';
import type { AwaitedReadiness } from '../podman/operations/definition.ts';
import { definitionOf } from '../podman/operations/registry.ts';
import { containerSubject } from '../podman/operations/subjects.ts';
import type { ExecuteContext } from './context.ts';
import { stopReason, type StepFailure } from './events.ts';

/** Waits until a new pod of a rollout is available, and shows what it waits for. Fails at the deadline of the rollout. */
export async function awaitReadiness(
  step: Step,
  awaited: AwaitedReadiness,
  { sidecars, emit, clock, stop }: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { owner, deadlineSeconds } = awaited;
  const [late, over] = [abortController(), abortController()];
  void clock.sleep(deadlineSeconds * 1000, anyOf(stop, over.signal)).then(() => {
    late.abort();
  });
  let words = '';
  const onWait = (line: string) => {
    words = line;
    emit({ kind: 'step-output', step, stream: 'stdout', line });
  };
  const isReady = await sidecars.untilReady(awaited, onWait, anyOf(stop, late.signal));
  over.abort();
  if (isReady) return undefined;
  if (stop.aborted) return { kind: 'stopped', because: stopReason(stop) };
  const {
    pod = '',
    container = '',
    role = 'container',
  } = definitionOf(step.operation).target(step.operation);
  return {
    kind: 'command',
    diagnostic: {
      code: 'rollout-stopped',
      severity: 'error',
      message:
        `the rollout of ${owner} has stopped: ${containerSubject(pod, container, role)} was not ready within ` +
        `${deadlineSeconds} s${words === '' ? '' : `: ${words}`}`,
      help:
        `The other pods keep running. podpose logs ${pod}/${container} shows its output. Correct the manifest and run ` +
        "'podpose up' again.",
    },
  };
}
