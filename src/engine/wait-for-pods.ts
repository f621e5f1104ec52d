import { success } from '../base/result.ts';
import { queryEngine, type Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { viewPods, type PodView } from './pod-facts.ts';
import { observeStatus } from './pod-status.ts';
import { unlessStopped } from './stop-control.ts';
import type { Target, TargetOptions } from './target.ts';

export interface WaitOptions extends TargetOptions {
  /** Whether a pod meets the condition; `deleted` waits until it does not exist any more. */
  readonly condition: ((view: PodView) => boolean) | 'deleted';
  /** Milliseconds. 0: check once. */
  readonly timeout: number;
  /** Aborted to end the wait. */
  readonly stop: AbortSignal;
  readonly onMet: (pod: string) => void;
}

const POLL_MILLISECONDS = 500;

/** Waits until each selected pod has met the condition once. Fails at the time limit, and if no pod is selected. */
export async function waitForPods(engine: Engine, options: WaitOptions): Promise<EngineResult<'met'>> {
  const { condition, stop } = options;
  const querying = queryEngine(engine, stop);
  const first = await unlessStopped(
    observeStatus(querying, { ...options, all: false, addresses: true }),
    stop,
  );
  if (!first.ok) {
    const isGone = first.error.diagnostics.every(({ code }) => code === 'no-such-pod');
    return condition === 'deleted' && first.error.diagnostics.length > 0 && isGone ? success('met') : first;
  }
  const { target, observed, known } = first.value;
  const [named] = target.containers ?? [];
  if (named !== undefined)
    return failed('usage', [
      usageError(
        'whole-pods-only',
        `cannot wait for a container of a pod: ${named[0]}/${named[1].join()}`,
        `podpose wait --for=... ${named[0]} waits for the pod; a jsonpath can select the status of a container.`,
      ),
    ]);
  const views = viewPods(observed, target, known);
  if (views.length === 0)
    return condition === 'deleted'
      ? success('met')
      : failed('failed', [
          usageError(
            'no-pods',
            `no pods in project '${target.project}'`,
            'podpose ps --all lists the pods of all projects.',
          ),
        ]);
  return poll(querying, target, views, options);
}

async function poll(
  engine: Engine,
  target: Target,
  first: readonly PodView[],
  { condition, timeout, stop, onMet }: WaitOptions,
): Promise<EngineResult<'met'>> {
  const { clock } = engine.platform;
  const deadline = clock.now() + timeout;
  let pending = first.map(({ observed }) => observed);
  for (let views = first; ;) {
    // As kubectl: a pod that was replaced meanwhile is deleted, and its successor is waited for otherwise.
    const isMet = ({ id, name }: { readonly id: string; readonly name: string }) => {
      if (condition === 'deleted') return !views.some(({ observed }) => observed.id === id);
      const view = views.find(({ observed }) => observed.name === name);
      return view !== undefined && condition(view);
    };
    for (const { name } of pending.filter(isMet)) onMet(name);
    pending = pending.filter((pod) => !isMet(pod));
    if (pending.length === 0) return success('met');
    if (clock.now() >= deadline)
      return failed(
        'timeout',
        pending.map(({ name }) => timedOut(name)),
      );
    await clock.sleep(Math.min(POLL_MILLISECONDS, deadline - clock.now()), stop);
    const status = await unlessStopped(
      observeStatus(engine, {
        project: target.project,
        files: [],
        operands: [],
        all: false,
        addresses: true,
      }),
      stop,
    );
    if (!status.ok) return status;
    views = viewPods(status.value.observed, target);
  }
}

function timedOut(pod: string) {
  return usageError(
    'wait-timeout',
    `timed out waiting for the condition on pod/${pod}`,
    `podpose describe pod ${pod} shows its state; --timeout sets another time limit.`,
  );
}
