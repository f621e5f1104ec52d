import {
  followLog,
  isStartedAgain,
  readLog,
  type LogContext,
  type LogSource,
} from '../../engine/follow-logs.ts';
import { askContainerLogs, type ContainerLog } from '../../podman/logs/container-log.ts';
import type { LogStart } from '../../podman/logs/record.ts';
import { observePods } from '../../podman/inspect/observe.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { usageError } from '../parse/command-line.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { logPrinter } from '../../view/log-printer.ts';
import { logTools } from '../../engine/log-tools.ts';
import { pointInTime, wholeNumber } from '../parse/option-values.ts';
import { askingSession, unlessStopped } from '../questions.ts';
import { flag, texts, type Session, type Verb } from '../session.ts';
import { stopControl, type StopControl } from '../../engine/stop-control.ts';
import { findTarget, type Target } from '../../engine/target.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { suggest } from '../../base/suggest.ts';
import { failure, success, type Result } from '../../base/result.ts';

/** `podpose logs`: what the containers have printed, init containers first, as far as podman still has it. */
export const logs: Verb = async (session) => {
  const { platform, values } = session;
  const tail = wholeNumber(values, 'tail');
  const since = pointInTime(values, 'since', platform.today());
  if (!tail.ok || !since.ok) {
    session.report([...(tail.ok ? [] : tail.error), ...(since.ok ? [] : since.error)]);
    return EXIT.usage;
  }
  const start: LogStart = {
    ...(tail.value === undefined ? {} : { tail: tail.value }),
    ...(since.value === undefined ? {} : { since: since.value }),
  };
  const control = stopControl(platform);
  try {
    // A podman that does not answer is waited for as long as a person wants, and not left behind.
    const asking = askingSession(session, control.stop);
    const observed = await unlessStopped(observePods(asking.run, session.podman), control.stop);
    if (observed === undefined) return EXIT.interrupted;
    return await showLogs(asking, observed, start, control);
  } finally {
    control.release();
  }
};

async function showLogs(
  session: Session,
  observed: Awaited<ReturnType<typeof observePods>>,
  start: LogStart,
  control: StopControl,
): Promise<ExitCode> {
  const { values, run } = session;
  if (!observed.ok) {
    session.report(observed.error);
    return EXIT.failed;
  }
  const target = findTarget(session, observed.value);
  const sources = target.ok ? logSources(observed.value, target.value, texts(values, 'container')) : target;
  if (!sources.ok) {
    session.report(sources.error);
    return EXIT.usage;
  }
  const isFollowed = flag(values, 'follow');
  const printer = logPrinter(session, sources.value);
  const tools = logTools(session);
  const context: LogContext = {
    tools,
    onLines: printer.print,
    report: session.report,
    finish: control.stop,
    stop: control.stop,
  };
  const names = sources.value.map(({ name }) => name);
  const found = (await askContainerLogs(run, session.podman, names)) ?? [];
  const read = async (source: LogSource): Promise<boolean> => {
    const log = found.find(({ name }) => name === source.name);
    // It was removed a moment ago, and its log with it.
    if (log === undefined || control.stop.aborted) return true;
    return (isFollowed ? followLog : readLog)(source, log, start, context);
  };
  // What is past is read one after another, so that each container's lines stay together.
  const isPast = ({ name }: LogSource) => !isFollowed || isOver(found.find((log) => log.name === name));
  const results: boolean[] = [];
  for (const source of sources.value.filter(isPast)) results.push(await read(source));
  const going = sources.value.filter((source) => !isPast(source));
  results.push(...(await Promise.all(going.map(read))));
  if (control.stop.aborted) return EXIT.interrupted;
  await printer.end();
  return results.every(Boolean) ? EXIT.done : EXIT.failed;
}

function isOver(log: ContainerLog | undefined): boolean {
  return log === undefined || !(log.isRunning || isStartedAgain(log));
}

/** The containers whose output is asked for: those of each pod in the order in which they were made. */
function logSources(
  observed: Pick<ObservedState, 'pods' | 'containers'>,
  target: Target,
  wanted: readonly string[],
): Result<readonly LogSource[]> {
  const all = observed.containers
    .filter(({ owner }) => owner?.project === target.project && (target.pods?.includes(owner.pod) ?? true))
    // A note is never started, and has nothing to say.
    .filter(({ owner }) => owner?.role !== 'note')
    .sort(inOrder)
    .map(({ name, owner }) => ({ pod: owner?.pod ?? '', container: owner?.name ?? '', name }));
  const projects = [
    ...new Set([...observed.pods, ...observed.containers].flatMap(({ owner }) => owner?.project ?? [])),
  ].sort();
  if (!projects.includes(target.project)) return failure([noSuchProject(target.project, projects)]);
  const names = [...new Set(all.map(({ container }) => container))];
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return failure(
      unknown.map((name) => {
        const meant = suggest(name, names);
        return {
          ...usageError(
            'no-such-container',
            `there is no container '${name}'`,
            `There are: ${names.join(', ') || 'none'}.`,
          ),
          ...(meant === undefined ? {} : { suggestion: meant }),
        };
      }),
    );
  return success(wanted.length === 0 ? all : all.filter(({ container }) => wanted.includes(container)));
}

/** kubectl's -p is another one: users of it name a pod there. */
function noSuchProject(project: string, projects: readonly string[]): Diagnostic {
  const there = projects.length === 0 ? 'There are no pods of podpose.' : `Projects: ${projects.join(', ')}.`;
  const meant = suggest(project, projects);
  return {
    ...usageError(
      'no-such-project',
      `no pods in project '${project}'`,
      `${there} podpose ps --all shows all pods.`,
    ),
    ...(meant === undefined ? {} : { suggestion: meant }),
  };
}

function inOrder(a: ObservedContainer, b: ObservedContainer): number {
  const [podA, podB] = [a.owner?.pod ?? '', b.owner?.pod ?? ''];
  if (podA !== podB) return podA < podB ? -1 : 1;
  if (a.owner?.role !== b.owner?.role) return a.owner?.role === 'init' ? -1 : 1;
  return a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);
}
