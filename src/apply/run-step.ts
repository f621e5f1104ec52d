import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { Step } from '../plan/step.ts';
import type { Argument, Command } from '../podman/operations/argument.ts';
import { commandOf } from '../podman/operations/command.ts';
import { inputBytes } from '../podman/operations/input.ts';
import { explainPodmanFailure, isTransient, podmanMessage, podmanNotStarted } from '../podman/errors.ts';
import { containerName } from '../podman/names.ts';
import type { Operation, RunContainer } from '../podman/operations/operation.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { succeeded, type OnLine, type ProcessEnd } from '../platform/process.ts';
import { podmanCommand, type Answer, type RunnableCommand } from '../podman/client/client.ts';
import { killWhatStops, stoppedBy } from './kill-stop.ts';
import { backOffSeconds } from '../kubelet/back-off.ts';
import type { ExecuteContext } from './context.ts';
import { stopReason, type StepFailure } from './events.ts';
import { describeOperation } from './describe-operation.ts';

/** How many of the last lines of a failed init container are shown. */
const LAST_LINES = 20;

/**
 * Runs one step to its end, with its retries. Gives undefined when it has succeeded; when it has not, what the
 * step says has been done to bring back what was there before.
 */
export async function runStep(step: Step, context: ExecuteContext): Promise<StepFailure | undefined> {
  const failure = await tryWithRetries(step, context);
  return failure === undefined || step.undo === undefined
    ? failure
    : { ...failure, undone: await undo(step.undo, context) };
}

async function tryWithRetries(step: Step, context: ExecuteContext): Promise<StepFailure | undefined> {
  const { emit, clock, stop } = context;
  for (let attempt = 1; ; attempt++) {
    emit({ kind: 'step-started', step, attempt });
    const attempted = attempt === 1 ? step : again(step);
    const failure = await retryWhileTransient(attempted, attempt, context);
    if (failure?.kind !== 'init-container' || step.retry !== 'back-off') return failure;
    const seconds = backOffSeconds(attempt);
    if (stop.aborted || clock.now() + seconds * 1000 > context.retryUntil) return failure;
    emit({ kind: 'step-waiting', step, attempt, exitCode: failure.exitCode, seconds });
    await clock.sleep(seconds * 1000, stop);
    // The one that has failed stays to be looked at.
    if (isGiven(stop)) return failure;
  }
}

/** How often a command is tried that fails for a reason that passes by itself, and how long between. */
const TRANSIENT_ATTEMPTS = 4;
const TRANSIENT_MILLISECONDS = 200;

/**
 * A container that ends as soon as it has begun is not to be seen running in between. `podman start` itself takes about
 * as long once more after the container has begun.
 */
const SEEN_AFTER_MILLISECONDS = 30;

async function retryWhileTransient(
  step: Step,
  attempt: number,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { clock, stop } = context;
  if (step.operation.kind === 'verify-running') await clock.sleep(SEEN_AFTER_MILLISECONDS, stop);
  for (let count = 1; ; count++) {
    const failure = await tryStep(count === 1 ? step : again(step), attempt, context);
    if (failure?.kind !== 'command' || !isTransient(failure.diagnostic)) return failure;
    if (count === TRANSIENT_ATTEMPTS || isGiven(stop)) return failure;
    await clock.sleep(TRANSIENT_MILLISECONDS * count, stop);
  }
}

/** Tries each, also when one of them fails; gives whether all have succeeded. */
export async function undo(operations: readonly Operation[], context: ExecuteContext): Promise<boolean> {
  let isUndone = true;
  for (const operation of operations) {
    const command = commandOf(operation, context.capabilities, context.podman.program);
    const args = await resolveArguments(command, context);
    const isDone =
      args.ok &&
      succeeded(await context.podman.run(runnableCommand(command, args.value, context), IGNORE).end);
    isUndone &&= isDone;
  }
  return isUndone;
}

/** The same once more: the failed container makes room for a new one, as on a cluster. */
function again(step: Step): Step {
  return step.operation.kind === 'run-container'
    ? { ...step, operation: { ...step.operation, replace: true } }
    : step;
}

async function tryStep(
  step: Step,
  attempt: number,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { podman, capabilities, emit, stop, kill } = context;
  const { operation } = step;
  const command = commandOf(operation, capabilities, podman.program);
  const args = await resolveArguments(command, context);
  if (isGiven(stop)) return { kind: 'stopped', because: stopReason(stop) };
  if (!args.ok)
    return { kind: 'command', diagnostic: explain(args.error, args.error.stderr.split('\n'), step, context) };

  const isInit = operation.kind === 'run-container' && operation.container.role === 'init';
  const lastLines: string[] = [];
  const errorLines: string[] = [];
  const replaced = replacedName(operation);
  const onLine: OnLine = (line, stream) => {
    if (line === replaced) return;
    const isPodmans = !isInit || PODMANS_LINE.test(line);
    const shown = isPodmans ? context.secrets.redact(line) : line;
    lastLines.push(shown);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    if (stream === 'stderr') errorLines.push(line);
    if (errorLines.length > LAST_LINES) errorLines.shift();
    emit({ kind: 'step-output', step, stream, line: shown });
  };
  const runnable = runnableCommand(command, args.value, context);
  // What these print is shown as it comes.
  const begin = isInit || operation.kind === 'pull-image' ? podman.stream : podman.run;
  const child = begin(runnable, onLine);

  let stopped = false;
  const wasStopped = () => stopped;
  const over = new AbortController();
  const onStop = () => {
    // Short commands are waited for. What may go on for long is ended: nothing of it is lost.
    if (isInit) {
      stopped = true;
      void stopContainer(operation, context, over.signal);
    } else if (operation.kind === 'pull-image') {
      stopped = true;
      child.kill('SIGTERM');
    }
  };
  const onKill = () => {
    const target = stoppedBy(operation);
    if (target !== undefined) void killWhatStops(target, child, over.signal, context);
    else {
      // The container would outlive the command that waits for it, and so would the request to stop it.
      if (isInit) void podman.query({ args: ['kill', nameOf(operation)] });
      child.kill('SIGKILL');
    }
  };
  stop.addEventListener('abort', onStop, { once: true });
  kill.addEventListener('abort', onKill, { once: true });
  const end = await child.end;
  over.abort();
  stop.removeEventListener('abort', onStop);
  kill.removeEventListener('abort', onKill);

  // `podman pull` ends with 0 when it is told to stop: nothing says then that the image is there.
  const wasCutShort = operation.kind === 'pull-image' && wasStopped();
  if (succeeded(end) && !wasCutShort) return undefined;
  if (hasEndedAlready(operation, errorLines)) return undefined;
  if (wasStopped() || isGiven(kill)) return { kind: 'stopped', because: stopReason(stop) };
  if (isInit && end.kind === 'exited' && !isPodmansOwn(end.exitCode, errorLines)) {
    const source = messageSource(operation.pod, operation.container);
    const message = await readMessage(podman, source, end.exitCode);
    const said = message === '' ? {} : { message };
    return { kind: 'init-container', exitCode: end.exitCode, attempts: attempt, lastLines, ...said };
  }
  return { kind: 'command', diagnostic: explain(end, errorLines, step, context) };
}

/**
 * Whether all that was to be stopped had ended before: podman 4.3.1 still takes a container for stopping whose process and
 * conmon were killed, and fails to stop it.
 */
function hasEndedAlready({ kind }: Operation, errorLines: readonly string[]): boolean {
  return kind === 'stop-containers' && podmanMessage(errorLines).endsWith('container not running');
}

const IGNORE: OnLine = () => undefined;

/** The command with all that it needs. This is the one place where a secret leaves its keeper. */
function runnableCommand(
  { program, input, api }: Command,
  args: readonly string[],
  { secrets }: ExecuteContext,
): RunnableCommand {
  const bytes = input === undefined ? undefined : inputBytes(input, secrets.reveal);
  return {
    program,
    args,
    ...(bytes === undefined ? {} : { input: bytes }),
    ...(api === undefined ? {} : { api }),
  };
}

/**
 * Asks podman for what the arguments leave open. Where it has no answer the command is not to be run: what
 * is left of a path in a volume would be a path on the machine.
 */
async function resolveArguments(
  { args }: Command,
  context: ExecuteContext,
): Promise<Result<readonly string[], Answer>> {
  const resolved: string[] = [];
  for (const argument of args) {
    const word = await resolveArgument(argument, context);
    if (!word.ok) return word;
    resolved.push(word.value);
  }
  return success(resolved);
}

async function resolveArgument(argument: Argument, context: ExecuteContext): Promise<Result<string, Answer>> {
  if (typeof argument === 'string') return success(argument);
  const { before, ask, end = '' } = argument;
  const answer = await context.podman.query({ args: ask }, context.stop);
  if (!succeeded(answer)) return failure(answer);
  const after = await resolveArgument(argument.after, context);
  const said = answer.stdout.slice(0, answer.stdout.length - end.length);
  return after.ok ? success(`${before}${said}${after.value}`) : after;
}

/** What `podman run --replace` prints before anything else: the name of the container that made room. */
function replacedName(operation: Operation): string | undefined {
  return operation.kind === 'run-container' && operation.replace
    ? containerName(operation.pod, operation.container)
    : undefined;
}

const STOP_AGAIN_MILLISECONDS = 250;

/** Asks until the container has stopped: a container that podman is only about to create cannot be stopped yet. */
async function stopContainer(
  operation: RunContainer,
  { podman, clock }: ExecuteContext,
  over: AbortSignal,
): Promise<void> {
  const seconds = operation.container.terminationGracePeriodSeconds.toString();
  while (!over.aborted) {
    const stop = podman.run(podmanCommand('stop', '--time', seconds, nameOf(operation)), IGNORE);
    if (succeeded(await stop.end)) return;
    await clock.sleep(STOP_AGAIN_MILLISECONDS, over);
  }
}

function nameOf({ pod, container }: RunContainer): string {
  return containerName(pod, container);
}

/**
 * Whether `podman run` failed by itself and not by its container, whose exit code it passes on: 125 is its
 * own failure, 126 and 127 that the command could not be run (podman-run(1), Exit Status). A container may
 * end with these codes as well, but does not print podman's `Error:` last.
 */
function isPodmansOwn(exitCode: number, errorLines: readonly string[]): boolean {
  return exitCode >= 125 && exitCode <= 127 && (errorLines.at(-1)?.startsWith('Error:') ?? false);
}

/** What podman says among the output of an init container, which is the container's own and shown as it is. */
const PODMANS_LINE = /^Error: |^time="[^"]*" level=/;

/** Secret values are hidden in what podman says, and first of all in what the system says where it cannot be run. */
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
  const what = `cannot ${describeOperation(step.operation)}`;
  if (end.kind === 'not-started') return podmanNotStarted(podman, end.reason, end.message, what);
  if (end.kind === 'signalled')
    return explainPodmanFailure([...errorLines, `Error: podman was ended by ${end.signal}`], what);
  return explainPodmanFailure(errorLines, what);
}

/** A signal changes while we wait, which the compiler does not expect of a property. */
function isGiven(signal: AbortSignal): boolean {
  return signal.aborted;
}
