import { abortController, firstOf } from '../base/abort.ts';
import type { Clock } from '../platform/clock.ts';
import type { TerminateContainers, Termination } from '../podman/operations/hook-work.ts';
import type { HookRunner } from './hooks.ts';

/** What a termination needs from outside. */
export interface TerminationContext {
  readonly clock: Clock;
  readonly runHook: HookRunner;
  /** The containers that run, of some. By podman's names. */
  readonly runningOf: (containers: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Sends the stop signal to a container, and kills it after a time in seconds. */
  readonly stop: (container: string, seconds: number) => Promise<void>;
  readonly onHookFailed: (container: string, message: string) => void;
  /** Cuts off the hooks. Whoever aborts it kills the containers. */
  readonly kill: AbortSignal;
}

/** minimumGracePeriodInSeconds in kuberuntime_container.go: what is left for a container after its hook. */
const LEAST_SECONDS = 2;

/**
 * Stops containers as a kubelet does (killContainer in kuberuntime_container.go, kuberuntime_termination_order.go): see
 * `TerminateContainers`. Each container gets its stop signal as soon as its own hook has ended. A failed hook does not
 * prevent the stop.
 */
export async function terminateContainers(
  request: Pick<TerminateContainers, 'pod' | 'containers' | 'sidecars' | 'graceSeconds'>,
  context: TerminationContext,
): Promise<void> {
  const { pod, containers, sidecars, graceSeconds } = request;
  const { clock, kill } = context;
  const hooked = [...containers, ...sidecars].flatMap(({ name, preStop }) =>
    preStop === undefined ? [] : [name],
  );
  const begun = clock.now();
  const running = await context.runningOf(hooked);
  const passed = () => (clock.now() - begun) / 1000;
  // The kubelet counts whole seconds.
  const stop = (name: string) =>
    context.stop(name, Math.max(LEAST_SECONDS, graceSeconds - Math.floor(passed())));
  const prepare = async ({ name, preStop }: Termination) => {
    if (preStop === undefined || !running.has(name)) return;
    const result = await context.runHook(preStop, { pod, container: name }, graceSeconds, kill);
    if (result.kind === 'succeeded' || kill.aborted) return;
    context.onHookFailed(
      name,
      result.kind === 'failed' ? result.message : `not finished within the grace period of ${graceSeconds} s`,
    );
  };
  const stopping = containers.map(async (container) => {
    await prepare(container);
    return stop(container.name);
  });
  for (const sidecar of sidecars) {
    const earlier = Promise.all(stopping);
    const prepared = prepare(sidecar);
    stopping.push(
      (async () => {
        await prepared;
        await withinSeconds(earlier, graceSeconds - passed(), context);
        return stop(sidecar.name);
      })(),
    );
  }
  await Promise.all(stopping);
}

/** Waits for something, but not longer. */
async function withinSeconds(
  end: Promise<unknown>,
  seconds: number,
  { clock, kill }: TerminationContext,
): Promise<void> {
  const over = abortController();
  const { signal, release } = firstOf(over.signal, kill);
  await Promise.race([end, clock.sleep(Math.max(0, seconds) * 1000, signal)]);
  over.abort();
  release();
}
