/**
 * The number of indexes in a text such as `0,2-4`, or why it is invalid (validateIndexesFormat in
 * pkg/apis/batch/validation): ascending numbers and ranges below the number of completions.
 */
export function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let before = -1;
  for (const interval of text.split(',')) {
    const ends = interval.split('-');
    const [first = NaN, last = first] = ends.map(indexOf);
    if (ends.length > 2 || Number.isNaN(first) || Number.isNaN(last))
      return `'${interval}' is not an index or a range of two, such as '2-4'`;
    if (last >= completions || first >= completions)
      return `'${interval}' must be below the ${completions} completions`;
    if (first <= before || (ends.length === 2 && last <= first))
      return `'${interval}' must be in ascending order`;
    total += last - first + 1;
    before = last;
  }
  return total;
}

/** As Go's strconv.Atoi reads a number without `-`. */
function indexOf(text: string): number {
  return /^\+?[0-9]+$/.test(text) ? Number(text) : NaN;
}
