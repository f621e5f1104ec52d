// Starts, signals and ends containers. Nothing runs in the background: the next command computes what has happened in
// the meantime.
import { behaviourOf, newRun } from './behaviour.ts';
import { PodmanError } from './errors.ts';
import type { Container, Model, Pod, Run, StopSignal, Waiting } from './model.ts';
import { infraOf, isAlive, membersOf } from './state.ts';

/** The delay before podman's restart policy restarts a container, in milliseconds. */
const RESTART_GAP = 20;

/** Applies everything that has happened until now. */
export function advance(model: Model): void {
  for (const container of Object.values(model.state.containers)) {
    for (;;) {
      const run = container.runs.at(-1);
      if (run !== undefined && isAlive(container) && run.endsAt !== null && run.endsAt <= model.now())
        end(model, container, run, run.endsAt);
      else if (container.restartAt !== null && container.restartAt <= model.now())
        restart(model, container, container.restartAt);
      else break;
    }
  }
}

function end(model: Model, container: Container, run: Run, at: number): void {
  const { state } = model;
  container.state = 'exited';
  container.exitCode = run.exitCode;
  container.exitedAt = at;
  state.exitCodes[container.id] = run.exitCode;
  const { restart, isStopped } = container;
  const isWanted =
    ['always', 'unless-stopped'].includes(restart) || (restart === 'on-failure' && run.exitCode !== 0);
  container.restartAt = isWanted && !isStopped ? at + RESTART_GAP : null;
  const pod = state.pods[container.podId];
  if (pod?.exitPolicy !== 'stop' || container.isInfra || container.restartAt !== null) return;
  if (!membersOf(state, pod).some(isAlive)) signal(model, infraOf(state, pod), 'KILL');
}

function restart(model: Model, container: Container, at: number): void {
  container.restartAt = null;
  const pod = model.state.pods[container.podId];
  // It cannot run without the namespaces of its pod, which its restart policy does not restore.
  if (pod !== undefined && !isAlive(infraOf(model.state, pod))) return;
  container.restarts += 1;
  try {
    begin(model, container, at);
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
  }
}

function begin(model: Model, container: Container, at: number): void {
  const { state, settings } = model;
  const starts = state.starts[container.name] ?? 0;
  const behaviour = container.isInfra
    ? { onTerm: { exitCode: 0 } }
    : behaviourOf(container, settings.behaviours, starts);
  if (behaviour.startFails !== undefined)
    throw new PodmanError(behaviour.startFails.stderr, behaviour.startFails.exitCode);
  state.starts[container.name] = starts + 1;
  state.counter += 1;
  container.pid = 100_000 + state.counter;
  container.restartAt = null;
  container.isStopped = false;
  container.state = 'running';
  container.exitCode = 0;
  container.startedAt = at;
  container.runs.push(newRun(behaviour, at));
}

/** Starts a container, and the infra container of its pod before it. */
export function start(model: Model, container: Container): void {
  if (isAlive(container)) return;
  const pod = model.state.pods[container.podId];
  if (pod !== undefined) startInfra(model, pod);
  if (isAlive(container)) return;
  begin(model, container, model.now());
  advance(model);
}

export function startInfra(model: Model, pod: Pod): void {
  const infra = infraOf(model.state, pod);
  if (isAlive(infra)) return;
  const taken = portsInUse(model);
  const port = pod.ports.find((wanted) => taken.has(wanted));
  if (port !== undefined) {
    const problem = `"rootlessport listen tcp ${port}: bind: address already in use"`;
    model.err(logLine(model, 'error', 'Starting some container dependencies'));
    model.err(logLine(model, 'error', problem));
    throw new PodmanError('starting some containers: internal libpod error', 126);
  }
  begin(model, infra, model.now());
}

function portsInUse({ state, settings }: Model): ReadonlySet<string> {
  const up = Object.values(state.pods).filter((pod) => isAlive(infraOf(state, pod)));
  return new Set([...(settings.portsInUse ?? []), ...up.flatMap(({ ports }) => ports)]);
}

export function signal(model: Model, container: Container, name: StopSignal): void {
  const run = container.runs.at(-1);
  if (!isAlive(container) || run === undefined) return;
  const now = model.now();
  if (name === 'KILL') {
    run.endsAt = now;
    run.exitCode = 137;
    // A container that is ending does not end again.
  } else if (run.onTerm !== 'ignore' && !run.isTermed) {
    const { after = 0, exitCode = 0, output = [] } = run.onTerm;
    run.isTermed = true;
    run.endsAt = now + after;
    run.exitCode = exitCode;
    run.lines = [
      ...run.lines.filter(({ at }) => at <= now),
      ...output.map((line) => ({ at: now, stream: 'stdout' as const, line })),
    ];
  }
  advance(model);
}

/**
 * Signals containers in parallel, and kills those that are running at the end of their grace period.
 * @param seconds the grace period; by default, that of each container
 */
export function* stop(model: Model, ids: readonly string[], seconds?: number): Waiting {
  const deadlines = new Map<string, number>();
  for (const container of present(model, ids)) {
    // A container that waits for its restart is restarted all the same: podman has nothing to stop.
    if (!isAlive(container)) continue;
    const grace = seconds ?? container.stopTimeout;
    deadlines.set(container.id, model.now() + grace * 1000);
    container.isStopped = true;
    container.state = 'stopping';
    signal(model, container, grace === 0 ? 'KILL' : 'TERM');
  }
  for (;;) {
    for (const container of present(model, [...deadlines.keys()]).filter(isAlive)) {
      if ((deadlines.get(container.id) ?? 0) > model.now()) continue;
      const grace = seconds ?? container.stopTimeout;
      const message = `StopSignal SIGTERM failed to stop container ${container.name} in ${grace} seconds, resorting to SIGKILL`;
      model.err(logLine(model, 'warning', message));
      signal(model, container, 'KILL');
    }
    if (!present(model, [...deadlines.keys()]).some(isAlive)) return;
    yield;
    advance(model);
  }
}

function present({ state }: Model, ids: readonly string[]): readonly Container[] {
  return ids.map((id) => state.containers[id]).filter((container) => container !== undefined);
}

/** A line of podman's own log. */
function logLine(model: Model, level: string, message: string): string {
  const time = new Date(model.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return `time="${time}" level=${level} msg=${JSON.stringify(message)}\n`;
}
