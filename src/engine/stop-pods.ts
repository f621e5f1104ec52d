import { killStoppingContainers } from '../apply/kill-stopping.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { succeeded } from '../platform/process.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import { stopPodCommand } from '../podman/operations/stop.ts';
import { askCapabilities, type Engine } from './engine.ts';
import type { StopControl } from './stop-control.ts';

/** Stops pods in parallel, each within its grace period. The kill signal kills them. */
export async function stopPods(
  engine: Engine,
  project: string,
  pods: readonly DesiredPod[],
  control: StopControl,
): Promise<void> {
  const { emit } = engine.host;
  emit({ kind: 'stopping-pods', pods: pods.map(({ name }) => name) });
  const stopped = await Promise.all(pods.map((pod) => stopPod(engine, pod, control)));
  if (stopped.every(Boolean)) emit({ kind: 'pods-stopped', project, isKilled: control.kill.aborted });
}

/**
 * Stops one pod within its grace period. The kill signal kills it. Returns whether it has stopped, and reports errors.
 */
export async function stopPod(engine: Engine, pod: DesiredPod, control: StopControl): Promise<boolean> {
  const { podman, platform, host } = engine;
  const stopped = { pod: pod.name, graceSeconds: pod.terminationGracePeriodSeconds };
  const errors: string[] = [];
  const capabilities = await askCapabilities(engine);
  const command = stopPodCommand(stopped, capabilities.ok ? capabilities.value : { requests: false });
  const stop = podman.run(command, (line) => errors.push(line));
  const over = new AbortController();
  const kill = () =>
    void killStoppingContainers(stopped, stop, over.signal, { podman, clock: platform.clock });
  control.kill.addEventListener('abort', kill, { once: true });
  const end = await stop.end;
  over.abort();
  control.kill.removeEventListener('abort', kill);
  if (succeeded(end)) return true;
  const failure = explainPodmanFailure(errors, `cannot stop pod/${pod.name}`);
  host.emit({ kind: 'diagnostics', diagnostics: [failure] });
  return false;
}
