import { abortController, anyOf, firstOf } from '../base/abort.ts';
import { success } from '../base/result.ts';
import { succeeded } from '../platform/process.ts';
import { podmanCommand } from '../podman/client/client.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import { decodeEvent, eventsArguments, type ContainerEvent } from '../podman/inspect/events.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import type { PodEvent } from './pod-events.ts';
import { commandEvents, savedReport } from './saved-reports.ts';
import { askWatcher } from './project-watcher.ts';
import { findProject, findTarget, type Target, type TargetOptions, selectsContainer } from './target.ts';

/** Events of the last hour, for as long as an API server keeps them (--event-ttl of kube-apiserver). */
const EVENT_SECONDS = 3600;

/** The project, and the pods if some are named. */
export async function findEventsTarget(
  { platform, podman }: Engine,
  options: TargetOptions,
): Promise<EngineResult<Target>> {
  const project = findProject(platform, options);
  if (project !== undefined) return project.ok ? project : failed('usage', project.error);
  const observed = await observePods(podman);
  if (!observed.ok) return failed('failed', observed.error);
  const target = findTarget(platform, options, observed.value);
  return target.ok ? target : failed('usage', target.error);
}

/** The container events of the last hour that podman has. */
export async function readEvents(
  { platform, podman }: Engine,
  target: Target,
): Promise<EngineResult<readonly ContainerEvent[]>> {
  const since = platform.today() / 1000 - EVENT_SECONDS;
  const answer = await podman.query({ args: eventsArguments(target.project, since, false) });
  if (!succeeded(answer))
    return failed('failed', [explainPodmanFailure(answer.stderr.split('\n'), "'podman events' failed")]);
  return success(eventsIn(answer.stdout, target));
}

/** The events of the last hour that podman does not have: those of the project's watcher, and of commands. */
export async function readWatcherEvents({ platform }: Engine, target: Target): Promise<readonly PodEvent[]> {
  const { project } = target;
  const report = await askWatcher(platform, project, 'events');
  const ofWatcher = report?.events ?? savedReport(platform, project)?.events ?? [];
  return [...ofWatcher, ...commandEvents(platform, project)].filter(({ pod, fieldPath }) => {
    const container = /\{(.*)\}$/.exec(fieldPath)?.[1] ?? '';
    return target.pods?.includes(pod) !== false && selectsContainer(target, pod, container);
  });
}

const POLL_MILLISECONDS = 1000;

/** Passes on the events that the watcher of the project has, and all further ones, until `stop`. */
export async function followWatcherEvents(
  engine: Engine,
  target: Target,
  stop: AbortSignal,
  onEvent: (event: PodEvent) => void,
): Promise<void> {
  let seen = new Set<string>();
  while (!stop.aborted) {
    const events = new Map(
      (await readWatcherEvents(engine, target)).map((one) => [JSON.stringify(one), one]),
    );
    for (const [key, event] of events) if (!seen.has(key)) onEvent(event);
    seen = new Set([...seen, ...events.keys()]);
    await engine.platform.clock.sleep(POLL_MILLISECONDS, stop);
  }
}

/** How often what the stream of events has reported is compared with the events that podman has. */
const COMPARE_MILLISECONDS = 5000;
/** The time within which the stream reports an event. */
const REPORT_SECONDS = 2;

/**
 * Passes on the events of the last hour and all further ones, each once, until `stop`. A stream that has missed one is opened
 * again: docs/podman.md has two cases of it.
 */
export async function followEvents(
  engine: Engine,
  target: Target,
  stop: AbortSignal,
  onEvent: (event: ContainerEvent) => void,
): Promise<EngineResult<'stopped'>> {
  const { platform, podman } = engine;
  const since = platform.today() / 1000 - EVENT_SECONDS;
  const seen = new Set<string>();
  const pass = (event: ContainerEvent) => {
    const key = keyOf(event);
    if (seen.has(key)) return;
    seen.add(key);
    onEvent(event);
  };
  for (;;) {
    const missed = abortController();
    const { signal, release } = firstOf(stop, missed.signal);
    const errors: string[] = [];
    const child = podman.stream(
      podmanCommand(...eventsArguments(target.project, since, true)),
      (line, stream) => {
        if (stream === 'stderr') errors.push(line);
        else eventIn(line, target).forEach(pass);
      },
    );
    const end = () => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', end, { once: true });
    const over = abortController();
    void awaitMissed(engine, target, since, seen, anyOf(signal, over.signal)).then((events) => {
      events.forEach(pass);
      if (events.length > 0) missed.abort();
    });
    await child.end;
    over.abort();
    release();
    if (stop.aborted) return success('stopped');
    if (!missed.signal.aborted)
      return failed('failed', [explainPodmanFailure(errors, "'podman events' ended")]);
  }
}

/** Resolves with the events that were not seen in time; with none at the end. */
async function awaitMissed(
  { platform, podman }: Engine,
  target: Target,
  since: number,
  seen: ReadonlySet<string>,
  end: AbortSignal,
): Promise<readonly ContainerEvent[]> {
  let from = since;
  for (;;) {
    await platform.clock.sleep(COMPARE_MILLISECONDS, end);
    const until = platform.today() / 1000 - REPORT_SECONDS;
    if (end.aborted) return [];
    const answer = await podman.query({ args: eventsArguments(target.project, from, false) });
    if (!succeeded(answer)) continue;
    const missed = eventsIn(answer.stdout, target).filter(
      (event) => event.at <= until && !seen.has(keyOf(event)),
    );
    if (missed.length > 0) return missed;
    from = until;
  }
}

function keyOf({ at, id, status }: ContainerEvent): string {
  return `${at} ${status} ${id}`;
}

function eventsIn(lines: string, target: Target): readonly ContainerEvent[] {
  return lines.split('\n').flatMap((line) => eventIn(line, target));
}

function eventIn(line: string, target: Target): readonly ContainerEvent[] {
  const event = decodeEvent(line);
  if (event?.project !== target.project || target.pods?.includes(event.pod) === false) return [];
  return selectsContainer(target, event.pod, event.container) ? [event] : [];
}
