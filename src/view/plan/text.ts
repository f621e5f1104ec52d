import { count, enumerate } from '../../base/text.ts';
import { sanitize } from '../../base/sanitize.ts';
import type { Paint, Tone } from '../../base/paint.ts';
import { changeSubject, type Action, type Change } from '../../plan/change.ts';
import { describeDifference, describeReason } from '../../plan/describe.ts';
import type { Difference } from '../../plan/compare/difference.ts';
import { manifestPath } from '../../plan/compare/manifest-form/path.ts';
import type { Plan } from '../../plan/plan.ts';

const MARKS: Readonly<Record<Action, { readonly mark: string; readonly tone: Tone }>> = {
  create: { mark: '+', tone: 'added' },
  replace: { mark: '-/+', tone: 'changed' },
  update: { mark: '~', tone: 'changed' },
  restart: { mark: '~', tone: 'changed' },
  repair: { mark: '~', tone: 'changed' },
  stop: { mark: '~', tone: 'changed' },
  remove: { mark: '-', tone: 'removed' },
  check: { mark: '!', tone: 'error' },
};

/** Maximum number of diff lines per file. */
const MAX_LINES = 40;

/**
 * The plan as text: a heading, one line per change with its reason and changed fields, and a summary. Unchanged objects
 * are omitted.
 */
export function renderPlanText(plan: Plan, heading: string, paint: Paint): string {
  const lines = [paint('strong', sanitize(heading)), ''];
  if (plan.changes.length === 0) return [...lines, 'No changes.', ''].join('\n');
  const width = Math.max(...plan.changes.map((change) => changeSubject(change).length));
  for (const change of plan.changes) lines.push(...changeLines(change, width, paint));
  return [...lines, '', summary(plan), ''].join('\n');
}

function changeLines(change: Change, width: number, paint: Paint): readonly string[] {
  const { mark, tone } = MARKS[change.action];
  const subject = changeSubject(change).padEnd(width);
  const words = `${describeReason(change.reason)}${stopWords(change)}`;
  const line = `${paint(tone, mark.padStart(3))} ${subject}   ${paint('faint', sanitize(words))}`;
  if (!('differences' in change.reason)) return [line];
  return [line, ...change.reason.differences.flatMap((difference) => differenceLines(difference, paint))];
}

function stopWords({ stopSeconds }: Change): string {
  return stopSeconds === undefined ? '' : ` (up to ${stopSeconds} s to stop)`;
}

/** A changed field. Shows changed lines if the text of a file is known. */
function differenceLines(difference: Difference, paint: Paint): readonly string[] {
  const { path, lines } = difference;
  if (lines === undefined) return [`        ${sanitize(describeDifference(difference))}`];
  const tones: Readonly<Record<string, Tone>> = { '-': 'removed', '+': 'added', '@': 'faint' };
  const shown = lines.length <= MAX_LINES ? lines : lines.slice(0, MAX_LINES);
  const more = lines.length - shown.length;
  return [
    `        ${sanitize(manifestPath(path))}:`,
    ...shown.map((line) => {
      const tone = tones[line.slice(0, 1)];
      const text = sanitize(line);
      return `          ${tone === undefined ? text : paint(tone, text)}`;
    }),
    ...(more === 0 ? [] : [`          … ${count(more, 'more line')} (podpose diff shows all)`]),
  ];
}

/** The parts of the summary. An optional part without changes is omitted. */
const SUMMARY_PARTS: readonly {
  readonly actions: readonly Action[];
  readonly words: string;
  readonly isOptional?: true;
}[] = [
  { actions: ['create'], words: 'to create' },
  { actions: ['replace'], words: 'to replace' },
  { actions: ['update', 'repair'], words: 'to update in place' },
  { actions: ['restart'], words: 'to start', isOptional: true },
  { actions: ['stop'], words: 'to stop', isOptional: true },
  { actions: ['remove'], words: 'to remove' },
  { actions: ['check'], words: 'to check', isOptional: true },
];

/** The summary: `Plan: 1 pod and 2 containers to create, 0 to replace, 0 to update in place, 0 to remove.` */
export function summary(plan: Plan): string {
  const parts = SUMMARY_PARTS.flatMap(({ actions, words, isOptional }) => {
    const changes = plan.changes.filter(({ action }) => actions.includes(action));
    return changes.length === 0 && isOptional === true ? [] : [`${things(changes)} ${words}`];
  });
  return `Plan: ${parts.join(', ')}.`;
}

function things(changes: readonly Change[]): string {
  const pods = changes.filter(({ subject }) => subject.kind === 'pod').length;
  const containers = changes.filter(({ subject }) => subject.kind === 'container').length;
  const networks = changes.filter(({ subject }) => subject.kind === 'network').length;
  const services = changes.filter(({ subject }) => subject.kind === 'service').length;
  const jobs = changes.filter(({ subject }) => subject.kind === 'job').length;
  const volumes = changes.length - pods - containers - networks - services - jobs;
  const parts = [
    ...(networks > 0 ? [count(networks, 'network')] : []),
    ...(volumes > 0 ? [count(volumes, 'volume')] : []),
    ...(services > 0 ? [count(services, 'Service')] : []),
    ...(jobs > 0 ? [count(jobs, 'Job')] : []),
    ...(pods > 0 ? [count(pods, 'pod')] : []),
    ...(containers > 0 ? [count(containers, 'container')] : []),
  ];
  return parts.length === 0 ? '0' : enumerate(parts);
}
