import { isObject } from '../../base/json-members.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import { compareTexts } from '../../base/text.ts';

/** Maximum number of characters of a shown value. */
const LONGEST_VALUE = 100;
/** Number of characters shown before the first difference of long values. */
const CONTEXT = 20;

/**
 * Two values to be shown side by side, each on one line. The common start and end of long values are cut, so that the
 * first difference is visible.
 */
export function valuePair(before: Json | undefined, after: Json | undefined): readonly [string, string] {
  const [was, is] = [oneLine(before), oneLine(after)];
  if (before === undefined || after === undefined || Math.max(was.length, is.length) <= LONGEST_VALUE)
    return [cut(was, 0, 0), cut(is, 0, 0)];
  const [wasParts, isParts] = [Array.from(was), Array.from(is)];
  const start = commonPrefix(wasParts, isParts);
  const end = commonPrefix(wasParts.slice(start).reverse(), isParts.slice(start).reverse());
  const skipped = start <= CONTEXT ? 0 : start - CONTEXT;
  const left = end <= CONTEXT ? 0 : end - CONTEXT;
  return [cut(was, skipped, left), cut(is, skipped, left)];
}

function oneLine(json: Json | undefined): string {
  if (json === undefined) return '(none)';
  return isPlain(json) ? json : inFlowStyle(json);
}

/** As it may stand in a manifest: fields without quotes, texts in quotes where they need them. */
function inFlowStyle(json: Json): string {
  if (!isObject(json)) return stableJson(json);
  const fields = Object.entries(json).sort(([a], [b]) => compareTexts(a, b));
  return `{${fields.map(([key, value]) => `${fieldText(key)}: ${fieldText(value)}`).join(', ')}}`;
}

/** A text that would be read as a number, a boolean or null keeps its quotes. */
function fieldText(json: Json): string {
  return isPlain(json) && !isOtherType(json) ? json : inFlowStyle(json);
}

function isOtherType(word: string): boolean {
  return !Number.isNaN(Number(word)) || /^(?:true|false|null|yes|no|on|off|[yn])$/i.test(word);
}

function isPlain(json: Json): json is string {
  return typeof json === 'string' && /^[\w./:@-]+$|^\*{3}/.test(json);
}

function commonPrefix(some: readonly string[], others: readonly string[]): number {
  const index = some.findIndex((character, at) => character !== others[at]);
  return index < 0 ? some.length : index;
}

/** Cuts characters from the start and the end, then truncates to the maximum length. Marks cuts with an ellipsis. */
function cut(text: string, start: number, end: number): string {
  const all = Array.from(text);
  const kept = all.slice(start, all.length - end);
  const room = LONGEST_VALUE - (start > 0 ? 1 : 0);
  const isLonger = kept.length + (end > 0 ? 1 : 0) > room;
  const shown = isLonger ? kept.slice(0, room - 1) : kept;
  return `${start > 0 ? '…' : ''}${shown.join('')}${isLonger || end > 0 ? '…' : ''}`;
}
