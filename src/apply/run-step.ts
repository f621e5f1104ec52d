import { firstOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { ruleFor } from '../kube/spec/restart-policy.ts';
import type { Step } from '../plan/step.ts';
import { carryOutHooks, runHooks } from './run-hooks.ts';
import type { AttachedContainer } from '../podman/operations/definition.ts';
import { commandOf, definitionOf, policyOf, retryOf } from '../podman/operations/registry.ts';
import { explainReport } from '../podman/operations/reports.ts';
import { explainPodmanFailure, isTransient, podmanMessage, podmanNotStarted } from '../podman/errors.ts';
import type { Operation } from '../podman/operations/operation.ts';
import { attachedExitCode } from '../podman/inspect/attached-exit.ts';
import { readMessage } from '../podman/inspect/termination-message.ts';
import { succeeded, type OnLine, type ProcessEnd } from '../platform/process.ts';
import { stopContainerCommand } from '../podman/operations/stop.ts';
import { killStoppingContainers } from './kill-stopping.ts';
import { awaitReadiness } from './await-readiness.ts';
import { awaitStartup } from './await-startup.ts';
import { resolveArguments, runnableCommand } from './runnable-command.ts';
import { backOffSeconds, restarted, type BackOff } from '../kubelet/container-lifecycle.ts';
import { scaleOf } from '../kubelet/watched-restarts.ts';
import type { WatcherRecord } from '../podman/watcher-record.ts';
import { restartsOf } from './restarts-of.ts';
import type { ExecuteContext, StepLock } from './context.ts';
import { stopped, type StepFailure } from './events.ts';
import { withinDeadline } from './within-deadline.ts';

/** How many of the last lines of a failed init container are shown. */
const LAST_LINES = 20;

/** Runs a step with its retries. Rolls back if it fails. Returns undefined if it has succeeded. */
export async function runStep(step: Step, context: ExecuteContext): Promise<StepFailure | undefined> {
  const failure = await withinDeadline(step, context, (own) => tryWithRetries(step, own));
  return failure === undefined || step.undo === undefined
    ? failure
    : { ...failure, undone: await undo(step.undo, context) };
}

async function tryWithRetries(step: Step, context: ExecuteContext): Promise<StepFailure | undefined> {
  const { emit, clock, stop, passed } = context;
  const lock = lockOf(step, context);
  const scale = scaleOf(context.settings);
  const now = () => clock.now() / scale;
  let backOff: BackOff | undefined;
  let restarts: WatcherRecord | undefined;
  for (let attempt = 1; ; attempt++) {
    emit({ kind: 'step-started', step, attempt });
    const attempted = attempt === 1 ? step : retriedStep(step, restarts);
    lock?.pause();
    const failure = await retryWhileTransient(attempted, attempt, context);
    const mayGoOn = await lock?.resume();
    if (mayGoOn === false) return { kind: 'stopped', because: 'interrupted' };
    if (failure?.kind !== 'init-container' || !isRetried(step, failure.exitCode)) return failure;
    const end = { exitCode: failure.exitCode, finishedAt: now() };
    const seconds = backOffSeconds(end, backOff) * scale;
    if (stop.aborted || passed?.aborted === true || clock.now() + seconds * 1000 > context.retryUntil)
      return failure;
    emit({ kind: 'step-waiting', step, attempt, exitCode: failure.exitCode, seconds });
    const { signal: over, release } = firstOf(stop, passed);
    await clock.sleep(seconds * 1000, over);
    release();
    // The failed container is kept for inspection.
    if (isAborted(over)) return failure;
    backOff = restarted(backOff, end, now());
    restarts = await restartsOf(step, { attempt, exitCode: failure.exitCode, seconds, backOff }, context);
  }
}

/** The lock that is paused while the step waits for an init container; absent for other steps. */
function lockOf({ operation }: Step, { lock }: ExecuteContext): StepLock | undefined {
  const { attached, awaits } = policyOf(operation);
  return attached === undefined && awaits === undefined ? undefined : lock;
}

function isRetried({ retry, retryRules }: Step, exitCode: number): boolean {
  return retry === 'back-off' && (retryRules === undefined || ruleFor(retryRules, exitCode) !== undefined);
}

/** Attempts after transient errors, and the pause before the first retry. */
const TRANSIENT_ATTEMPTS = 4;
const TRANSIENT_MILLISECONDS = 200;

async function retryWhileTransient(
  step: Step,
  attempt: number,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { clock, stop } = context;
  const { waitsBefore } = policyOf(step.operation);
  if (waitsBefore !== undefined) await clock.sleep(waitsBefore, stop);
  for (let count = 1; ; count++) {
    const failure = await tryStep(count === 1 ? step : retriedStep(step), attempt, context);
    if (failure?.kind !== 'command' || !isTransient(failure.diagnostic)) return failure;
    if (count === TRANSIENT_ATTEMPTS || isAborted(stop)) return failure;
    await clock.sleep(TRANSIENT_MILLISECONDS * count, stop);
  }
}

/** Runs rollback operations. A failed one does not stop the others. Returns whether all succeeded. */
export async function undo(operations: readonly Operation[], context: ExecuteContext): Promise<boolean> {
  let isUndone = true;
  for (const operation of operations) {
    const { hooks } = policyOf(operation);
    if (hooks !== undefined) {
      isUndone &&= (await carryOutHooks(hooks, context, context.kill)) === undefined;
      continue;
    }
    const command = commandOf(operation, context.capabilities, context.podman.program);
    const args = await resolveArguments(command, context);
    const hasSucceeded =
      args.ok &&
      succeeded(await context.podman.run(runnableCommand(command, args.value, context), IGNORE).end);
    isUndone &&= hasSucceeded;
  }
  return isUndone;
}

function retriedStep(step: Step, restarts?: WatcherRecord): Step {
  return { ...step, operation: retryOf(step.operation, restarts) };
}

async function tryStep(
  step: Step,
  attempt: number,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { podman, capabilities, emit, stop, kill } = context;
  const { operation } = step;
  const policy = policyOf(operation);
  if (policy.hooks !== undefined) return runHooks(policy.hooks, step, context);
  if (policy.awaits !== undefined) return awaitStartup(step, policy.awaits, context);
  if (policy.awaitsReady !== undefined) return awaitReadiness(step, policy.awaitsReady, context);
  const command = commandOf(operation, capabilities, podman.program);
  const args = await resolveArguments(command, context);
  if (isAborted(stop)) return stopped(stop);
  if (!args.ok)
    return { kind: 'command', diagnostic: explain(args.error, args.error.stderr.split('\n'), step, context) };

  const { attached, stops } = policy;
  const lastLines: string[] = [];
  const errorLines: string[] = [];
  const onLine: OnLine = (line, stream) => {
    if (line === policy.hiddenLine) return;
    const isPodmans = attached === undefined || PODMANS_LINE.test(line);
    const shown = isPodmans ? context.secrets.redact(line) : line;
    lastLines.push(shown);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    if (stream === 'stderr') errorLines.push(line);
    if (errorLines.length > LAST_LINES) errorLines.shift();
    emit({ kind: 'step-output', step, stream, line: shown });
  };
  const runnable = runnableCommand(command, args.value, context);
  const start = policy.streams === undefined ? podman.run : podman.stream;
  const child = start(runnable, onLine);

  let isStopped = false;
  const wasStopped = () => isStopped;
  const ended = new AbortController();
  const onStop = () => {
    // Short commands finish. Long ones are ended: a pull or an init container can run again.
    if (attached !== undefined) {
      isStopped = true;
      void stopContainer(attached, context, ended.signal);
    } else if (policy.stopped === 'terminate') {
      isStopped = true;
      child.kill('SIGTERM');
    }
  };
  const onKill = () => {
    if (stops !== undefined) void killStoppingContainers(stops, child, ended.signal, context);
    else {
      // Killing only the command would leave its container running. By command: podman's service may hang.
      if (attached !== undefined) void podman.query({ args: ['kill', attached.name] });
      child.kill('SIGKILL');
    }
  };
  stop.addEventListener('abort', onStop, { once: true });
  kill.addEventListener('abort', onKill, { once: true });
  const end = await child.end;
  // With a reason, Node makes no error with a stack for it.
  ended.abort('ended');
  stop.removeEventListener('abort', onStop);
  kill.removeEventListener('abort', onKill);

  const wasTerminated = policy.stopped === 'terminate' && wasStopped();
  if (succeeded(end) && !wasTerminated) {
    if (policy.startsSidecar !== undefined) context.sidecars.add(policy.startsSidecar);
    return undefined;
  }
  if (policy.endedAlready !== undefined && podmanMessage(errorLines).endsWith(policy.endedAlready))
    return undefined;
  if (wasStopped() || isAborted(kill)) return stopped(stop);
  if (attached !== undefined && end.kind === 'exited' && !isPodmansOwn(end.exitCode, errorLines)) {
    const exitCode = await attachedExitCode(podman, attached.name, end.exitCode);
    const message = await readMessage(podman, attached.message, exitCode);
    const withMessage = message === '' ? {} : { message };
    return { kind: 'init-container', exitCode, attempts: attempt, lastLines, ...withMessage };
  }
  return { kind: 'command', diagnostic: explain(end, errorLines, step, context) };
}

const IGNORE: OnLine = () => undefined;

const STOP_RETRY_MILLISECONDS = 250;

/** Stops the container until it has ended: podman succeeds for one that is created, and starts only then. */
async function stopContainer(
  { name, graceSeconds }: AttachedContainer,
  { podman, clock, capabilities }: ExecuteContext,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await podman.run(stopContainerCommand(name, graceSeconds, capabilities), IGNORE).end;
    await clock.sleep(STOP_RETRY_MILLISECONDS, ended);
  }
}

/**
 * Whether the exit code of `podman run` is podman's own (podman-run(1), Exit Status): 125 is an error of podman, 126 and
 * 127 mean that the command could not be run. Other codes are those of the container. A container may exit with 125 to
 * 127, too, but then podman does not print `Error:` last.
 */
function isPodmansOwn(exitCode: number, errorLines: readonly string[]): boolean {
  return exitCode >= 125 && exitCode <= 127 && (errorLines.at(-1)?.startsWith('Error:') ?? false);
}

/** Lines of podman in the output of an init container. Other lines are the container's own, and not redacted. */
const PODMANS_LINE = /^Error: |^time="[^"]*" level=/;

/** The failure as a diagnostic, with secret values redacted: podman and the system quote arguments. */
function explain(
  end: ProcessEnd,
  errorLines: readonly string[],
  step: Step,
  { podman, secrets }: ExecuteContext,
): Diagnostic {
  const diagnostic = explainEnd(end, errorLines, step, podman.program);
  const { message, help } = diagnostic;
  return {
    ...diagnostic,
    message: secrets.redact(message),
    ...(help === undefined ? {} : { help: secrets.redact(help) }),
  };
}

function explainEnd(end: ProcessEnd, errorLines: readonly string[], step: Step, podman: string): Diagnostic {
  const what = `cannot ${definitionOf(step.operation).describe(step.operation)}`;
  if (end.kind === 'not-started') return podmanNotStarted(podman, end.reason, end.message, what);
  if (end.kind === 'signalled')
    return explainPodmanFailure([...errorLines, `Error: podman was ended by ${end.signal}`], what);
  const report = end.kind === 'exited' ? explainReport(end.exitCode, errorLines, what) : undefined;
  return withOwnHelp(report ?? explainPodmanFailure(errorLines, what), step);
}

/** Adds what helps after this failure of this operation. */
function withOwnHelp(diagnostic: Diagnostic, { operation }: Step): Diagnostic {
  const { code, help = '' } = diagnostic;
  const { failureHelp } = policyOf(operation);
  return failureHelp?.code === code ? { ...diagnostic, help: `${failureHelp.help}\n${help}` } : diagnostic;
}

/** A function, because the compiler assumes that `signal.aborted` does not change during `await`. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
