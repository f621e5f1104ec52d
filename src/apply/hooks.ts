import type { Diagnostic } from '../base/diagnostic.ts';
import type { RestartPolicy } from '../kube/spec/restart-policy.ts';
import type { HookFailure } from '../kubelet/hooks.ts';
import { terminateContainers } from '../kubelet/termination.ts';
import { succeeded } from '../platform/process.ts';
import { askState } from '../podman/client/queries.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import type { RunPostStart, TerminateContainers } from '../podman/operations/hook-work.ts';
import { END_FROM_OUTSIDE } from '../podman/operations/stop.ts';
import { containerSubject, nameInPod } from '../podman/operations/subjects.ts';
import { carryOut } from './carry-out.ts';
import type { ExecuteContext } from './context.ts';

/** What hooks and terminations need. */
export interface HookContext extends Pick<
  ExecuteContext,
  'podman' | 'capabilities' | 'clock' | 'runHook' | 'kill' | 'onHookFailed'
> {
  /** Whether a container is still to be stopped when its turn has come, by podman's name. By default, it is. */
  readonly mayStop?: (container: string) => Promise<boolean>;
}

/** Stops containers with their preStop hooks, and sidecars last. Returns podman's error. */
export async function terminate(
  operation: TerminateContainers,
  context: HookContext,
): Promise<Diagnostic | undefined> {
  const { pod } = operation;
  return terminateWith(operation, context, (name, graceSeconds) =>
    carryOut(
      { kind: 'stop-containers', pod, containers: [name], graceSeconds, besideOthers: true },
      { ...context, stop: NEVER },
    ),
  );
}

/**
 * Stops containers like `terminate`, so that podman shows them as ended by themselves, and not as stopped on purpose: if this
 * process ends meanwhile, the next watcher restarts them. Returns podman's error.
 */
export async function endContainers(
  request: Pick<TerminateContainers, 'pod' | 'containers' | 'sidecars' | 'graceSeconds'>,
  context: HookContext,
): Promise<Diagnostic | undefined> {
  return terminateWith(request, context, (name, seconds) => endFromOutside(name, seconds, context));
}

/**
 * Runs a postStart hook. After a failure, the container is killed like one that ends by itself: its restart policy applies.
 * @param cancel cuts off the hook, which has no time limit
 * @param beforeKill is called after a failure
 */
export async function runPostStart(
  operation: RunPostStart,
  context: HookContext,
  cancel: AbortSignal,
  beforeKill: () => Promise<void> = () => Promise.resolve(),
): Promise<'succeeded' | 'cut-off' | Diagnostic> {
  const { pod, container, role, name, hook, preStop, graceSeconds, restartPolicy } = operation;
  const result = await context.runHook(hook, { pod, container: name }, Infinity, cancel);
  if (result.kind !== 'failed') return result.kind;
  const { message } = result;
  context.onHookFailed({ hook: 'postStart', pod, container, role, message });
  await beforeKill();
  const containers = [{ name, ...(preStop === undefined ? {} : { preStop }) }];
  const error = await endContainers(
    {
      pod,
      graceSeconds,
      ...(role === 'init' ? { containers: [], sidecars: containers } : { containers, sidecars: [] }),
    },
    context,
  );
  return {
    code: 'post-start-failed',
    severity: 'error',
    message: hookFailureWords({ hook: 'postStart', pod, container, role, message }),
    help:
      error?.message ??
      `The container was killed, as on a cluster. ${RESTART_WORDS[restartPolicy]} (restartPolicy: ${restartPolicy}).${restartPolicy === 'Always' ? '' : ` 'podpose restart ${pod}/${container}' runs it again.`}`,
  };
}

/** What follows the end of a container that podpose has killed. */
const RESTART_WORDS: Readonly<Record<RestartPolicy, string>> = {
  Always: 'It will be restarted',
  OnFailure: 'It will be restarted unless it ends with exit code 0',
  Never: 'It will not be restarted',
};

/** A warning about a preStop hook. */
export function preStopWarning(failure: HookFailure): Diagnostic {
  return { code: 'pre-stop-failed', severity: 'warning', message: hookFailureWords(failure) };
}

/** As in `preStop of pod/web container/app failed: exit code 1`. */
export function hookFailureWords({ hook, pod, container, role, message }: HookFailure): string {
  return `${hook} of ${containerSubject(pod, container, role)} failed: ${message}`;
}

async function terminateWith(
  request: Parameters<typeof terminateContainers>[0],
  { podman, clock, runHook, kill, onHookFailed, mayStop }: HookContext,
  stop: (name: string, seconds: number) => Promise<Diagnostic | undefined>,
): Promise<Diagnostic | undefined> {
  const { pod } = request;
  const sidecars = new Set(request.sidecars.map(({ name }) => name));
  const errors: Diagnostic[] = [];
  await terminateContainers(request, {
    ...{ clock, runHook, kill },
    onHookFailed: (name, message) => {
      const role = sidecars.has(name) ? 'init' : 'container';
      onHookFailed({ hook: 'preStop', pod, container: nameInPod(pod, name), role, message });
    },
    runningOf: async (names) => {
      const states = await Promise.all(names.map((name) => podman.query(askState(name))));
      return new Set(names.filter((_, index) => states[index]?.stdout.trim() === 'running'));
    },
    stop: async (name, seconds) => {
      if ((await mayStop?.(name)) === false) return;
      const error = await stop(name, seconds);
      if (error !== undefined) errors.push(error);
    },
  });
  return errors[0];
}

const NEVER = new AbortController().signal;

async function endFromOutside(
  name: string,
  seconds: number,
  { podman }: HookContext,
): Promise<Diagnostic | undefined> {
  const lines: string[] = [];
  const args = ['-c', END_FROM_OUTSIDE, podman.program, seconds.toString(), name];
  const end = await podman.run({ program: 'sh', args }, (line) => lines.push(line)).end;
  return succeeded(end) ? undefined : explainPodmanFailure(lines, `cannot kill container ${name}`);
}
