import { abortController, anyOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { keepDeadlines } from '../kubelet/deadlines.ts';
import { follow } from './follow-rollout.ts';
import { waitForRollout } from './wait-for-rollout.ts';
import type { FailedContainer, Progress } from '../kube/status/rollout-status.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { seesWhatItStarts } from '../plan/verifies-start.ts';
import { containerName } from '../podman/names.ts';
import type { ProcessRunner } from '../platform/process.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { containerWatch, type ContainerWatch } from './container-watch.ts';
import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import { logPrinter } from '../view/log-printer.ts';
import { logTools } from './log-tools.ts';
import type { Prepared } from './prepare.ts';
import { flag, type Session } from '../cli/session.ts';
import { stopPod, stopPods } from './stop-pods.ts';
import type { StopControl } from './stop-control.ts';

/**
 * What `up` does once its plan is carried out: a last look, waiting, or staying with the logs.
 * @param begun when it began, in milliseconds since 1970
 */
export async function afterUp(
  session: Session,
  prepared: Prepared,
  control: StopControl,
  begun: number,
): Promise<ExitCode> {
  const { platform, values, run } = session;
  const pods = prepared.loaded.pods.map(({ pod }) => pod);
  const watch = containerWatch(session, prepared.project, control.stop);
  if (!flag(values, 'detach') && !flag(values, 'wait'))
    return stayAttached(session, prepared, control, run, watch, begun);
  if (seesWhatItStarts(prepared.plan) && !flag(values, 'wait')) return EXIT.done;
  if (!flag(values, 'wait'))
    return verdict(
      session,
      await waitForRollout(pods, watch.look, platform.clock, AbortSignal.abort()),
      control,
      pods,
      watch,
    );
  const deadlines = startDeadlines(session, prepared, control, run, watch);
  const progress = await waitForRollout(pods, watch.look, platform.clock, anyOf(control.stop, watch.failed));
  return verdict(session, progress, control, pods, watch, await deadlines.end());
}

async function stayAttached(
  session: Session,
  prepared: Prepared,
  control: StopControl,
  run: ProcessRunner,
  watch: ContainerWatch,
  begun: number,
): Promise<ExitCode> {
  const pods = prepared.loaded.pods.map(({ pod }) => pod);
  const sources = pods.flatMap((pod) =>
    pod.containers.map((container) => ({
      pod: pod.name,
      container: container.name,
      name: containerName(pod, container),
    })),
  );
  const fresh = new Set(
    prepared.plan.changes.flatMap(({ subject, action }) =>
      subject.kind === 'container' && (action === 'create' || action === 'replace')
        ? [containerName({ name: subject.pod }, subject)]
        : [],
    ),
  );
  session.say(session.paintErr('faint', 'Following the logs. Ctrl-C stops the pods.\n'));
  const finish = abortController();
  const printer = logPrinter(session, sources);
  const following = follow(pods, fresh, {
    tools: logTools(session),
    begun,
    look: watch.look,
    onLines: printer.print,
    report: session.report,
    finish: finish.signal,
    stop: control.kill,
  }).then(async (progress) => {
    await printer.end();
    return progress;
  });
  const deadlines = startDeadlines(session, prepared, control, run, watch);
  await Promise.race([following, aborted(control.stop)]);
  if (!control.stop.aborted)
    return verdict(session, await following, control, pods, watch, await deadlines.end());
  await deadlines.end();
  await stopPods(session, pods, control, run);
  // What the containers said last is shown, too, unless whoever reads has stopped reading.
  finish.abort();
  await Promise.race([following, aborted(control.kill)]);
  return control.stop.reason === 'timeout' ? EXIT.failed : EXIT.interrupted;
}

interface Deadlines {
  /** Looks after them no longer. Gives the pods that had to be stopped. */
  readonly end: () => Promise<readonly DesiredPod[]>;
}

function startDeadlines(
  session: Session,
  { loaded }: Prepared,
  control: StopControl,
  run: ProcessRunner,
  { look }: ContainerWatch,
): Deadlines {
  const { platform } = session;
  const over = abortController();
  const kept = keepDeadlines(
    loaded.pods.map(({ pod }) => pod),
    {
      clock: platform.clock,
      today: platform.today,
      look,
      stopPod: async (pod) => {
        await stopPod(session, pod, control, run);
      },
      over: anyOf(over.signal, control.stop),
    },
  );
  return {
    end: () => {
      over.abort();
      return kept;
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** What podman says of a container that it has ended after a time. */
const TIMED_OUT = -1;

/** @param late the pods that were stopped at their deadlines */
async function verdict(
  session: Session,
  progress: Progress,
  control: StopControl,
  pods: readonly DesiredPod[],
  watch: ContainerWatch,
  late: readonly DesiredPod[] = [],
): Promise<ExitCode> {
  if (late.length > 0) {
    session.report(
      late.map(({ name, activeDeadlineSeconds = 0 }) => ({
        code: 'deadline-exceeded',
        severity: 'error',
        message: `pod ${name} was stopped: it has run for its activeDeadlineSeconds, ${activeDeadlineSeconds}`,
      })),
    );
    return EXIT.failed;
  }
  if (progress.kind === 'failed') {
    const messages = await Promise.all(progress.containers.map((failed) => messageOf(session, pods, failed)));
    session.report(
      progress.containers.map(({ pod, container, exitCode }, index) => ({
        code: 'container-failed',
        severity: 'error',
        message: `container ${container} of pod ${pod} ${endOf(pods, pod, exitCode)}${messages[index] ?? ''}`,
        help: `podpose logs ${pod} -c ${container} shows what it printed.`,
      })),
    );
    return EXIT.failed;
  }
  if (progress.kind === 'running' && control.stop.aborted)
    return control.stop.reason === 'timeout' ? EXIT.failed : EXIT.interrupted;
  const unseen = watch.error();
  if (unseen === undefined) return EXIT.done;
  session.report([...unseen, NOT_SEEN]);
  return EXIT.failed;
}

/** What has been started may run, and may have ended at once. */
const NOT_SEEN: Diagnostic = {
  code: 'containers-not-seen',
  severity: 'error',
  message:
    'everything has been started, but podman does not list the containers, and so it is not known whether they run',
  help: '`podpose ps` looks again.',
};

function endOf(pods: readonly DesiredPod[], pod: string, exitCode: number): string {
  const { activeDeadlineSeconds } = pods.find(({ name }) => name === pod) ?? {};
  return exitCode === TIMED_OUT && activeDeadlineSeconds !== undefined
    ? `was ended: it has run for the activeDeadlineSeconds of its pod, ${activeDeadlineSeconds}`
    : `has ended with exit code ${exitCode}`;
}

/** The first line of its termination message, to stand behind how it ended; empty where it has left none. */
async function messageOf(
  session: Session,
  pods: readonly DesiredPod[],
  { pod: podName, container: name, exitCode }: FailedContainer,
): Promise<string> {
  const pod = pods.find((candidate) => candidate.name === podName);
  const container = pod?.containers.find((candidate) => candidate.name === name);
  if (pod === undefined || container === undefined) return '';
  const source = messageSource(pod, container);
  const message = await readMessage(session.run, session.podman, source, exitCode);
  return message === '' ? '' : `: ${message.split('\n', 1)[0] ?? ''}`;
}
