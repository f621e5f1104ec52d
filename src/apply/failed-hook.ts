import { anyOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { restartsAfter } from '../kube/spec/restart-policy.ts';
import type { Step } from '../plan/step.ts';
import { askRunDetails, type RunDetails } from '../podman/inspect/run-details.ts';
import type { RunPostStart } from '../podman/operations/hook-work.ts';
import { beforeRetriesEnd } from './await-startup.ts';
import type { ExecuteContext } from './context.ts';
import { stopped, type StepFailure } from './events.ts';
import { runPostStart } from './hooks.ts';

/**
 * Runs the postStart hook of a container that a step has started. A container whose hook has failed is restarted by its
 * policy, as one that ends by itself (syncPod in pkg/kubelet/kuberuntime/kuberuntime_manager.go): by the watcher after the
 * run, but a sidecar during it, as the next containers wait until its hook has succeeded.
 */
export async function startWithHook(
  operation: RunPostStart,
  step: Step,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { podman, stop, kill, sidecars } = context;
  const { name, role } = operation;
  // A replacement that fails is removed again.
  const mayRestart = sidecars.restartsContainers && step.undo === undefined;
  let failedRun: RunDetails | undefined;
  const end = await runPostStart(operation, context, anyOf(stop, kill), async () => {
    if (mayRestart) failedRun = await askRun(podman, name);
  });
  if (end === 'succeeded') return undefined;
  if (end === 'cut-off') return stopped(stop);
  const failure: StepFailure = { kind: 'command', diagnostic: end };
  // podman runs no hook when it restarts a container.
  if (failedRun === undefined || failedRun.isRestartedByPodman) return failure;
  if (role === 'init') return restartOfSidecar(end, failedRun, operation, step, context);
  const now = await askEnd(name, context);
  const willRestart = now?.status === 'exited' && restartsAfter(operation, now.exitCode);
  return willRestart ? { kind: 'restarting', diagnostic: end } : failure;
}

async function restartOfSidecar(
  diagnostic: Diagnostic,
  { startedText }: RunDetails,
  { name }: RunPostStart,
  step: Step,
  context: ExecuteContext,
): Promise<StepFailure> {
  const { emit, stop, lock, sidecars } = context;
  emit({ kind: 'step-output', step, stream: 'stderr', line: diagnostic.message });
  const onWait = (line: string) => {
    emit({ kind: 'step-output', step, stream: 'stdout', line });
  };
  lock?.pause();
  const isBack = await beforeRetriesEnd(context, (signal) =>
    sidecars.untilRestarted(name, startedText, onWait, signal),
  );
  if ((await lock?.resume()) === false) return { kind: 'stopped', because: 'interrupted' };
  if (isBack) return { kind: 'restarted', diagnostic };
  return stop.aborted && stop.reason !== 'timeout' ? stopped(stop) : { kind: 'command', diagnostic };
}

/** The current run of a container, or its last one; undefined if podman does not tell. */
async function askRun(podman: ExecuteContext['podman'], name: string): Promise<RunDetails | undefined> {
  const asked = await askRunDetails(podman, [name]);
  return asked.ok ? asked.value[0] : undefined;
}

const END_POLLS = 50;
const END_POLL_MILLISECONDS = 100;

/** The run when podman has recorded its end: from podman 5 on, `podman wait` may return before. */
async function askEnd(
  name: string,
  { podman, clock, kill }: ExecuteContext,
): Promise<RunDetails | undefined> {
  for (let polls = 1; ; polls++) {
    const run = await askRun(podman, name);
    if (run === undefined || run.status === 'exited' || polls === END_POLLS || kill.aborted) return run;
    await clock.sleep(END_POLL_MILLISECONDS, kill);
  }
}
