import type { Outcome, StepFailure } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Step } from '../../plan/step.ts';
import { renderDiagnostics } from '../diagnostics/diagnostics.ts';
import { failureWords } from './failure-words.ts';
import { plainLine } from './plain-line.ts';
import { isPlumbing, podOf, stepTarget, stepWords } from './step-words.ts';

export interface OutcomeContext {
  readonly project: string;
  readonly paint: Paint;
}

/** So many lines of output are shown altogether; where several containers failed, each gets its share. */
const OUTPUT_LINES = 20;
const LEAST_OUTPUT_LINES = 4;
/** So many failures are told in full. */
const FAILURES = 5;
/** So many things are named in a list. */
const NAMES = 8;

/**
 * What there is to say when a plan has not been carried out to its end: what failed and how, what has been
 * made and is left as it is, and what to do next. One screen; an empty text when all was done.
 */
export function renderOutcome(outcome: Outcome, { project, paint }: OutcomeContext): string {
  if (outcome.status === 'done') return '';
  const failed = outcome.failed.filter(({ failure }) => failure.kind !== 'stopped');
  const share = Math.max(LEAST_OUTPUT_LINES, Math.floor(OUTPUT_LINES / Math.max(1, failed.length)));
  const paragraphs = [
    ...(outcome.status === 'failed' ? [] : [stopLines(outcome.status)]),
    ...failed
      .slice(0, FAILURES)
      .map(({ step, failure }) => failureLines(step, failure, share, project, paint)),
    ...(failed.length > FAILURES ? [[`and ${failed.length - FAILURES} more that failed`]] : []),
    stateLines(outcome, project),
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
  project: string,
  paint: Paint,
): readonly string[] {
  if (failure.kind === 'command')
    return renderDiagnostics([failure.diagnostic], new Map(), paint).trimEnd().split('\n');
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

/** What is there now that was not there before or is there still, and the way on. */
function stateLines({ succeeded, failed, skipped }: Outcome, project: string): readonly string[] {
  const restored = failed.filter(({ failure }) => failure.undone === true).map(({ step }) => step);
  const lost = failed.filter(({ failure }) => failure.undone === false).map(({ step }) => step);
  const isUndone = ({ cause }: Step) => restored.some((step) => step.cause === cause);
  const made = succeeded.filter((step) => isMaking(step) && !isUndone(step));
  // A container that came to a bad end is there all the same, to be looked at.
  const ended = failed.filter(({ failure }) => failure.kind !== 'command').map(({ step }) => step);
  const left = [...made, ...ended].filter(isMaking);
  const removed = succeeded.filter(isRemoval);
  const undone = skipped.filter((step) => !isPlumbing(step) && !isUndone(step));
  return [
    ...named('Brought back as it was before', restored),
    ...named('Could not be brought back', lost),
    ...named('Removed', removed),
    ...named('Left as it is', left),
    ...named('Not done', undone),
    left.length === 0
      ? 'Run the same command again to go on from here.'
      : `Run the same command again to go on from here; podpose -p ${project} down removes what was made.`,
  ];
}

function isMaking(step: Step): boolean {
  return stepWords(step).result === 'made';
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
