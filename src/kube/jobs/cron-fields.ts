/* The fields of a schedule as github.com/robfig/cron/v3 reads them (getRange in parser.go). The checks have accepted them. */

const WORDS: Readonly<Record<string, readonly string[]>> = {
  month: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

const FIELDS = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, words: WORDS['month'] },
  { least: 0, most: 6, words: WORDS['weekday'] },
] as const;

type Field = (typeof FIELDS)[number];

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * A schedule as lists of numbers, and `*` where every value is meant: a day of the month or of the week that is not `*`
 * suffices. Undefined if a field has no value at all.
 */
export function plainSchedule(schedule: string): string | undefined {
  const fields = (MACROS[schedule] ?? schedule).split(/\s+/).filter((part) => part !== '');
  const plain = FIELDS.map((field, index) => plainField(fields[index] ?? '*', field));
  return plain.includes('') ? undefined : plain.join(' ');
}

function plainField(text: string, field: Field): string {
  const ranges = text.split(',').filter((range) => range !== '');
  if (ranges.some(isStar)) return '*';
  const values = new Set(ranges.flatMap((range) => valuesOf(range, field)));
  return [...values].sort((a, b) => a - b).join();
}

/** A star with a step above 1 is a list. */
function isStar(range: string): boolean {
  const [ends = '', step = '1'] = range.split('/');
  return /^[*?]/.test(ends) && Number(step) === 1;
}

function valuesOf(range: string, field: Field): readonly number[] {
  const [ends = '', step] = range.split('/');
  const [first = '', last] = ends.split('-');
  const isAny = first === '*' || first === '?';
  const from = isAny ? field.least : valueOf(first, field);
  const to =
    isAny || (last === undefined && step !== undefined)
      ? field.most
      : last === undefined
        ? from
        : valueOf(last, field);
  const by = Number(step ?? 1);
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function valueOf(text: string, field: Field): number {
  const words: readonly string[] = 'words' in field ? field.words : [];
  const index = words.indexOf(text.toLowerCase());
  return index === -1 ? Number(text) : field.least + index;
}
