import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { YamlError } from './parse-yaml.ts';
import type { YamlNode } from './yaml-tree.ts';

/** Something wrong between two offsets. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly suggestion?: string;
  readonly help?: string;
}

/** What is kept while the tree of one document is built. */
export interface State {
  readonly text: string;
  /** The library's errors by the offset at which they begin. */
  readonly errors: ReadonlyMap<number, YamlError>;
  readonly problems: Problem[];
  readonly repaired: Set<YamlError>;
  readonly opened: Map<YamlError, number>;
  readonly unread: Set<number>;
  /** What each anchor stands for by now; undefined while that is being built. */
  readonly anchors: Map<string, YamlNode | undefined>;
  readonly sizes: Map<YamlNode, Size>;
}

/** How many values a node holds with all aliases followed, and how deeply nested. */
export interface Size {
  readonly values: number;
  readonly depth: number;
  /** Whether an alias stands anywhere in it. */
  readonly hasAliases: boolean;
}

/** The place of an absent value, or of one that can't be read. */
export function nothing(start: number, end = start): YamlNode {
  return { type: 'scalar', start, end, value: null, plain: true };
}

export function unreadable(state: State, problem: Problem): YamlNode {
  state.problems.push(problem);
  state.unread.add(problem.start);
  return nothing(problem.start, problem.end);
}

export function rangeOf(node: {
  readonly range?: readonly [number, number, number] | null | undefined;
}): [number, number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}
