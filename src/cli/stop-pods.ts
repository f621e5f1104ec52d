import type { DesiredPod } from '../pod/desired.ts';
import { succeeded, type ProcessRunner } from '../podman/process.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import type { Session } from './session.ts';
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
  await Promise.all(pods.map((pod) => stopPod(session, pod, control, run)));
  session.say(`Stopped. \`podpose up\` starts them again, \`podpose down\` removes them.\n`);
}

/** Stops one pod within its grace period; a second request to stop kills it. */
export async function stopPod(
  { podman, tell }: Session,
  pod: DesiredPod,
  control: StopControl,
  run: ProcessRunner,
): Promise<void> {
  const errors: string[] = [];
  const stop = run.execute(podman, stopArguments(pod), (line) => errors.push(line));
  const kill = () => {
    stop.kill('SIGKILL');
    void run.query(podman, ['pod', 'kill', pod.name]);
  };
  control.kill.addEventListener('abort', kill, { once: true });
  const end = await stop.end;
  control.kill.removeEventListener('abort', kill);
  if (!succeeded(end) && !control.kill.aborted)
    tell([explainPodmanFailure(errors, `cannot stop the pod ${pod.name}`)]);
}

function stopArguments(pod: DesiredPod): readonly string[] {
  return ['pod', 'stop', '--time', pod.terminationGracePeriodSeconds.toString(), pod.name];
}
