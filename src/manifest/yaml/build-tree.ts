import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { suggest } from '../../base/suggest.ts';
import { brokenKey, type BrokenKey } from './broken-key.ts';
import { gluedMessage, gluedValue } from './missing-space.ts';
import { MAX_DEPTH, tooDeep } from './parse-yaml.ts';
import type { YamlError } from './yaml-error.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { resolveTagged } from './tagged-scalar.ts';
import { nothing, rangeOf, unreadable, type Problem, type Size, type State } from './tree-state.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts';

/** The limit of values after the expansion of aliases; nested aliases exceed it quickly. */
export const MAX_VALUES = 200_000;

export interface BuiltTree {
  readonly root: YamlNode;
  readonly problems: readonly Problem[];
  /** Errors of the library that the tree corrects. */
  readonly repaired: ReadonlySet<YamlError>;
  /**
   * The offset of the opening quote for an error about an unclosed quote, which the library reports at the end of the
   * text.
   */
  readonly opened: ReadonlyMap<YamlError, number>;
  /** Offsets of unreadable values, which are null in the tree. */
  readonly unread: ReadonlySet<number>;
}

/** Builds the tree that Kubernetes would see from the nodes of the library. Unambiguous mistakes are corrected. */
export function buildTree(contents: unknown, text: string, errors: readonly YamlError[]): BuiltTree {
  const state: State = {
    text,
    errors: byOffset(errors),
    problems: [],
    repaired: new Set(),
    opened: new Map(),
    unread: new Set(),
    anchors: new Map(),
    sizes: new Map(),
  };
  const root = buildNode(state, contents, 0);
  const { problems, repaired, opened, unread } = state;
  return { root, problems, repaired, opened, unread };
}

/** Of several errors at one offset, only those about keys are needed here. */
function byOffset(errors: readonly YamlError[]): ReadonlyMap<number, YamlError> {
  const isOfKey = ({ code }: YamlError): boolean =>
    code === 'MISSING_CHAR' || code === 'MULTILINE_IMPLICIT_KEY';
  return new Map(errors.filter(isOfKey).map((error) => [error.pos[0], error]));
}

function buildNode(state: State, node: unknown, offset: number): YamlNode {
  if (isAlias(node)) return followAlias(state, node);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing(offset);
  const { anchor } = node;
  if (anchor !== undefined) state.anchors.set(anchor, undefined);
  const built = isScalar(node) ? buildScalar(state, node) : buildCollection(state, node);
  if (anchor !== undefined) state.anchors.set(anchor, built);
  return built;
}

function followAlias(state: State, alias: Alias): YamlNode {
  const [start, end] = rangeOf(alias);
  const node = state.anchors.get(alias.source);
  if (node !== undefined) return node;
  if (state.anchors.has(alias.source))
    return unreadable(state, {
      code: 'yaml-alias',
      message: `alias '*${alias.source}' refers to itself`,
      start,
      end,
    });
  const suggestion = suggest(alias.source, state.anchors.keys());
  return unreadable(state, {
    code: 'yaml-alias',
    message: `undefined alias '*${alias.source}': no anchor '&${alias.source}' before it`,
    start,
    end,
    ...(suggestion === undefined
      ? { help: 'If the asterisk is part of the value, quote the value.' }
      : { suggestion: `*${suggestion}` }),
  });
}

function buildScalar(state: State, node: Scalar): YamlNode {
  const [start, end] = rangeOf(node);
  const text = node.source ?? '';
  const plain = node.type === 'PLAIN';
  if (!plain) recordOpenQuote(state, start, node.range?.[2] ?? end);
  if (plain && node.tag === undefined && INFINITY.test(text))
    return unreadable(state, {
      code: 'yaml-syntax',
      message: `'${text}' is not a number of JSON`,
      start,
      end,
      help: 'Quote it.',
    });
  if (node.tag === undefined || node.tag === '!')
    return {
      type: 'scalar',
      start,
      end,
      plain,
      value: plain && node.tag === undefined ? resolvePlainScalar(text) : text,
    };
  const value = resolveTagged(node.tag, text);
  if (value !== undefined) return { type: 'scalar', start, end, plain, value };
  return unreadable(state, {
    code: 'yaml-tag',
    message: `'${text}' is not a valid ${node.tag.replace('tag:yaml.org,2002:', '!!')}`,
    start,
    end,
  });
}

/** Numbers that kubectl cannot write as JSON; as keys they are texts. */
const INFINITY = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The library reports an unclosed quote at the end of the text. */
function recordOpenQuote(state: State, start: number, end: number): void {
  for (const offset of [end, end + 1]) {
    const error = state.errors.get(offset);
    if (error?.code === 'MISSING_CHAR' && error.message.includes('quote')) state.opened.set(error, start);
  }
}

/** The size of a scalar. */
const NO_SIZE: Size = { values: 1, depth: 1, hasAliases: false };

function buildCollection(state: State, node: YAMLMap | YAMLSeq): YamlNode {
  const built = isMap(node) ? buildMap(state, node) : buildList(state, node);
  const size = { values: 1, depth: 1, hasAliases: false };
  const { start, end } = built;
  for (const child of built.type === 'list'
    ? built.items
    : [...built.entries.values()].map(({ value }) => value)) {
    const { values, depth, hasAliases } = state.sizes.get(child) ?? NO_SIZE;
    size.values += values;
    // A child outside the range of the collection comes from an alias.
    size.hasAliases ||= hasAliases || child.start < start || child.end > end;
    size.depth = Math.max(size.depth, depth + 1);
  }
  state.sizes.set(built, size);
  if (size.depth > MAX_DEPTH)
    return unreadable(state, { code: 'yaml-too-deep', message: tooDeep, start, end: start + 1 });
  if (size.values > MAX_VALUES)
    return unreadable(state, {
      code: 'yaml-too-many-values',
      message: `more than ${MAX_VALUES.toString()} values${size.hasAliases ? ' after the expansion of aliases' : ''}`,
      start,
      end,
    });
  return built;
}

function buildList(state: State, node: YAMLSeq): YamlNode & { readonly type: 'list' } {
  const [start, end] = rangeOf(node);
  const items = node.items.map((item) => buildNode(state, item, start));
  return { type: 'list', start, end, flow: node.flow === true, items };
}

function buildMap(state: State, node: YAMLMap): YamlMap {
  const [start, end] = rangeOf(node);
  const entries = new Map<string, YamlEntry>();
  const keys: Keys = { entries, merged: new Set(), types: new Map() };
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) merge(state, keys, buildNode(state, pair.value, start));
    else addPair(state, keys, pair);
  }
  return { type: 'map', start, end, flow: node.flow === true, entries };
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.source === '<<';
}

/** The keys of a map under construction; a merged one may be written again. */
interface Keys {
  readonly entries: Map<string, YamlEntry>;
  readonly merged: Set<string>;
  /** The types of the keys as they are written: 1 and "1" are two keys for kubectl until it makes JSON of them. */
  readonly types: Map<string, string>;
}

/**
 * As go.yaml.in/yaml/v2 does it, in the order of the text: a merge replaces keys before it, and keys after it replace merged ones.
 * Of several maps the first one counts.
 */
function merge(state: State, keys: Keys, source: YamlNode): void {
  if (source.type === 'map') mergeMap(keys, source);
  else if (source.type === 'list' && source.items.every(({ type }) => type === 'map')) {
    for (const item of source.items.toReversed()) if (item.type === 'map') mergeMap(keys, item);
  } else if (!state.unread.has(source.start)) {
    const { start, end } = source;
    state.problems.push({
      code: 'yaml-merge',
      message: "'<<' requires an object or a list of objects",
      start,
      end,
    });
  }
}

function mergeMap({ entries, merged }: Keys, source: YamlMap): void {
  for (const [key, entry] of source.entries) {
    entries.set(key, entry);
    merged.add(key);
  }
}

function addPair(state: State, keys: Keys, pair: Pair): void {
  const broken = brokenKey(state, pair.key);
  if (broken !== undefined) {
    addBrokenPair(state, keys, pair, broken);
    return;
  }
  const [keyStart, keyEnd] = rangeOf(isScalar(pair.key) ? pair.key : {});
  const key = keyText(state, pair.key);
  const value = buildNode(state, pair.value, keyEnd);
  if (key !== undefined) addEntry(state, keys, key, { keyStart, keyEnd, value }, keyType(pair.key));
}

function addEntry(
  state: State,
  { entries, merged, types }: Keys,
  key: string,
  entry: YamlEntry,
  type = 'string',
): void {
  const isRepeated = entries.has(key) && !merged.has(key);
  const isSame = types.get(key) === type;
  if (isRepeated)
    state.problems.push({
      code: isSame ? 'yaml-duplicate-key' : 'yaml-ambiguous-key',
      message: isSame ? `duplicate key '${key}'` : `'${key}' is here as text and as another value`,
      start: entry.keyStart,
      end: entry.keyEnd,
    });
  if (isRepeated && isSame) return;
  merged.delete(key);
  types.set(key, type);
  entries.set(key, entry);
}

function keyType(key: unknown): string {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined
    ? typeof resolvePlainScalar(key.source ?? '')
    : 'string';
}

/** Converts a key as sigs.k8s.io/yaml does: numbers and booleans become strings; other types are refused. */
function keyText(state: State, key: unknown): string | undefined {
  if (isScalar(key) && key.type === 'PLAIN' && INFINITY.test(key.source ?? '')) return key.source;
  const node = buildNode(state, key, 0);
  if (node.type === 'scalar' && node.value !== null) return node.value.toString();
  const { start, end } = node;
  if (state.unread.has(start)) return undefined;
  state.unread.add(start);
  state.problems.push({
    code: 'yaml-key',
    start,
    end,
    message: node.type === 'scalar' ? 'missing field name' : `a ${node.type} is not a valid field name`,
  });
  return undefined;
}

/** The last of several lines is the key of the value; the others are fields without a space. */
function addBrokenPair(state: State, keys: Keys, pair: Pair, { error, lines }: BrokenKey): void {
  const last = error.code === 'MULTILINE_IMPLICIT_KEY' ? lines.at(-1) : undefined;
  const words = last === undefined ? lines : lines.slice(0, -1);
  for (const { glued } of words) {
    if (glued === undefined) continue;
    const { keyStart, keyEnd, valueEnd } = glued;
    state.problems.push({
      code: 'yaml-missing-space',
      ...gluedMessage(glued),
      start: keyStart,
      end: valueEnd,
    });
    const value = gluedValue(glued);
    if (value === undefined) state.unread.add(keyStart);
    else addEntry(state, keys, glued.key, { keyStart, keyEnd, value });
  }
  if (words.every(({ glued }) => glued !== undefined)) state.repaired.add(error);
  if (last === undefined) return;
  const keyEnd = last.start + last.text.length;
  addEntry(state, keys, last.text, {
    keyStart: last.start,
    keyEnd,
    value: buildNode(state, pair.value, keyEnd),
  });
}
