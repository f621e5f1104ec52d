import { defined } from '../base/defined.ts';
import type { ContainerLifecycle, ProbeKind } from '../kube/spec/probe.ts';
import {
  advanceProbes,
  containerProbes,
  type ContainerProbes,
  type ProbeEvent,
  type ProbeKill,
  type ProbeNotice,
} from './container-probes.ts';

/** The probes of a container that is watched, and what they have led to. */
export interface ProbedState {
  /** Absent for a container without probes. */
  readonly probes?: ContainerProbes;
  /** A probe has failed too often: the container is being killed, or was and has not been restarted. */
  readonly killedBy?: ProbeKill;
}

export interface ProbedStep {
  readonly state: ProbedState;
  readonly begin: readonly ProbeKind[];
  readonly nextAt: number;
  /** For people. */
  readonly notices: readonly ProbeNotice[];
  /** The container is to be killed now. */
  readonly kill?: ProbeKill;
}

/** The probes of a container that does not run yet. */
export function newProbes(lifecycle: ContainerLifecycle): ProbedState {
  const probes = containerProbes(lifecycle);
  return probes.workers.length === 0 ? {} : { probes };
}

/** Applies events and the time. `isStopping`: see `advanceProbes`. */
export function advanceProbed(
  state: ProbedState,
  events: readonly ProbeEvent[],
  now: number,
  isStopping = false,
): ProbedStep {
  const begin: ProbeKind[] = [];
  const notices: ProbeNotice[] = [];
  let current = state;
  let kill: ProbeKill | undefined;
  let nextAt = Infinity;
  for (const event of [...events, { kind: 'time' } as const]) {
    if (current.probes === undefined) break;
    const step = advanceProbes(current.probes, event, now, isStopping);
    if (current.killedBy === undefined && step.kill !== undefined) ({ kill } = step);
    current = { probes: step.probes, ...defined({ killedBy: current.killedBy ?? step.kill }) };
    begin.push(...step.begin);
    notices.push(...step.notices);
    ({ nextAt } = step);
  }
  return { state: current, begin, nextAt, notices, ...defined({ kill }) };
}
