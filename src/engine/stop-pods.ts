import { carryOut } from '../apply/carry-out.ts';
import { preStopWarning, terminate } from '../apply/hooks.ts';
import { killStoppingContainers } from '../apply/kill-stopping.ts';
import { abortController, onAbort } from '../base/abort.ts';
import { defined } from '../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';
import { isSidecar } from '../kube/spec/restart-policy.ts';
import { stopRecords } from '../plan/build/stop-records.ts';
import { succeeded } from '../platform/process.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import { observePods } from '../podman/inspect/observe.ts';
import { podMembers } from '../podman/inspect/pod-members.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import { isOfJob } from '../podman/labels.ts';
import { containerName } from '../podman/names.ts';
import type { TerminateContainers, Termination } from '../podman/operations/hook-work.ts';
import { stopPodCommand } from '../podman/operations/stop.ts';
import { askCapabilities, type Engine } from './engine.ts';
import { addCommandEvent, hookNotice } from './saved-reports.ts';
import { openHookRunner } from './hook-runner.ts';
import { projectLock } from './project-lock.ts';
import type { StopControl } from './stop-control.ts';

/**
 * Stops pods in parallel, each within its grace period. The kill signal kills them. No other podpose changes the project
 * meanwhile.
 */
export async function stopPods(
  engine: Engine,
  project: string,
  pods: readonly DesiredPod[],
  control: StopControl,
): Promise<void> {
  const lock = projectLock(engine, 'up', { stop: control.kill });
  const taken = await lock.take(project);
  const isBusy = taken.ok && taken.value === 'busy';
  if (isBusy) await lock.wait(project);
  await stopWithLock(engine, project, isBusy ? await existing(engine, pods) : pods, control);
  lock.release();
}

/** The pods that still exist: another podpose has changed the project. */
async function existing({ podman }: Engine, pods: readonly DesiredPod[]): Promise<readonly DesiredPod[]> {
  const found = await observePods(podman);
  return found.ok ? pods.filter((pod) => found.value.pods.some(({ name }) => name === pod.name)) : pods;
}

async function stopWithLock(
  engine: Engine,
  project: string,
  pods: readonly DesiredPod[],
  control: StopControl,
): Promise<void> {
  const { emit } = engine.host;
  if (pods.length === 0) return;
  const seconds = Math.max(...pods.map(({ terminationGracePeriodSeconds }) => terminationGracePeriodSeconds));
  emit({ kind: 'stopping-pods', pods: pods.map(({ name }) => name), seconds });
  await recordStops(engine, pods, control);
  const stopped = await Promise.all(pods.map((pod) => stopPod(engine, project, pod, control)));
  if (stopped.every(Boolean)) emit({ kind: 'pods-stopped', project, isKilled: control.kill.aborted });
}

/** Records which containers are stopped: another `up` starts them again, also if they end with 0 on SIGTERM. */
async function recordStops(
  engine: Engine,
  stopped: readonly DesiredPod[],
  control: StopControl,
): Promise<void> {
  const { podman, host } = engine;
  const pods = stopped.filter((pod) =>
    pod.containers.some(({ restartPolicy }) => restartPolicy !== 'Always'),
  );
  if (pods.every(isOfJob)) return;
  const [capabilities, found] = await Promise.all([askCapabilities(engine), observePods(podman)]);
  // The stop of the pods reports what is wrong with podman.
  if (!capabilities.ok || !found.ok) return;
  const { containers } = found.value;
  const records = found.value.pods
    .filter(({ name }) => pods.some((pod) => pod.name === name))
    .flatMap((pod) => stopRecords(pod, podMembers(pod.name, containers)));
  const context = { podman, capabilities: capabilities.value, stop: control.kill };
  const errors = await Promise.all(records.map((record) => carryOut(record, context)));
  const diagnostics = errors.flatMap((error) => error ?? []);
  if (diagnostics.length > 0) host.emit({ kind: 'diagnostics', diagnostics });
}

/**
 * Stops one pod within its grace period. The kill signal kills it. Returns whether it has stopped, and reports errors.
 */
export async function stopPod(
  engine: Engine,
  project: string,
  pod: DesiredPod,
  control: StopControl,
): Promise<boolean> {
  const { podman, platform, host } = engine;
  const stopped = { pod: pod.name, graceSeconds: pod.terminationGracePeriodSeconds };
  const errors: string[] = [];
  const capabilities = await askCapabilities(engine);
  if (capabilities.ok) await terminateFirst(engine, project, pod, capabilities.value, control);
  const command = stopPodCommand(stopped, capabilities.ok ? capabilities.value : { requests: false });
  const stop = podman.run(command, (line) => errors.push(line));
  const over = new AbortController();
  const kill = () =>
    void killStoppingContainers(stopped, stop, over.signal, { podman, clock: platform.clock });
  // The user may have asked for it before the stop has begun.
  const release = onAbort(control.kill, kill);
  const end = await stop.end;
  over.abort();
  release();
  if (succeeded(end)) return true;
  const failure = explainPodmanFailure(errors, `cannot stop pod/${pod.name}`);
  host.emit({ kind: 'diagnostics', diagnostics: [failure] });
  return false;
}

/** Runs preStop hooks and stops sidecars last, if the pod has some. What remains is left to the stop of the pod. */
async function terminateFirst(
  { podman, platform, host }: Engine,
  project: string,
  pod: DesiredPod,
  capabilities: PodmanCapabilities,
  { kill }: StopControl,
): Promise<void> {
  const { name, terminationGracePeriodSeconds: graceSeconds } = pod;
  const sidecars = pod.initContainers.filter(isSidecar).reverse();
  const hasHook = [...pod.containers, ...sidecars].some(({ preStop }) => preStop !== undefined);
  if (graceSeconds === 0 || !(hasHook || sidecars.length > 0)) return;
  const terminationOf = (container: DesiredContainer): Termination => ({
    name: containerName(pod, container),
    ...defined({ preStop: container.preStop }),
  });
  const operation: TerminateContainers = {
    kind: 'terminate-containers',
    pod: name,
    containers: pod.containers.map(terminationOf),
    sidecars: sidecars.map(terminationOf),
    graceSeconds,
    besideOthers: false,
    hostNetwork: pod.sandbox.hostNetwork,
  };
  const hooks = openHookRunner(platform, podman);
  const over = abortController();
  const killAll = () =>
    void killStoppingContainers({ pod: name }, { kill: () => undefined }, over.signal, {
      podman,
      clock: platform.clock,
    });
  const release = onAbort(kill, killAll);
  await terminate(operation, {
    ...{ podman, capabilities, clock: platform.clock, runHook: hooks.runHook, kill },
    onHookFailed: (failure) => {
      addCommandEvent(platform, project, hookNotice(failure));
      host.emit({ kind: 'diagnostics', diagnostics: [preStopWarning(failure)] });
    },
  });
  over.abort();
  release();
  hooks.close();
}
