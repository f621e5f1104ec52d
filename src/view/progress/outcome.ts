import type { Outcome, StepFailure } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Step } from '../../plan/step.ts';
import type { OperationWords } from '../../podman/operations/definition.ts';
import { isConflict, isTransient } from '../../podman/errors.ts';
import { renderDiagnostics } from '../diagnostics/diagnostics.ts';
import { wrapLine } from '../terminal/wrap.ts';
import { failureWords } from './failure-words.ts';
import { plainLine } from './plain-line.ts';
import { isPlumbing, podOf, stepTarget, stepWords } from './step-words.ts';

export interface OutcomeContext {
  readonly project: string;
  readonly paint: Paint;
  /** Lines are broken between words to fit that width; absent for what is no terminal. */
  readonly columns?: number | undefined;
}

/** So many lines of output are shown altogether; where several containers failed, each gets its share. */
const OUTPUT_LINES = 20;
const LEAST_OUTPUT_LINES = 4;
/** So many failures are told in full. */
const FAILURES = 5;
const INDENT = '   ';
/** So many things are named in a list. */
const NAMES = 8;

/**
 * What there is to say when a plan has not been carried out to its end: what failed and how, what has been
 * made and is left as it is, and what to do next. One screen; an empty text when all was done.
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
    ...(failed.length > FAILURES ? [[`and ${failed.length - FAILURES} more that failed`]] : []),
    stateLines(outcome, project).flatMap((line) => wrapLine(line, columns, INDENT)),
  ];
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function stopLines(reason: 'interrupted' | 'timeout'): readonly string[] {
  return [reason === 'timeout' ? 'Stopped, as the time given by --timeout is over.' : 'Interrupted.'];
}

function failureLines(
  step: Step,
  failure: StepFailure,
  share: number,
  { project, paint, columns }: OutcomeContext,
): readonly string[] {
  const layout = columns === undefined ? {} : { columns, isWrapped: true };
  if (failure.kind === 'command')
    return renderDiagnostics([failure.diagnostic], new Map(), paint, layout).trimEnd().split('\n');
  const [pod = '', container = ''] = [podOf(step), stepTarget(step).container];
  const heading = `${paint('error', 'error:')} init container ${container} of pod ${pod} ${failureWords(failure)}`;
  if (failure.kind === 'stopped') return [heading];
  const lines = failure.lastLines.slice(-share);
  const said = failure.message === undefined ? [] : failure.message.split('\n').slice(-share);
  return [
    heading,
    ...said.map((line) => `   message: ${plainLine(line)}`),
    ...(lines.length === 0
      ? ['   It printed nothing.']
      : lines.map((line) => `   ${paint('faint', '|')} ${plainLine(line)}`)),
    `   ${paint('strong', 'help:')} podpose -p ${project} logs ${pod} -c ${container}   shows all that it printed`,
  ];
}

/** The state of the pods now, and the next command. */
function stateLines(outcome: Outcome, project: string): readonly string[] {
  const { succeeded, failed, skipped } = outcome;
  const restored = stepsUndone(outcome, true);
  const lost = stepsUndone(outcome, false);
  const isSettled = ({ cause }: Step) => [...restored, ...lost].some((step) => step.cause === cause);
  // A container that came to a bad end is there all the same, to be looked at.
  const ended = failed.filter(({ failure }) => failure.kind === 'init-container').map(({ step }) => step);
  const kept = [...succeeded, ...ended].filter((step) => isMaking(step) && !isSettled(step));
  const isNamed = subjectsOf([...kept, ...restored, ...lost]);
  const removed = succeeded.filter((step) => isRemoval(step) && !isNamed(step));
  const isGone = subjectsOf(removed);
  const stopped = succeeded.filter((step) => isStop(step) && !isNamed(step) && !isGone(step));
  // Whether podman came to make what it was making is not known.
  const interrupted = failed.flatMap(({ step, failure }) =>
    failure.kind === 'stopped' && !isPlumbing(step) && !isNamed(step) ? [step] : [],
  );
  const isCut = subjectsOf(interrupted);
  const left = skipped.filter((step) => !isPlumbing(step) && !isSettled(step));
  return [
    ...named('Brought back as it was before', restored),
    ...named('Could not be brought back as it was before', lost),
    ...named('Removed', removed),
    ...named('Stopped', stopped),
    ...named('Kept', kept),
    ...named('Interrupted', interrupted),
    ...named(
      'Skipped',
      left.filter((step) => !isNamed(step) && !isCut(step)),
    ),
    nextCommand(outcome, project),
  ];
}

/** Only pods that this run has created are named for removal, and not those that it has put in the place of others. */
function nextCommand(outcome: Outcome, project: string): string {
  const { succeeded } = outcome;
  const podsThatWere = (result: OperationWords['result']) =>
    succeeded.flatMap((step) => {
      const words = stepWords(step);
      const pod = podOf(step);
      return pod !== undefined && words.result === result && words.subject === `pod/${pod}` ? [pod] : [];
    });
  const replaced = podsThatWere('removed');
  const pods = podsThatWere('made').filter((pod) => !replaced.includes(pod));
  const again = againWords(outcome);
  if (pods.length === 0) return `${again}.`;
  const operands = pods.length > NAMES ? '' : ` ${pods.join(' ')}`;
  return `${again}; podpose -p ${project} down${operands} removes the new ${pods.length === 1 ? 'pod' : 'pods'}.`;
}

/** The same command alone is no help where the cause of the failure, or the time limit, is as before. */
function againWords({ status, failed }: Outcome): string {
  if (status === 'timeout') return 'Run the same command with a longer --timeout to continue';
  const passes = ({ failure }: Outcome['failed'][number]) =>
    failure.kind === 'stopped' ||
    (failure.kind === 'command' && (isTransient(failure.diagnostic) || isConflict(failure.diagnostic)));
  return failed.every(passes)
    ? 'Run the same command again to continue'
    : 'Fix the error, then run the same command again to continue';
}

function subjectsOf(steps: readonly Step[]): (step: Step) => boolean {
  const subjects = new Set(steps.map((step) => stepWords(step).subject));
  return (step) => subjects.has(stepWords(step).subject);
}

function stepsUndone({ failed, undone }: Outcome, wanted: boolean): readonly Step[] {
  const ofFailed = failed.filter(({ failure }) => failure.undone === wanted);
  return [...ofFailed, ...undone.filter(({ isUndone }) => isUndone === wanted)].map(({ step }) => step);
}

function isMaking(step: Step): boolean {
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
