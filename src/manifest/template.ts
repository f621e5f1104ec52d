import { dirname } from 'node:path/posix';
import { sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import { ruleOf, type DiagnosticCode } from '../base/diagnostic-code.ts';
import type { Location } from '../base/location.ts';
import { shellWord } from '../base/shell-word.ts';
import { chartCommand } from './build-words.ts';
import { decodeLeniently } from './lenient-text.ts';
import type { SourceText } from './source-text.ts';

/** An expression of Helm or Jinja, or a variable of envsubst. `$(NAME)` is Kubernetes' own. */
const EXPRESSION = /\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|\$\{\w[^{}]*\}/;

/** Of Go's templates: a field, a variable, a comment, or a function of Helm. */
const OF_HELM =
  /\{\{-?\s*(?:[.$]|\/\*|(?:include|template|define|block|range|if|with|else|end|required|tpl|toYaml|printf|quote|default|lookup|fail)\b)/;

const OF_JINJA = /\{%/;

/** How many variables a message names. */
const SHOWN_NAMES = 3;

/**
 * Explains a file that cannot be parsed because it is a template.
 * @param diagnostics the syntax errors of the file
 */
export function explainTemplate(
  source: SourceText,
  diagnostics: readonly Diagnostic[],
): Diagnostic | undefined {
  if (!/[{$]\{|\{%/.test(source.text)) return undefined;
  const lines = linesAt(source.text, diagnostics);
  for (const { code, location } of sortDiagnostics(diagnostics)) {
    if (!code.startsWith('yaml-') || location === undefined) continue;
    const line = lines.get(location.line) ?? '';
    const at = location.column - 1;
    if (!/\{\{|\{%|\$\{/.test(line.slice(Math.max(0, at - 2), at + 3))) continue;
    return templateDiagnostic('template', source.text, expressionAt(line, location));
  }
  return undefined;
}

/** The lines of some diagnostics, by number. A file may have millions of others. */
function linesAt(text: string, diagnostics: readonly Diagnostic[]): ReadonlyMap<number, string> {
  const wanted = new Set(diagnostics.flatMap(({ location }) => location?.line ?? []));
  const lines = new Map<number, string>();
  let number = 1;
  for (let start = 0; lines.size < wanted.size; number++) {
    const end = text.indexOf('\n', start);
    if (wanted.has(number)) lines.set(number, text.slice(start, end === -1 ? undefined : end));
    if (end === -1) break;
    start = end + 1;
  }
  return lines;
}

/** The first expression of a line. */
function expressionAt(line: string, { file, line: number }: Location): Location {
  const found = EXPRESSION.exec(line);
  return { file, line: number, column: (found?.index ?? 0) + 1, length: found?.[0].length ?? 1 };
}

/**
 * Replaces the errors of values that a template would fill with one error for each file: `name: ${NAME}`. The other
 * diagnostics stay.
 */
export function foldTemplateErrors(
  diagnostics: readonly Diagnostic[],
  sources: readonly { readonly file: string; readonly text: string | Uint8Array }[],
): readonly Diagnostic[] {
  const texts = new Map<string, string>();
  const linesOf = new Map<string, ReadonlyMap<number, string>>();
  for (const { file, text } of sources) {
    const ofFile = diagnostics.filter(
      ({ severity, location }) => severity === 'error' && location?.file === file,
    );
    if (ofFile.length === 0) continue;
    const decoded = decodeLeniently(text).replace(/^\uFEFF/, '');
    if (!/[{$]\{|\{%|\$[A-Za-z_]/.test(decoded)) continue;
    texts.set(file, decoded);
    linesOf.set(file, linesAt(decoded, ofFile));
  }
  if (texts.size === 0) return diagnostics;
  const found = new Set(diagnostics.filter((diagnostic) => isOfTemplate(diagnostic, linesOf)));
  if (found.size === 0) return diagnostics;
  const folded = new Map<string, Diagnostic>();
  for (const { location } of sortDiagnostics([...found])) {
    if (location === undefined || folded.has(location.file)) continue;
    const isRefused = [...found].some(
      ({ code, location: other }) => other?.file === location.file && ruleOf(code) === 'kubernetes',
    );
    const code = isRefused ? 'template' : 'template-value';
    folded.set(location.file, templateDiagnostic(code, texts.get(location.file) ?? '', location));
  }
  return diagnostics.flatMap((diagnostic) => {
    if (!found.has(diagnostic)) return [diagnostic];
    const file = diagnostic.location?.file ?? '';
    const first = folded.get(file);
    folded.delete(file);
    return first === undefined ? [] : [first];
  });
}

function isOfTemplate(
  { severity, code, location, suggestion }: Diagnostic,
  linesOf: ReadonlyMap<string, ReadonlyMap<number, string>>,
): boolean {
  if (severity !== 'error' || location === undefined || code.startsWith('template')) return false;
  const { file, line, column, length = 1 } = location;
  const value =
    linesOf
      .get(file)
      ?.get(line)
      ?.slice(column - 1, column - 1 + length) ?? '';
  const text = value.replace(/^(["'])(.*)\1$/, '$2');
  // The path of a home directory is known.
  if (code === 'path-not-expanded') return suggestion === undefined && /[{$]/.test(text);
  // A script in place of a list, or a field name, has its own mistake.
  if (code === 'wrong-type' || code === 'unknown-field') return new RegExp(`^(?:${WHOLE})$`).test(text);
  return EXPRESSION.test(text) || /^\$[A-Za-z_]\w*$/.test(text);
}

/** A value that is nothing but an expression. */
const WHOLE = '\\{\\{[^{}]*\\}\\}|\\$\\{\\w[^{}]*\\}';

function templateDiagnostic(code: DiagnosticCode, text: string, location: Location): Diagnostic {
  const words = wordsOf(text, location.file);
  return { code, severity: 'error', message: words.message, help: words.help, location };
}

function wordsOf(text: string, file: string): { readonly message: string; readonly help: string } {
  const isRead = file === '-';
  if (OF_HELM.test(text) && !OF_JINJA.test(text))
    return {
      message: 'this is a Helm template, not a manifest',
      help: `Render its chart first: ${chartCommand(chartOf(file))}`,
    };
  if (/\{\{|\{%/.test(text))
    return {
      message: 'this is a Jinja template (as in Ansible), not a manifest',
      help: `Render it first: jinja2 ${isRead ? 'FILE' : shellWord(file)} VARIABLES.yaml | podpose up -\nIn a playbook, the module ansible.builtin.template does so.`,
    };
  const names = variablesOf(text);
  const shown = names.slice(0, SHOWN_NAMES).map((name) => `\${${name}}`);
  const more = names.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more.toString()} more` : shown.join(', ');
  const command = `envsubst '${names.map((name) => `\${${name}}`).join(' ')}'`;
  const input = isRead ? '' : ` < ${shellWord(file)}`;
  return {
    message: `this is a template: nothing replaces its variables (${list})`,
    help: `Export the variables, then: ${command}${input} | podpose up -${
      /\$\{\w+:?[-+?=]/.test(text) ? '\nenvsubst replaces ${NAME} only, not ${NAME:-default}.' : ''
    }`,
  };
}

/** The chart of a file in its templates/. */
function chartOf(file: string): string {
  const path = /^(.*\/)?templates\//.exec(file);
  return path === null ? 'CHART' : dirname(`${path[1] ?? ''}templates`);
}

/** The variables of a text, in the order of their first use. */
function variablesOf(text: string): readonly string[] {
  const names = [...text.matchAll(/\$\{(\w+)(?=[^\w{}][^{}]*\}|\})|(?<=[:\s"'/]|^)\$([A-Za-z_]\w*)/g)];
  return [...new Set(names.flatMap(([, braced, plain]) => braced ?? plain ?? []))];
}
