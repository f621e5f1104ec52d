import type { ProbeOrder } from '../kubelet/watched.ts';
import type { ProbeResult } from '../kubelet/probe-worker.ts';
import type { ExecInContainer } from '../kubelet/probers/exec.ts';
import { createProber } from '../kubelet/probers/prober.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { EnginePlatform } from './engine.ts';
import type { PodReach } from './pod-reach.ts';

/**
 * Runs the probes of the containers of a project.
 * @param sandbox as in `PodReach`
 */
export type WatchProber = (order: ProbeOrder, sandbox: string, podman: PodmanClient) => Promise<ProbeResult>;

/** @param cancel ends all probes */
export function watchProber(
  { clock, network }: Pick<EnginePlatform, 'clock' | 'network'>,
  { reach }: Pick<PodReach, 'reach'>,
  exec: ExecInContainer,
  cancel: AbortSignal,
): WatchProber {
  const local = createProber({ clock, network, exec });
  return async ({ container, probe }, sandbox, podman) => {
    const target = { container: container.id, podIP: '' };
    if ('exec' in probe) return local(probe, target, cancel);
    const reached = await reach(container.pod, podman, sandbox);
    if (reached === undefined) return NO_ADDRESS;
    const prober = createProber({ clock, network: reached.network, exec });
    const result = await prober(probe, { ...target, podIP: reached.ip }, cancel);
    // A probe that could not be carried out says nothing of the container.
    return reached.isOpen() ? result : { outcome: 'error', message: result.message };
  };
}

const NO_ADDRESS: ProbeResult = { outcome: 'error', message: 'the pod has no address' };
