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
import { stateWord } from '../kube/status/container-status.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { viewPods } from './pod-facts.ts';
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

/** The selected logs. */
export interface FoundLogs {
  readonly sources: readonly LogSource[];
  /** Containers that are named and have never started, which have no log: one error for each. */
  readonly notStarted: readonly Diagnostic[];
}

/** Finds the selected containers, init containers first. */
export async function findLogs(engine: Engine, options: LogOptions): Promise<EngineResult<FoundLogs>> {
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const operands = withoutServices(options.operands, observed.value, options);
  if (!operands.ok) return failed('usage', operands.error);
  const target = findTarget(engine.platform, { ...options, operands: operands.value }, observed.value);
  const found = target.ok ? logsOf(observed.value, target.value, options.containers) : target;
  return found.ok ? found : failed('usage', found.error);
}

export interface ReadLogsOptions {
  readonly start: LogStart;
  readonly isFollowed: boolean;
  readonly control: Pick<StopControl, 'stop'>;
}

/** Prints the logs of containers, and follows them if asked to. Fails if a named container has none. */
export async function readLogs(
  engine: Engine,
  { sources, notStarted }: FoundLogs,
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
  if (notStarted.length > 0) context.report(notStarted);
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
  // Unreadable and missing logs have been reported.
  return notStarted.length === 0 && results.every(Boolean) ? success(undefined) : failed('failed', []);
}

function isOver(log: ContainerLog | undefined): boolean {
  return log === undefined || !(log.isRunning || isStartedAgain(log));
}

/** Selected containers, in order of creation within each pod. */
function logsOf(
  observed: Pick<KnownState, 'pods' | 'containers'>,
  target: Target,
  wanted: readonly string[],
): Result<FoundLogs> {
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
  const waiting = neverStarted(observed, target);
  const names = [...new Set([...all, ...waiting].map(({ container }) => container))];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) return failure(unknown.map((name) => unknownContainer(undefined, name, names)));
  const isWanted = ({ container }: { readonly container: string }) =>
    wanted.length === 0 || wanted.includes(container);
  const isNamed = ({ pod, container }: NeverStarted) =>
    wanted.includes(container) || target.containers?.get(pod)?.includes(container) === true;
  return success({
    sources: all.filter(isWanted),
    notStarted: waiting.filter((one) => isWanted(one) && isNamed(one)).map(notStartedError),
  });
}

interface NeverStarted {
  readonly pod: string;
  readonly container: string;
  /** In the words of kubectl: `PodInitializing`. */
  readonly state: string;
}

/** The selected containers that are not created yet, or have never started. */
function neverStarted(
  { pods, containers }: Pick<KnownState, 'pods' | 'containers'>,
  target: Target,
): readonly NeverStarted[] {
  return viewPods({ pods, containers, volumes: [], images: [] }, target).flatMap((view) =>
    [...view.initContainers, ...view.containers]
      .filter(({ name }) => selectsContainer(target, view.observed.name, name))
      .filter(({ observed }) => observed === undefined || observed.startedAt === 0)
      .map(({ name, status }) => ({
        pod: view.observed.name,
        container: name,
        state: stateWord(status.state),
      })),
  );
}

/** As kubectl, which reports that a container "is waiting to start" (validateContainerLogStatus in pkg/kubelet/kubelet_pods.go). */
function notStartedError({ pod, container, state }: NeverStarted): Diagnostic {
  return usageError(
    'container-not-started',
    `cannot read the log of pod/${pod} container/${container}: it has not started (${state})`,
    `podpose describe pod ${pod} shows what it waits for.`,
  );
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
