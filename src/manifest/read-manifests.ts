import { defined } from '../base/defined.ts';
import { ofIgnoredKind, sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import { checkObject } from './schema/check-object.ts';
import type { CheckedDocument } from './checked-document.ts';
import { composeYaml, type YamlDocument } from './yaml/compose-yaml.ts';
import { explainForeignDocument, explainForeignText } from './foreign-file.ts';
import { identify } from './identify.ts';
import { isIgnoredKind } from './other-kinds.ts';
import { withoutSecrets } from './secret-text.ts';
import { decodeSource, type SourceText } from './source-text.ts';
import { explainTemplate } from './template.ts';

/** A manifest file; bytes are decoded as UTF-8. */
export interface ManifestSource {
  /** The file name as given by the user, or `-` for standard input; shown in diagnostics. */
  readonly file: string;
  readonly text: string | Uint8Array;
  /** Of a text that a program has built from the file, such as a kustomization. */
  readonly built?: { readonly warnings: readonly string[] };
}

export interface ManifestSet {
  /** Every object of a supported kind, in the order of the files; a List is replaced with its items. */
  readonly documents: readonly CheckedDocument[];
  /** The diagnostics of the texts, in reading order, file by file. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads manifests in YAML or JSON and checks them against the schemas of Kubernetes 1.36. Never throws.
 */
export function readManifests(sources: readonly ManifestSource[]): ManifestSet {
  const sets = sources.map(({ file, text, built }) => {
    const source = decodeSource(file, text, built !== undefined);
    const placed = built === undefined ? asTheyAre : withoutLines;
    if (!source.ok) return { documents: [], diagnostics: placed([source.error]) };
    const set = readSource(source.value);
    const diagnostics = placed(withoutSecrets(set.diagnostics, source.value.text));
    return { ...set, diagnostics: [...diagnostics, ...buildWarnings(file, built?.warnings ?? [])] };
  });
  return {
    documents: sets.flatMap(({ documents }) => documents),
    diagnostics: sets.flatMap(({ diagnostics }) => sortDiagnostics(withoutRepeats(diagnostics))),
  };
}

function asTheyAre(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics;
}

/** What is wrong with a built text as a whole: nobody sees its lines. */
function withoutLines(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map(({ location, ...diagnostic }) =>
    location === undefined || location.object !== undefined
      ? { ...diagnostic, ...defined({ location }) }
      : { ...diagnostic, message: `${location.file}: ${diagnostic.message}` },
  );
}

function buildWarnings(file: string, warnings: readonly string[]): readonly Diagnostic[] {
  return warnings.map((message) => ({
    code: 'kustomize-warning',
    severity: 'warning',
    message: `${file}: ${message}`,
  }));
}

function readSource(source: SourceText): ManifestSet {
  const foreign = explainForeignText(source);
  if (foreign !== undefined) return { documents: [], diagnostics: [foreign] };
  const documents = composeYaml(source);
  const template = explainTemplate(
    source,
    documents.flatMap(({ diagnostics }) => diagnostics),
  );
  if (template !== undefined) return { documents: [], diagnostics: [template] };
  if (documents.every(({ root, diagnostics }) => root === undefined && diagnostics.length === 0))
    return { documents: [], diagnostics: [explainEmpty(source)] };
  const parts = documents.map((document) => readDocument(source, document));
  return {
    documents: parts.flatMap((part) => part.documents),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
  };
}

function explainEmpty({ file, text }: SourceText): Diagnostic {
  return {
    code: 'manifest-empty',
    severity: 'error',
    message:
      text.trim() === ''
        ? 'the file is empty'
        : 'the file contains no object, only comments or empty documents',
    location: { file, line: 1, column: 1 },
  };
}

function readDocument(source: SourceText, { root, diagnostics, syntaxErrors }: YamlDocument): ManifestSet {
  if (root === undefined) return { documents: [], diagnostics };
  // After a syntax error the rest of a document may not be an object: this is not a second error.
  if (root.type !== 'map' && syntaxErrors.length > 0) return { documents: [], diagnostics };
  const foreign = explainForeignDocument(source, root);
  if (foreign !== undefined) return { documents: [], diagnostics: [foreign] };
  const identified = identify(source, root);
  const context = { source, syntaxErrors, valid: diagnostics.length === 0 };
  // A missing kind may be in the unreadable part.
  const misnamed = identified.diagnostics.filter(
    ({ code }) => syntaxErrors.length === 0 || code !== 'missing-field',
  );
  const checks = identified.objects.map((object) => {
    const check = checkObject(context, object);
    return isIgnoredKind(object.kind)
      ? { ...check, diagnostics: check.diagnostics.map(ofIgnoredKind) }
      : check;
  });
  return {
    documents: checks.map(({ document }) => document),
    diagnostics: [...diagnostics, ...misnamed, ...checks.flatMap((check) => check.diagnostics)],
  };
}

/** An alias repeats one error at several paths, but it is fixed in one place. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { code, message, location } = diagnostic;
    const key = `${code} ${message} ${location?.line.toString() ?? ''}:${location?.column.toString() ?? ''}`;
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()];
}
