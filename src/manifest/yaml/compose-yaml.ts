import type { Document } from 'yaml';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { replaceAt } from '../../base/edit.ts';
import { formatPath } from '../../base/path.ts';
import { findAfterEnd, withoutParts, type AfterEnd } from './after-end.ts';
import { buildTree } from './build-tree.ts';
import { findOutdented, type Insertions } from './outdented.ts';
import { explainYamlError, parseYaml, type Limit } from './parse-yaml.ts';
import type { YamlError } from './yaml-error.ts';
import type { SourceText } from '../source-text.ts';
import type { Problem } from './tree-state.ts';
import { isNull, pathAround, type YamlNode } from './yaml-tree.ts';

/** One document of a text. */
export interface YamlDocument {
  /** Undefined for an empty document. */
  readonly root: YamlNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Offsets of syntax errors: values around them may differ from what the user meant. */
  readonly syntaxErrors: readonly number[];
}

/** After one severe mistake the library can report an error for every line. */
const MAX_ERRORS = 50;

/**
 * Parses the non-empty documents of a YAML text, as far as possible. For a text beyond a limit, the only result is
 * the diagnostic.
 */
export function composeYaml(written: SourceText): readonly YamlDocument[] {
  const unread = findAfterEnd(written.text);
  if (unread.length === 0) return composeText(written);
  const source = { ...written, text: withoutParts(written.text, unread) };
  const diagnostics = unread
    .filter(({ hasContent }) => hasContent)
    .map((part) => explainUnread(written, part));
  return [...composeText(source), ...diagnostics.map(documentOf)];
}

/** kubectl ignores the content, and others read it as a document. */
function explainUnread({ locate }: SourceText, { mark }: AfterEnd): Diagnostic {
  const location = locate(mark, mark + '...'.length);
  return {
    code: 'content-after-end',
    severity: 'error',
    message: "'...' ends the document: kubectl ignores what follows, up to the next '---'",
    help: "Write '---' instead.",
    location,
    edits: [replaceAt(location, '---')],
  };
}

function documentOf(diagnostic: Diagnostic): YamlDocument {
  return { root: undefined, diagnostics: [diagnostic], syntaxErrors: [] };
}

function composeText(source: SourceText): readonly YamlDocument[] {
  const documents: YamlDocument[] = [];
  const limit = composeDocuments(source, documents, new Set());
  if (limit === undefined && documents.some(({ syntaxErrors }) => syntaxErrors.length > 0)) {
    const outdented = findOutdented(source.text);
    const again: YamlDocument[] = [];
    if (outdented.size > 0) composeDocuments(source, again, outdented);
    if (again.length > 0 && again.every(({ syntaxErrors }) => syntaxErrors.length === 0)) return again;
  }
  if (limit === undefined) return documents;
  const { at, ...problem } = limit;
  const diagnostic: Diagnostic = { severity: 'error', ...problem, location: source.locate(at) };
  return [{ root: undefined, diagnostics: [diagnostic], syntaxErrors: [at] }];
}

function composeDocuments(
  source: SourceText,
  documents: YamlDocument[],
  outdented: Insertions,
): Limit | undefined {
  const take = (document: Document.Parsed, errors: readonly YamlError[]): void => {
    const composed = composeDocument(source, document, errors);
    if (composed.root !== undefined || composed.diagnostics.length > 0) documents.push(composed);
  };
  return parseYaml(source.text, take, outdented);
}

function composeDocument(
  source: SourceText,
  { contents }: Document.Parsed,
  found: readonly YamlError[],
): YamlDocument {
  const { root, problems, repaired, opened, unread } = buildTree(contents, source.text, found);
  const errors = found.filter((error) => !repaired.has(error));
  return {
    root: isNull(root) && unread.size === 0 ? undefined : root,
    diagnostics: [
      ...errorDiagnostics(source, errors, opened),
      ...problems.slice(0, MAX_ERRORS).map((problem) => toDiagnostic(source, root, problem)),
    ],
    syntaxErrors: [...errors.map((error) => opened.get(error) ?? error.pos[0]), ...unread],
  };
}

function toDiagnostic(source: SourceText, root: YamlNode, { start, end, ...problem }: Problem): Diagnostic {
  const path = formatPath(pathAround(root, start));
  return {
    severity: 'error',
    ...problem,
    location: source.locate(start, end),
    ...(path === '' ? {} : { path }),
  };
}

/** One error per line: a second one is nearly always a consequence of the first. */
function errorDiagnostics(
  source: SourceText,
  errors: readonly YamlError[],
  opened: ReadonlyMap<YamlError, number>,
): readonly Diagnostic[] {
  const diagnostics = new Map<number, Diagnostic>();
  for (const error of errors) {
    if (diagnostics.size === MAX_ERRORS) break;
    const location = source.locate(opened.get(error) ?? error.pos[0], error.pos[1]);
    if (!diagnostics.has(location.line))
      diagnostics.set(location.line, {
        code: 'yaml-syntax',
        severity: 'error',
        ...explainYamlError(error, source.text),
        location,
      });
  }
  return [...diagnostics.values()];
}
