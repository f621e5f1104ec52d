import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { YamlError } from './yaml-error.ts';
import type { YamlNode } from './yaml-tree.ts';

/** An error in a range of offsets. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly suggestion?: string;
  readonly help?: string;
}

/** The state during the construction of a tree. */
export interface State {
  readonly text: string;
  /** The errors of the library by start offset. */
  readonly errors: ReadonlyMap<number, YamlError>;
  readonly problems: Problem[];
  readonly repaired: Set<YamlError>;
  readonly opened: Map<YamlError, number>;
  readonly unread: Set<number>;
  /** The node of each anchor; undefined during its construction. */
  readonly anchors: Map<string, YamlNode | undefined>;
  readonly sizes: Map<YamlNode, Size>;
}

/** The size of a node after the expansion of aliases. */
export interface Size {
  readonly values: number;
  readonly depth: number;
  /** Whether it contains an alias. */
  readonly hasAliases: boolean;
}

/** A null node for a missing or unreadable value. */
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
