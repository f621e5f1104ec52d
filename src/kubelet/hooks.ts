import type { ContainerRole } from '../kube/spec/desired.ts';
import type { HttpGetAction, LifecycleHook } from '../kube/spec/probe.ts';
import { getFollowing } from './probers/http.ts';
import { httpRequest } from './probers/http-request.ts';
import { failureWords, within, type TimeLimit } from './probers/limit.ts';
import type { ProberContext, ProbeTarget } from './probers/prober.ts';

/** Of a timer of JavaScript, in milliseconds: 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The container that a hook is for. */
export interface HookTarget {
  readonly pod: string;
  /** podman's name or ID of the container. */
  readonly container: string;
}

/** As `runHook`, with the address of the pod. */
export type HookRunner = (
  hook: LifecycleHook,
  target: HookTarget,
  seconds: number,
  cancel: AbortSignal,
) => Promise<HookResult>;

/** The end of a hook. */
export type HookResult =
  | { readonly kind: 'succeeded' }
  /** As in `exit code 1: no such file`, at most 10 KiB. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The time limit came first, or it was cancelled. */
  | { readonly kind: 'cut-off' };

/** A hook of a container that has failed. */
export interface HookFailure {
  readonly hook: 'postStart' | 'preStop';
  readonly pod: string;
  /** The name in the manifest. */
  readonly container: string;
  readonly role: ContainerRole;
  /** As in `exit code 1: no such file`. */
  readonly message: string;
}

/**
 * Runs a postStart or preStop hook (pkg/kubelet/lifecycle/handlers.go). It does not reject.
 * @param seconds the grace period of a preStop hook; Infinity for postStart, which has no time limit
 */
export async function runHook(
  hook: LifecycleHook,
  target: ProbeTarget,
  context: ProberContext,
  seconds: number,
  cancel: AbortSignal,
): Promise<HookResult> {
  const milliseconds = Math.min(seconds * 1000, LONGEST_TIMER);
  const limit: TimeLimit = { clock: context.clock, milliseconds, cancel };
  if ('exec' in hook) return runCommand(hook.exec.command, target, context, limit);
  if ('httpGet' in hook) return sendRequest(hook.httpGet, target, context, limit);
  return pause(hook.sleep.seconds, limit);
}

async function runCommand(
  command: readonly string[],
  { container }: ProbeTarget,
  { exec }: ProberContext,
  limit: TimeLimit,
): Promise<HookResult> {
  const answer = await within(limit, (signal) => exec(container, command, signal));
  switch (answer.kind) {
    case 'exited': {
      if (answer.exitCode === 0) return { kind: 'succeeded' };
      const output = answer.output.trim();
      const message = `exit code ${answer.exitCode}`;
      return { kind: 'failed', message: output === '' ? message : `${message}: ${output}` };
    }
    case 'failed':
      return { kind: 'failed', message: answer.message };
    case 'cancelled':
      return { kind: 'cut-off' };
  }
}

/** Any response is a success, whatever its status. A server without TLS is asked again without (isHTTPResponseError). */
async function sendRequest(
  action: HttpGetAction,
  target: ProbeTarget,
  context: ProberContext,
  limit: TimeLimit,
): Promise<HookResult> {
  const request = httpRequest(action, target.podIP, 'lifecycle');
  const end = await getFollowing(request, context.network, limit);
  switch (end.kind) {
    case 'answered':
    case 'redirect':
    // Only the response counts, and the kubelet discards the rest.
    case 'broken-off':
      return { kind: 'succeeded' };
    case 'too-many-redirects':
      return { kind: 'failed', message: 'too many redirects' };
    case 'timed-out':
      return { kind: 'cut-off' };
    case 'failed':
      return end.isNotTls === true
        ? sendRequest(
            { ...action, scheme: 'HTTP', httpHeaders: withoutCredentials(action) },
            target,
            context,
            limit,
          )
        : { kind: 'failed', message: failureWords(end, limit) };
  }
}

function withoutCredentials({ httpHeaders }: HttpGetAction): HttpGetAction['httpHeaders'] {
  return httpHeaders.filter(({ name }) => name.toLowerCase() !== 'authorization');
}

async function pause(seconds: number, limit: TimeLimit): Promise<HookResult> {
  return within(limit, async (signal) => {
    await limit.clock.sleep(seconds * 1000, signal);
    return signal.aborted ? { kind: 'cut-off' } : { kind: 'succeeded' };
  });
}
