import { runHook, type HookRunner } from '../kubelet/hooks.ts';
import { podmanExec, type ExecInContainer } from '../kubelet/probers/exec.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { EnginePlatform } from './engine.ts';
import { podReach, type PodReach } from './pod-reach.ts';

/** Runs hooks in containers, and from the outside of their pods. */
export function hookRunner(
  { clock, network }: Pick<EnginePlatform, 'clock' | 'network'>,
  { reach }: Pick<PodReach, 'reach'>,
  exec: ExecInContainer,
  podman: () => PodmanClient,
): HookRunner {
  return async (hook, { pod, container }, seconds, cancel) => {
    const local = { clock, network, exec };
    if (!('httpGet' in hook)) return runHook(hook, { container, podIP: '' }, local, seconds, cancel);
    const reached = await reach(pod, podman());
    if (cancel.aborted) return { kind: 'cut-off' };
    if (reached === undefined) return { kind: 'failed', message: 'the pod has no address' };
    const context = { ...local, network: reached.network };
    return runHook(hook, { container, podIP: reached.ip }, context, seconds, cancel);
  };
}

/** The same, for a short time. What it needs for requests is opened with the first of them. */
export function openHookRunner(
  platform: Pick<EnginePlatform, 'clock' | 'network' | 'openNetwork' | 'pid'>,
  podman: PodmanClient,
): { readonly runHook: HookRunner; readonly close: () => void } {
  const reach = podReach(platform, podman.program);
  const runHook = hookRunner(platform, reach, execFor(platform, podman), () => podman);
  return { runHook, close: reach.close };
}

/** Commands by `podman exec`, with a tag of their own. */
export function execFor(
  { clock, pid }: Pick<EnginePlatform, 'clock' | 'pid'>,
  podman: PodmanClient,
): ExecInContainer {
  return podmanExec(podman, `${pid}-${clock.now()}`, clock);
}
