import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { isGoDuration } from './go-duration.ts';

interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values from `least` on. */
  readonly words?: readonly string[];
}

const fields: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  {
    name: 'month',
    least: 1,
    most: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    name: 'day of week',
    least: 0,
    most: 6,
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
];

const macros = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What Go's strings.Fields splits at. */
const blanks = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const EXAMPLE =
  "For example '30 2 * * *' for every day at 2:30: minute, hour, day of month, month, day of week.";

/** A schedule as validateScheduleFormat in pkg/apis/batch/validation accepts it. */
export function* checkSchedule(schedule: string, path: FieldPath): Iterable<Finding> {
  const problem = scheduleProblem(schedule);
  if (problem === undefined) return;
  const suggestion = schedule.startsWith('@') ? suggest(schedule, macros) : undefined;
  yield {
    code: 'invalid-schedule',
    path,
    message: problem,
    ...(suggestion === undefined ? { help: EXAMPLE } : { suggestion }),
  };
}

/** ParseStandard in github.com/robfig/cron/v3, and no time zone. Undefined for a valid schedule. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule === '') return 'must not be empty';
  if (schedule.includes('TZ')) return "must not contain a time zone: set 'timeZone' instead";
  if (schedule.startsWith('@')) return macroProblem(schedule);
  const parts = schedule.split(blanks).filter((part) => part !== '');
  if (parts.length !== fields.length)
    return `'${schedule}' must have ${fields.length} fields, got ${parts.length}`;
  for (const [index, field] of fields.entries()) {
    const problem = fieldProblem(parts[index] ?? '', field);
    if (problem !== undefined) return `the ${field.name} ${problem}`;
  }
  return undefined;
}

function macroProblem(schedule: string): string | undefined {
  const every = '@every ';
  if (schedule.startsWith(every))
    return isGoDuration(schedule.slice(every.length)) ? undefined : `'${schedule}' has no valid duration`;
  return macros.includes(schedule) ? undefined : `'${schedule}' is not a schedule`;
}

/** Ranges between commas; an empty one is left out. */
function fieldProblem(text: string, field: CronField): string | undefined {
  for (const range of text.split(',')) {
    const problem = range === '' ? undefined : rangeProblem(range, field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `FIRST`, `FIRST-LAST` or `*`, each with a step after `/`. What follows `*-` is not read. */
function rangeProblem(range: string, field: CronField): string | undefined {
  const [ends = '', step, ...furtherSteps] = range.split('/');
  const [first = '', last, ...furtherEnds] = ends.split('-');
  if (furtherSteps.length > 0) return `'${range}' may only contain one '/'`;
  if (step !== undefined && !(numberOf(step) > 0)) return `'${range}' needs a step of at least 1 after '/'`;
  if (first === '*' || first === '?') return undefined;
  if (furtherEnds.length > 0) return `'${range}' may only contain one '-'`;
  const from = valueOf(first, field);
  const to = last === undefined ? (step === undefined ? from : field.most) : valueOf(last, field);
  const bounds = `must be from ${field.least} to ${field.most}`;
  if (Number.isNaN(from) || Number.isNaN(to))
    return `'${range}' is not a number${named(field)}, and ${bounds}`;
  if (from < field.least || to > field.most) return `${bounds}, got '${range}'`;
  return from > to ? `'${range}' begins after its end` : undefined;
}

function named({ words = [] }: CronField): string {
  return words.length === 0 ? '' : ` or a name (${words[0] ?? ''}, ${words[1] ?? ''} ...)`;
}

function valueOf(text: string, { least, words = [] }: CronField): number {
  const index = words.indexOf(text.toLowerCase());
  return index === -1 ? numberOf(text) : least + index;
}

/** As Go's strconv.Atoi: NaN for a text that is not a number of 64 bits. */
function numberOf(text: string): number {
  return /^\+?[0-9]+$/.test(text) && BigInt(text.replace('+', '')) < 1n << 63n ? Number(text) : NaN;
}
