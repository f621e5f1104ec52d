import { killWhatStops } from '../apply/kill-stop.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { stopPodArguments } from '../podman/operations/stop.ts';
import type { StopPod } from '../podman/operations/operation.ts';
import { succeeded, type ProcessRunner } from '../platform/process.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import type { Session } from '../cli/session.ts';
import type { StopControl } from './stop-control.ts';

/** Stops pods side by side, each within its grace period; a second request to stop kills them. */
export async function stopPods(
  session: Session,
  pods: readonly DesiredPod[],
  control: StopControl,
  run: ProcessRunner,
): Promise<void> {
  const names = pods.map(({ name }) => name).join(', ');
  session.say(`\nStopping ${names}; Ctrl-C once more kills.\n`);
  const stopped = await Promise.all(pods.map((pod) => stopPod(session, pod, control, run)));
  if (!stopped.every(Boolean)) return;
  const done = control.kill.aborted ? 'Killed.' : 'Stopped.';
  session.say(`${done} \`podpose up\` starts them again, \`podpose down\` removes them.\n`);
}

/**
 * Stops one pod within its grace period; a second request to stop kills it. Gives whether it has stopped, and says why
 * where it has not.
 */
export async function stopPod(
  { podman, report, platform }: Session,
  pod: DesiredPod,
  control: StopControl,
  run: ProcessRunner,
): Promise<boolean> {
  const operation: StopPod = {
    kind: 'stop-pod',
    pod: pod.name,
    graceSeconds: pod.terminationGracePeriodSeconds,
  };
  const errors: string[] = [];
  const stop = run.execute(podman, stopPodArguments(operation), (line) => errors.push(line));
  const over = new AbortController();
  const kill = () => void killWhatStops(operation, stop, over.signal, { run, podman, clock: platform.clock });
  control.kill.addEventListener('abort', kill, { once: true });
  const end = await stop.end;
  over.abort();
  control.kill.removeEventListener('abort', kill);
  if (succeeded(end)) return true;
  report([explainPodmanFailure(errors, `cannot stop the pod ${pod.name}`)]);
  return false;
}
