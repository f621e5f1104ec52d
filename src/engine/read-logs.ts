import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { KnownState } from '../plan/needs.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { askContainerLogs, type ContainerLog } from '../podman/logs/container-log.ts';
import type { LogStart } from '../podman/logs/record.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { isStartedAgain } from './container-runs.ts';
import { followLog, logTools, readLog, type LogContext, type LogSource } from './follow-logs.ts';
import type { LogOutput } from './rollout.ts';
import { withoutServices } from './service-reference.ts';
import type { StopControl } from './stop-control.ts';
import { unknownContainer } from './pod-reference.ts';
import { findTarget, selectsContainer, type Target, type TargetOptions } from './target.ts';

export interface LogOptions extends TargetOptions {
  /** Only these containers of the pods. Empty: all. */
  readonly containers: readonly string[];
}

/** Finds the selected containers, init containers first. */
export async function findLogs(
  engine: Engine,
  options: LogOptions,
): Promise<EngineResult<readonly LogSource[]>> {
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const operands = withoutServices(options.operands, observed.value, options);
  if (!operands.ok) return failed('usage', operands.error);
  const target = findTarget(engine.platform, { ...options, operands: operands.value }, observed.value);
  const sources = target.ok ? logSources(observed.value, target.value, options.containers) : target;
  return sources.ok ? sources : failed('usage', sources.error);
}

export interface ReadLogsOptions {
  readonly start: LogStart;
  readonly isFollowed: boolean;
  readonly control: Pick<StopControl, 'stop'>;
}

/** Prints the logs of containers, and follows them if asked to. */
export async function readLogs(
  engine: Engine,
  sources: readonly LogSource[],
  { start, isFollowed, control: { stop } }: ReadLogsOptions,
  output: LogOutput,
): Promise<EngineResult<undefined>> {
  const context: LogContext = {
    tools: logTools(engine),
    onLines: output.print,
    report: (diagnostics) => {
      engine.host.emit({ kind: 'diagnostics', diagnostics });
    },
    finish: stop,
    stop,
  };
  const names = sources.map(({ name }) => name);
  const found = (await askContainerLogs(engine.podman, names)) ?? [];
  const read = async (source: LogSource): Promise<boolean> => {
    const log = found.find(({ name }) => name === source.name);
    // The container was removed in the meantime.
    if (log === undefined || stop.aborted) return true;
    return (isFollowed ? followLog : readLog)(source, log, start, context);
  };
  // Complete logs are read one after another, which keeps the lines of a container together.
  const isPast = ({ name }: LogSource) => !isFollowed || isOver(found.find((log) => log.name === name));
  const results: boolean[] = [];
  for (const source of sources.filter(isPast)) results.push(await read(source));
  const going = sources.filter((source) => !isPast(source));
  results.push(...(await Promise.all(going.map(read))));
  if (stop.aborted) return failed('interrupted', []);
  await output.end();
  // Unreadable logs have been reported.
  return results.every(Boolean) ? success(undefined) : failed('failed', []);
}

function isOver(log: ContainerLog | undefined): boolean {
  return log === undefined || !(log.isRunning || isStartedAgain(log));
}

/** Selected containers, in order of creation within each pod. */
function logSources(
  observed: Pick<KnownState, 'pods' | 'containers'>,
  target: Target,
  wanted: readonly string[],
): Result<readonly LogSource[]> {
  const all = observed.containers
    .filter(({ owner }) => owner?.project === target.project && (target.pods?.includes(owner.pod) ?? true))
    .filter(({ owner }) => selectsContainer(target, owner?.pod ?? '', owner?.name ?? ''))
    // A record container never runs.
    .filter(({ owner }) => owner?.role !== 'note')
    .sort(inOrder)
    .map(({ name, owner }) => ({ pod: owner?.pod ?? '', container: owner?.name ?? '', name }));
  const projects = [
    ...new Set([...observed.pods, ...observed.containers].flatMap(({ owner }) => owner?.project ?? [])),
  ].sort();
  if (!projects.includes(target.project)) return failure([noSuchProject(target.project, projects)]);
  const names = [...new Set(all.map(({ container }) => container))];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) return failure(unknown.map((name) => unknownContainer(undefined, name, names)));
  return success(wanted.length === 0 ? all : all.filter(({ container }) => wanted.includes(container)));
}

/** kubectl's -p is --previous: its users may pass a pod name after it. */
function noSuchProject(project: string, projects: readonly string[]): Diagnostic {
  const there = projects.length === 0 ? 'podpose has no pods.' : `Projects: ${projects.join(', ')}.`;
  const meant = suggest(project, projects);
  return {
    ...usageError(
      'no-such-project',
      `no pods in project '${project}'`,
      `${there} podpose ps --all lists every project.`,
    ),
    ...defined({ suggestion: meant }),
  };
}

function inOrder(a: ObservedContainer, b: ObservedContainer): number {
  const [podA, podB] = [a.owner?.pod ?? '', b.owner?.pod ?? ''];
  if (podA !== podB) return compareTexts(podA, podB);
  if (a.owner?.role !== b.owner?.role) return a.owner?.role === 'init' ? -1 : 1;
  return a.createdAt - b.createdAt || compareTexts(a.name, b.name);
}
