import type { ApplyEvent, StepFailure } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Plan } from '../../plan/plan.ts';
import { ownersIn, type Owners } from './owners.ts';
import type { Step } from '../../plan/step.ts';
import { policyOf } from '../../podman/operations/registry.ts';
import { cutEnd, cutStart, displayWidth, padEnd } from '../terminal/display-width.ts';
import { formatElapsed } from '../terminal/duration.ts';
import { exitWords, failureWords } from './failure-words.ts';
import { plainLine } from './plain-line.ts';
import { shownSteps } from './shown-steps.ts';
import { podOf, stepWords } from './step-words.ts';

/** The steps of a plan on a screen: grouped, each with its state. */
export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly step: Step;
  readonly name: string;
  /** Width of the widest name of the group, in columns. */
  readonly nameWidth: number;
  readonly state: RowState;
  /** The run is stopping. */
  readonly isStopping: boolean;
  /** Last lines of output, at most `OUTPUT_LINES`. */
  readonly lastLines: readonly string[];
}

/** Times are milliseconds on the clock. */
export type RowState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly since: number }
  | { readonly kind: 'retrying'; readonly at: number; readonly exitCode: number }
  | { readonly kind: 'done'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly seconds: number; readonly failure: StepFailure }
  | { readonly kind: 'skipped' };

/** Number of output lines shown of a running init container. */
export const OUTPUT_LINES = 5;

/** Groups steps: images first, then by pod, in the order of the plan. Omits internal steps. */
export function groupsOf(plan: Plan): readonly Group[] {
  const groups = new Map<string, Step[]>();
  const owners = ownersIn(plan);
  for (const step of shownSteps(plan)) {
    const title = groupTitle(step, owners);
    groups.set(title, [...(groups.get(title) ?? []), step]);
  }
  return [...groups].map(([title, steps]) => {
    const names = steps.map(rowName);
    const nameWidth = Math.max(...names.map(displayWidth));
    return {
      title,
      rows: steps.map((step, index) => ({
        step,
        name: names[index] ?? '',
        nameWidth,
        state: { kind: 'waiting' },
        isStopping: false,
        lastLines: [],
      })),
    };
  });
}

function groupTitle(step: Step, owners: Owners): string {
  const pod = podOf(step);
  if (pod === undefined) return stepWords(step).group ?? 'Volumes';
  const owner = owners.get(pod);
  return owner === undefined ? `pod/${pod}` : `${owner} pod/${pod}`;
}

/** The subject without the title of its group. */
function rowName(step: Step): string {
  return stepWords(step).subject.replace(/^pod\/\S+ |^image |^volume\/|^network\/|(?<=^pod)\/.*/, '');
}

/** The row after an event of its step, or of the whole run. */
export function nextRow(row: Row, event: ApplyEvent, now: number): Row {
  switch (event.kind) {
    case 'step-started':
      return { ...row, state: { kind: 'running', since: now }, lastLines: [] };
    case 'step-output': {
      const line = plainLine(event.line);
      return line.trim() === '' ? row : { ...row, lastLines: [...row.lastLines, line].slice(-OUTPUT_LINES) };
    }
    case 'step-waiting':
      return {
        ...row,
        state: { kind: 'retrying', at: now + event.seconds * 1000, exitCode: event.exitCode },
      };
    case 'step-succeeded':
      return { ...row, state: { kind: 'done', seconds: event.seconds } };
    case 'step-failed':
      return { ...row, state: { kind: 'failed', seconds: event.seconds, failure: event.failure } };
    case 'step-skipped':
      return { ...row, state: { kind: 'skipped' } };
    case 'stopping':
      return { ...row, isStopping: true };
    case 'plan-started':
    case 'plan-finished':
      return row;
  }
}

/** Minimum width of a name, in columns. */
const LEAST_NAME = 12;
const GAP = '  ';

/** The line of a row, at most `columns` wide. Shortens the name before the state. */
export function rowTitle(row: Row, now: number, columns: number, paint: Paint): string {
  const words = stateWords(row, now);
  if (words === '') return cutName(row, columns);
  const least = Math.min(displayWidth(row.name), LEAST_NAME);
  const room = Math.max(least, columns - displayWidth(words) - GAP.length);
  const width = Math.min(row.nameWidth, room);
  const name = padEnd(cutName(row, width), width);
  const rest = cutEnd(words, columns - width - GAP.length);
  const tone = row.state.kind === 'failed' ? 'error' : row.state.kind === 'retrying' ? 'warning' : 'faint';
  return rest === '' ? cutName(row, columns) : `${name}${GAP}${paint(tone, rest)}`;
}

/**
 * Cuts the part before the slash first (`…/web` for `container/web`), then the middle: names differ at either
 * end.
 */
function cutName({ name }: Row, columns: number): string {
  if (displayWidth(name) <= columns) return name;
  const short = name.slice(name.lastIndexOf('/') + 1);
  if (short !== name && displayWidth(short) + 2 <= columns) return `…/${short}`;
  if (displayWidth(short) <= columns) return short;
  if (columns < 4) return cutEnd(short, columns);
  const head = Math.ceil(columns / 2);
  // Both parts have an ellipsis: one is enough.
  return cutEnd(short, head) + cutStart(short, columns - head + 1).slice(1);
}

function stateWords({ step, state, isStopping }: Row, now: number): string {
  const { doing, done } = stepWords(step);
  switch (state.kind) {
    case 'waiting':
      return '';
    case 'running': {
      const elapsed = formatElapsed(Math.floor((now - state.since) / 1000)).replace('.0', '');
      return `${doing}, ${elapsed}${isStopping ? '; finishing (Ctrl-C again to abort)' : ''}`;
    }
    case 'retrying':
      return `${exitWords(state.exitCode)}, retrying in ${Math.max(0, Math.ceil((state.at - now) / 1000))} s`;
    case 'done':
      return `${done} in ${formatElapsed(state.seconds)}`;
    case 'failed':
      return `${failureWords(state.failure)} (${formatElapsed(state.seconds)})`;
    case 'skipped':
      return 'skipped';
  }
}

/** Last output of a running row: several lines of an init container, one line of a pull. */
export function rowOutput(
  { step, state, lastLines }: Row,
  lines: number,
  columns: number,
): readonly string[] {
  if (state.kind !== 'running' && state.kind !== 'retrying') return [];
  const { streams } = policyOf(step.operation);
  const wanted = streams === undefined ? 0 : streams === 'output' ? lines : 1;
  return wanted === 0 ? [] : lastLines.slice(-wanted).map((line) => cutEnd(line, columns));
}
