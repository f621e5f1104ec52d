import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Edit } from '../../base/edit.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { Kind, Schema } from '../kinds.ts';
import type { SourceText } from '../source-text.ts';
import { fieldType, type FieldType } from '../yaml/shape.ts';
import { find, type YamlNode } from '../yaml/yaml-tree.ts';
import { pointerParts } from './prune.ts';

/** The context of an object in its file. */
export interface ObjectContext {
  readonly source: SourceText;
  /** Offsets of YAML syntax errors. An error next to one is most likely a consequence of it and not reported. */
  readonly syntaxErrors: readonly number[];
  /** Whether the document is free of other errors. */
  readonly valid: boolean;
}

/** The check of an object: its context and what was found so far. */
export interface CheckState extends ObjectContext {
  readonly kind: Kind;
  readonly schema: Schema;
  readonly diagnostics: Diagnostic[];
  /** JSON pointers to invalid values and to missing fields. */
  readonly wrong: Set<string>;
  /** JSON pointers to misspelled fields under their corrected names. */
  readonly renamed: Set<string>;
  /** The edits that move a misplaced field. */
  readonly moves: Edit[];
}

/** The path of a JSON pointer, with numbers for list indexes. */
export function toPath(root: YamlNode, pointer: string): FieldPath {
  const path: (string | number)[] = [];
  for (const part of pointerParts(pointer))
    path.push(find(root, path).node.type === 'list' ? Number(part) : part);
  return path;
}

/** The definition of the object at a path: `Container` at `spec.containers[0]`. */
export function definitionAt(schema: Schema, path: FieldPath): string {
  let type: FieldType = { holds: 'one', of: schema };
  for (const part of path)
    type =
      type.holds === 'one'
        ? (fieldType(type.of, part.toString()) ?? { holds: 'one', of: 'any' })
        : { holds: 'one', of: type.of };
  return type.of;
}

export function pathOf(path: FieldPath): { readonly path?: string } {
  return path.length === 0 ? {} : { path: formatPath(path) };
}

export function hasSyntaxError({ syntaxErrors }: ObjectContext, start: number, end: number): boolean {
  return syntaxErrors.some((offset) => start <= offset && offset <= end);
}

export function hasSyntaxErrorInLine({ syntaxErrors, source }: ObjectContext, line: number): boolean {
  return syntaxErrors.some((offset) => source.locate(offset).line === line);
}
