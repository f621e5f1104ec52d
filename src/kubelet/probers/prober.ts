import { aborted } from '../../base/abort.ts';
import type { ExecAction, Probe } from '../../kube/spec/probe.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Network } from '../../platform/network.ts';
import type { ProbeResult } from '../probe-worker.ts';
import type { ExecInContainer } from './exec.ts';
import { probeGrpc } from './grpc.ts';
import { probeHttp } from './http.ts';
import { within, type TimeLimit } from './limit.ts';
import { probeTcp } from './tcp.ts';

/** What probes and hooks need besides their definition. */
export interface ProberContext {
  readonly clock: Clock;
  readonly network: Network;
  readonly exec: ExecInContainer;
}

/** The container that a probe or a hook is for. */
export interface ProbeTarget {
  /** podman's name or ID of the container. */
  readonly container: string;
  /** Of the pod; of the machine with hostNetwork. */
  readonly podIP: string;
}

/** Probes once, within the timeout of the probe. It does not reject. */
export type Prober = (probe: Probe, target: ProbeTarget, cancel: AbortSignal) => Promise<ProbeResult>;

/** How often a probe without a result is tried (maxProbeRetries in pkg/kubelet/prober/prober.go). */
const TRIES = 3;

export function createProber(context: ProberContext): Prober {
  const execProber = createExecProber(context.exec);
  const once = (probe: Probe, target: ProbeTarget, limit: TimeLimit): Promise<ProbeResult> => {
    const { network } = context;
    if ('httpGet' in probe) return probeHttp(probe.httpGet, target.podIP, network, limit);
    if ('tcpSocket' in probe) return probeTcp(probe.tcpSocket, target.podIP, network, limit);
    if ('grpc' in probe) return probeGrpc(probe.grpc, target.podIP, network, limit);
    return execProber(probe.exec, target, limit);
  };
  return async (probe, target, cancel) => {
    const limit = { clock: context.clock, milliseconds: probe.timeoutSeconds * 1000, cancel };
    let result = await once(probe, target, limit);
    for (let tries = 1; tries < TRIES && result.outcome === 'error' && !cancel.aborted; tries++)
      result = await once(probe, target, limit);
    return result;
  };
}

/** A command that was killed at its timeout. */
interface Unfinished {
  /** Tries once more. */
  readonly kill: () => void;
  readonly over: Promise<unknown>;
}

/**
 * Probes with commands: exit code 0 is a success (pkg/probe/exec/exec.go). A command that was killed at its timeout and
 * still runs, in a container that does not answer, say, is not started again: commands would pile up.
 */
function createExecProber(exec: ExecInContainer) {
  const unfinished = new Map<string, Unfinished>();
  return async (
    { command }: ExecAction,
    { container }: ProbeTarget,
    limit: TimeLimit,
  ): Promise<ProbeResult> => {
    const key = [container, ...command].join('\0');
    const begun = limit.clock.now();
    const before = unfinished.get(key);
    if (before !== undefined) {
      before.kill();
      // A killed command is gone after a moment: it does not count for this probe.
      await within(limit, (signal) => Promise.race([before.over, aborted(signal)]));
      if (unfinished.has(key))
        return { outcome: 'failure', message: 'command timed out before, and still runs' };
    }
    const left = { ...limit, milliseconds: limit.milliseconds - (limit.clock.now() - begun) };
    const answer = await within(left, (signal) => exec(container, command, signal));
    switch (answer.kind) {
      case 'exited':
        return { outcome: answer.exitCode === 0 ? 'success' : 'failure', message: wordsOf(answer) };
      case 'failed':
        return { outcome: 'error', message: answer.message };
      case 'cancelled':
        unfinished.set(key, {
          kill: answer.kill,
          over: answer.over.finally(() => unfinished.delete(key)),
        });
        return { outcome: 'failure', message: 'command timed out' };
    }
  };
}

function wordsOf({ exitCode, output }: { readonly exitCode: number; readonly output: string }): string {
  const text = output.trim();
  return text === '' ? `exit code ${exitCode}` : text;
}
