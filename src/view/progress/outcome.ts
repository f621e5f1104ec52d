import type { Outcome, StepFailure } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Step } from '../../plan/step.ts';
import type { OperationWords } from '../../podman/operations/definition.ts';
import { isConflict, isTransient } from '../../podman/errors.ts';
import { renderDiagnostics } from '../diagnostics/diagnostics.ts';
import { wrapLine } from '../terminal/wrap.ts';
import { failureWords } from './failure-words.ts';
import { plainLine } from './plain-line.ts';
import { isInternal, podOf, stepTarget, stepWords } from './step-words.ts';

export interface OutcomeContext {
  readonly project: string;
  readonly paint: Paint;
  /** The width for wrapping; absent if the output is not a terminal. */
  readonly columns?: number | undefined;
}

/** Maximum number of output lines, shared between the failed containers. */
const OUTPUT_LINES = 20;
const LEAST_OUTPUT_LINES = 4;
/** Maximum number of failures shown in full. */
const FAILURES = 5;
const INDENT = '   ';
/** Maximum number of names in a list. */
const NAMES = 8;

/**
 * Renders the outcome of an incomplete run: the failures, the resulting state and the next command, on one screen.
 * Empty for a successful run.
 */
export function renderOutcome(outcome: Outcome, { project, paint, columns }: OutcomeContext): string {
  if (outcome.status === 'done') return '';
  const failed = outcome.failed.filter(({ failure }) => failure.kind !== 'stopped');
  const share = Math.max(LEAST_OUTPUT_LINES, Math.floor(OUTPUT_LINES / Math.max(1, failed.length)));
  const paragraphs = [
    ...(outcome.status === 'failed' ? [] : [stopLines(outcome.status)]),
    ...failed
      .slice(0, FAILURES)
      .map(({ step, failure }) => failureLines(step, failure, share, { project, paint, columns })),
    ...(failed.length > FAILURES ? [[`and ${failed.length - FAILURES} more failed`]] : []),
    stateLines(outcome, project).flatMap((line) => wrapLine(line, columns, INDENT)),
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function stopLines(reason: 'interrupted' | 'timeout'): readonly string[] {
  return [reason === 'timeout' ? 'Timed out (--timeout).' : 'Interrupted.'];
}

function failureLines(
  step: Step,
  failure: StepFailure,
  share: number,
  { project, paint, columns }: OutcomeContext,
): readonly string[] {
  const layout = columns === undefined ? {} : { columns, isWrapped: true };
  if ('diagnostic' in failure)
    return renderDiagnostics([failure.diagnostic], new Map(), paint, layout).trimEnd().split('\n');
  const [pod = '', container = ''] = [podOf(step), stepTarget(step).container];
  const heading = `${paint('error', 'error:')} init container ${container} of pod ${pod} ${failureWords(failure)}`;
  if (failure.kind === 'stopped') return [heading];
  const lines = failure.lastLines.slice(-share);
  const message = failure.message === undefined ? [] : failure.message.split('\n').slice(-share);
  return [
    heading,
    ...message.map((line) => `   message: ${plainLine(line)}`),
    ...(lines.length === 0
      ? ['   No output.']
      : lines.map((line) => `   ${paint('faint', '|')} ${plainLine(line)}`)),
    `   ${paint('strong', 'help:')} podpose -p ${project} logs ${pod}/${container}   shows its full log`,
  ];
}

/** The state of the pods now, and the next command. */
function stateLines(outcome: Outcome, project: string): readonly string[] {
  const { succeeded, failed, skipped } = outcome;
  const restored = stepsUndone(outcome, true);
  const lost = stepsUndone(outcome, false);
  const isReverted = ({ cause }: Step) => [...restored, ...lost].some((step) => step.cause === cause);
  // A failed init container still exists and can be inspected.
  const ended = failed.filter(({ failure }) => failure.kind === 'init-container').map(({ step }) => step);
  const kept = [...succeeded, ...ended].filter((step) => isCreation(step) && !isReverted(step));
  const isNamed = subjectsOf([...kept, ...restored, ...lost]);
  const removed = succeeded.filter((step) => isRemoval(step) && !isNamed(step));
  const isGone = subjectsOf(removed);
  // A pod that was stopped is up again when one of its containers was started.
  const isUp = podsOf(kept);
  const stopped = succeeded.filter(
    (step) => isStop(step) && !isNamed(step) && !isGone(step) && !(isOfWholePod(step) && isUp(step)),
  );
  // It is unknown whether podman has created the object.
  const interrupted = failed.flatMap(({ step, failure }) =>
    failure.kind === 'stopped' && !isInternal(step) && !isNamed(step) ? [step] : [],
  );
  const isInterrupted = subjectsOf(interrupted);
  const left = skipped.filter((step) => !isInternal(step) && !isReverted(step));
  return [
    ...named('Restored', restored),
    ...named('Could not be restored', lost),
    ...named('Removed', removed),
    ...named('Stopped', stopped),
    ...named('Kept', kept),
    ...named('Interrupted', interrupted),
    ...named(
      'Skipped',
      left.filter((step) => !isNamed(step) && !isInterrupted(step)),
    ),
    nextCommand(outcome, project),
  ];
}

/** Suggests `down` only for pods that this run has created, not for replaced ones. */
function nextCommand(outcome: Outcome, project: string): string {
  const { succeeded } = outcome;
  const podsWith = (result: OperationWords['result']) =>
    succeeded.flatMap((step) => {
      const words = stepWords(step);
      const pod = podOf(step);
      return pod !== undefined && words.result === result && isOfWholePod(step) ? [pod] : [];
    });
  const replaced = podsWith('removed');
  const pods = podsWith('made').filter((pod) => !replaced.includes(pod));
  const retry = retryWords(outcome);
  if (pods.length === 0) return `${retry}.`;
  const operands = pods.length > NAMES ? '' : ` ${pods.join(' ')}`;
  return `${retry}; podpose -p ${project} down${operands} removes the new ${pods.length === 1 ? 'pod' : 'pods'}.`;
}

/**
 * Running the same command again does not help as long as the cause of the failure, or the time limit, is the same.
 */
function retryWords({ status, failed }: Outcome): string {
  if (status === 'timeout') return 'Run the same command with a longer --timeout to continue';
  const passes = ({ failure }: Outcome['failed'][number]) =>
    failure.kind === 'stopped' ||
    (failure.kind === 'command' &&
      // It was retried for a while: a container that is stuck needs the command of its message.
      failure.diagnostic.code !== 'stuck-stopping' &&
      (isTransient(failure.diagnostic) || isConflict(failure.diagnostic)));
  return failed.every(passes)
    ? 'Run the same command again to continue'
    : 'Fix the error, then run the same command again to continue';
}

function podsOf(steps: readonly Step[]): (step: Step) => boolean {
  const pods = new Set(steps.map(podOf));
  return (step) => pods.has(podOf(step));
}

function isOfWholePod(step: Step): boolean {
  return stepWords(step).subject === `pod/${podOf(step) ?? ''}`;
}

function subjectsOf(steps: readonly Step[]): (step: Step) => boolean {
  const subjects = new Set(steps.map((step) => stepWords(step).subject));
  return (step) => subjects.has(stepWords(step).subject);
}

function stepsUndone({ failed, undone }: Outcome, wanted: boolean): readonly Step[] {
  const ofFailed = failed.filter(({ failure }) => failure.undone === wanted);
  return [...ofFailed, ...undone.filter(({ isUndone }) => isUndone === wanted)].map(({ step }) => step);
}

function isCreation(step: Step): boolean {
  return stepWords(step).result === 'made';
}

function isStop(step: Step): boolean {
  return stepWords(step).result === 'stopped';
}

function isRemoval(step: Step): boolean {
  return stepWords(step).result === 'removed';
}

function named(title: string, steps: readonly Step[]): readonly string[] {
  const subjects = [...new Set(steps.map((step) => stepWords(step).subject))];
  if (subjects.length === 0) return [];
  const more = subjects.length > NAMES ? [`and ${subjects.length - NAMES} more`] : [];
  return [`${title}: ${[...subjects.slice(0, NAMES), ...more].join(', ')}`];
}
