import type { DesiredPod, RestartPolicy } from '../pod/desired.ts';
import { containerName } from '../podman/names.ts';
import type { ObservedContainer } from '../podman/observed.ts';
import type { ProcessRunner, RunningProcess } from '../podman/process.ts';
import { progressOf, type Progress } from './await-end.ts';
import type { Clock } from './execute.ts';
import { readLogs, type LogSource, type OnLogLine } from './follow-logs.ts';

export interface FollowContext {
  readonly run: ProcessRunner;
  readonly podman: string;
  readonly clock: Clock;
  /** Milliseconds since 1970: what containers that are not new printed before is not shown. */
  readonly begun: number;
  readonly look: () => Promise<readonly ObservedContainer[]>;
  readonly onLine: OnLogLine;
  readonly stop: AbortSignal;
}

/** How long a container that has ended is given to be running again, in milliseconds from one look to the next. */
const LOOKS = [300];
/** The same for one that podman starts again by itself, which may take a while on a busy machine. */
const PATIENT_LOOKS = [300, 700, 1500];

/**
 * Shows the output of the containers of some pods until all of them have ended for good, or until it is
 * told to stop. Gives how far they have come.
 * @param fresh podman's names of the containers that are new: all that they have printed is shown
 */
export async function follow(
  pods: readonly DesiredPod[],
  fresh: ReadonlySet<string>,
  context: FollowContext,
): Promise<Progress> {
  const running = new Set<RunningProcess>();
  const endAll = () => {
    for (const logs of running) logs.kill('SIGTERM');
  };
  context.stop.addEventListener('abort', endAll, { once: true });
  await Promise.all(
    pods.flatMap((pod) =>
      pod.containers.map((container) => {
        const name = containerName(pod, container);
        const source = { pod: pod.name, container: container.name, name };
        const since = fresh.has(name) ? undefined : new Date(context.begun).toISOString();
        return followContainer(source, since, container.restartPolicy, running, context);
      }),
    ),
  );
  context.stop.removeEventListener('abort', endAll);
  return progressOf(pods, await context.look());
}

/**
 * podman's log ends with the container, sooner or later, also where its restart policy has started it again by
 * then. It is taken up where it was left: at the time of the last line.
 */
async function followContainer(
  source: LogSource,
  begin: string | undefined,
  policy: RestartPolicy,
  running: Set<RunningProcess>,
  context: FollowContext,
): Promise<void> {
  let since = begin;
  let latest = '';
  const read = async (isFollowed: boolean) => {
    const known = latest;
    const options = { follow: isFollowed, timestamps: true, ...(since === undefined ? {} : { since }) };
    const logs = readLogs(context.run, context.podman, source, options, (_source, line, stream) => {
      const stamped = readStamp(line);
      // podman's own words have no time, and are not the container's.
      if (stamped === undefined || stamped.order <= known) return;
      if (stamped.order > latest) {
        latest = stamped.order;
        since = stamped.time;
      }
      context.onLine(source, stamped.text, stream);
    });
    running.add(logs);
    await logs.end;
    running.delete(logs);
  };
  do await read(true);
  while (await runsAgain(source, policy, context));
  // It may have run, and ended, since its log was read.
  if (policy !== 'Never' && !context.stop.aborted) await read(false);
}

async function runsAgain(
  { name }: LogSource,
  policy: RestartPolicy,
  { clock, look, stop }: FollowContext,
): Promise<boolean> {
  for (const milliseconds of policy === 'Never' ? LOOKS : PATIENT_LOOKS) {
    await clock.sleep(milliseconds, stop);
    if (stop.aborted) return false;
    const found = (await look()).find((container) => container.name === name);
    if (found?.state === 'running') return true;
    if (found === undefined || (policy === 'OnFailure' && found.exitCode === 0)) return false;
  }
  return false;
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) ?(.*)$/s;

interface Stamped {
  readonly time: string;
  /** The same in a form whose order as text is that of time: podman leaves out the zeros at the end. */
  readonly order: string;
  readonly text: string;
}

/** Takes a line of `podman logs --timestamps` apart; undefined when there is no time before it. */
function readStamp(line: string): Stamped | undefined {
  const match = STAMPED.exec(line);
  if (match === null) return undefined;
  const [, seconds = '', fraction = '', zone = '', text = ''] = match;
  return {
    time: `${seconds}${fraction === '' ? '' : `.${fraction}`}${zone}`,
    order: `${seconds}.${fraction.padEnd(9, '0')}`,
    text,
  };
}
