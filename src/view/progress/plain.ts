import type { ApplyEvent } from '../../apply/events.ts';
import type { Paint, Tone } from '../../base/paint.ts';
import type { Step } from '../../plan/step.ts';
import { padEnd } from '../terminal/display-width.ts';
import { formatElapsed } from '../terminal/duration.ts';
import { exitWords, failureWords, stoppingWords } from './failure-words.ts';
import { ownedSubject, ownersIn, type Owners } from './owners.ts';
import { plainLine } from './plain-line.ts';
import { shownSteps } from './shown-steps.ts';
import { isInit, podOf, stepTarget, stepWords } from './step-words.ts';

/** Maximum width to which subjects are padded. */
const WIDEST_SUBJECT = 48;

export interface PlainContext {
  readonly terminal: { readonly write: (text: string) => void };
  readonly paint: Paint;
  readonly verbose: boolean;
}

/**
 * Progress as plain lines, for logs and pipes: one at the end of each step, and for init containers also at the start and
 * for each line of output.
 */
export function plainProgress({ terminal, paint, verbose }: PlainContext): (event: ApplyEvent) => void {
  let width = 0;
  let owners: Owners = new Map();
  let inOrder = reportInOrder([]);
  const line = (text: string) => {
    terminal.write(`${text}\n`);
  };
  const report = (step: Step, text: string, tone?: Tone) => {
    const subject = padEnd(ownedSubject(step, owners), width);
    line(`${subject}  ${tone === undefined ? text : paint(tone, text)}`);
  };
  let shown: ReadonlySet<string> = new Set();
  const isShown = (step: Step) => verbose || shown.has(step.id);

  return (event) => {
    switch (event.kind) {
      case 'plan-started':
        shown = new Set(shownSteps(event.plan).map(({ id }) => id));
        owners = ownersIn(event.plan);
        width = subjectWidth(event.plan.steps.filter(isShown), owners);
        inOrder = reportInOrder(event.plan.steps.filter(removesClaim));
        return;
      case 'step-started':
        if (isInit(event.step)) report(event.step, event.attempt === 1 ? 'started' : 'restarted');
        return;
      case 'step-output':
        if (isInit(event.step) || verbose)
          line(paint('faint', outputPrefix(event.step)) + plainLine(event.line));
        return;
      case 'step-waiting': {
        const { step, exitCode, seconds, attempt } = event;
        const retry = `retrying${seconds === 0 ? '' : ` in ${seconds} s`} (attempt ${attempt + 1})`;
        report(step, `${exitWords(exitCode)}, ${retry}`, 'warning');
        return;
      }
      case 'step-succeeded':
        inOrder(event.step, () => {
          if (isShown(event.step)) report(event.step, doneWords(event.step, event.seconds));
        });
        return;
      case 'step-failed':
        inOrder(event.step, () => {
          report(event.step, `${failureWords(event.failure)} (${formatElapsed(event.seconds)})`, 'error');
        });
        return;
      case 'stopping':
        line(stoppingWords(event.because));
        return;
      // The outcome lists skipped steps.
      case 'step-skipped':
        inOrder(event.step, () => undefined);
        return;
      case 'plan-finished':
        return;
    }
  };
}

/** PVC volumes are removed concurrently, so the order in which the steps finish is random. */
function removesClaim(step: Step): boolean {
  return podOf(step) === undefined && stepWords(step).result === 'removed';
}

/**
 * Reports these steps in the given order, regardless of the order in which they finish; other steps immediately.
 * @param steps each of them finishes or is skipped exactly once
 */
function reportInOrder(steps: readonly Step[]): (step: Step, report: () => void) => void {
  const order = steps.map(({ id }) => id);
  const ended = new Map<string, () => void>();
  let next = 0;
  return ({ id }, report) => {
    if (!order.includes(id)) {
      report();
      return;
    }
    ended.set(id, report);
    for (let due = ended.get(order[next] ?? ''); due !== undefined; due = ended.get(order[++next] ?? ''))
      due();
  };
}

function subjectWidth(steps: readonly Step[], owners: Owners): number {
  const widths = steps
    .map((step) => ownedSubject(step, owners).length)
    .filter((width) => width <= WIDEST_SUBJECT);
  return Math.max(0, ...widths);
}

function doneWords(step: Step, seconds: number): string {
  return `${stepWords(step).done} in ${formatElapsed(seconds)}`;
}

/** `[web/setup] `. The subject if the step has no container. */
function outputPrefix(step: Step): string {
  const [pod, container] = [podOf(step), stepTarget(step).container];
  return pod === undefined || container === undefined
    ? `[${stepWords(step).subject}] `
    : `[${pod}/${container}] `;
}
