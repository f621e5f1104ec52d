import { ofIgnoredKind, type Diagnostic } from '../base/diagnostic.ts';
import { suggest, suggestion } from '../base/suggest.ts';
import { describe } from './schema/describe.ts';
import {
  apiVersionOf,
  furtherVersion,
  isKind,
  isSupportedKind,
  supportedKinds,
  type Kind,
  type Schema,
} from './kinds.ts';
import {
  groupOf,
  isCustomGroup,
  isIgnoredKind,
  otherKind,
  removedKinds,
  type OtherKind,
} from './other-kinds.ts';
import { apiVersions } from './schema/generated/api-versions.ts';
import { insertField } from './insert-field.ts';
import { locateKey, locateValue } from './locate.ts';
import type { SourceText } from './source-text.ts';
import { isNull, renameKey, type YamlMap, type YamlNode } from './yaml/yaml-tree.ts';

/** A document, or an item of a List, with a known kind. */
export interface Identified {
  readonly kind: Kind;
  /** Default: that of the kind. */
  readonly schema?: Schema;
  readonly root: YamlMap;
  /** Whether apiVersion and kind are valid. */
  readonly valid: boolean;
}

export interface Identification {
  readonly objects: readonly Identified[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Identifies the kind of a document. A `List` is replaced with its items. A misspelled kind is corrected, so
 * that the rest of the object is checked, too. An unsupported kind gives a diagnostic and no object. The
 * items of a typed list, such as PodList, may omit their kind.
 */
export function identify(source: SourceText, document: YamlNode, listed?: Kind): Identification {
  if (document.type !== 'map')
    return refuse({
      code: 'manifest-not-object',
      severity: 'error',
      message: `expected a Kubernetes object (apiVersion, kind, ...), got ${describe(document, source.text)}`,
      location: locateValue(source, document, []),
    });
  const { root, diagnostics } = correctNames(source, document);
  const kind = scalarField(root, 'kind');
  if (kind === undefined && listed === undefined) return identifyUnnamed(source, root, diagnostics);
  if (typeof kind === 'string' && isListKind(kind) && isList(root))
    return identifyList(source, root, kind, diagnostics);

  const found = kind === undefined ? { kind: listed } : lookUpKind(source, root, kind);
  if (found.diagnostic !== undefined) diagnostics.push(found.diagnostic);
  const needsApiVersion = listed === undefined || root.entries.has('apiVersion');
  if (found.kind === undefined) return { objects: [], diagnostics };
  const apiVersion = scalarField(root, 'apiVersion');
  const further = typeof apiVersion === 'string' ? furtherVersion(found.kind, apiVersion) : undefined;
  if (further === 'unchecked') return { objects: [], diagnostics };
  if (further !== undefined)
    return {
      objects: [{ kind: found.kind, schema: further, root, valid: diagnostics.length === 0 }],
      diagnostics,
    };
  if (needsApiVersion) {
    const mistakes = checkApiVersion(source, root, found.kind);
    diagnostics.push(...(isIgnoredKind(found.kind) ? mistakes.map(ofIgnoredKind) : mistakes));
  }
  return { objects: [{ kind: found.kind, root, valid: diagnostics.length === 0 }], diagnostics };
}

function refuse(diagnostic: Diagnostic): Identification {
  return { objects: [], diagnostics: [diagnostic] };
}

/** Corrects the case of `Kind:` and `apiversion:`. */
function correctNames(source: SourceText, document: YamlMap): { root: YamlMap; diagnostics: Diagnostic[] } {
  let root = document;
  const diagnostics: Diagnostic[] = [];
  for (const name of ['apiVersion', 'kind']) {
    const misspelled = root.entries.has(name)
      ? undefined
      : [...root.entries.keys()].find((key) => suggest(key, [name]) !== undefined);
    if (misspelled === undefined) continue;
    diagnostics.push({
      code: 'unknown-field',
      severity: 'error',
      message: `unknown field '${misspelled}'`,
      suggestion: name,
      location: locateKey(source, root, [misspelled]),
    });
    root = renameKey(root, misspelled, name);
  }
  return { root, diagnostics };
}

function scalarField(root: YamlMap, name: string): string | YamlNode | undefined {
  const value = root.entries.get(name)?.value;
  if (value === undefined || isNull(value)) return undefined;
  return value.type === 'scalar' && typeof value.value === 'string' ? value.value : value;
}

/** An object with containers but without a kind is checked as a Pod. */
function identifyUnnamed(source: SourceText, root: YamlMap, diagnostics: Diagnostic[]): Identification {
  diagnostics.push({
    code: 'missing-field',
    severity: 'error',
    message: "missing required field 'kind'",
    help: "Add the kind, for example 'kind: Pod'.",
    location: locateKey(source, root, ['kind']),
  });
  const spec = root.entries.get('spec')?.value;
  const isPod = spec?.type === 'map' && spec.entries.has('containers');
  if (isPod) diagnostics.push(...checkApiVersion(source, root, 'Pod'));
  return { objects: isPod ? [{ kind: 'Pod', root, valid: false }] : [], diagnostics };
}

interface FoundKind {
  readonly kind?: Kind | undefined;
  readonly diagnostic?: Diagnostic;
}

function lookUpKind(source: SourceText, root: YamlMap, kind: string | YamlNode): FoundKind {
  const problem = {
    severity: 'error',
    path: 'kind',
    location: locateValue(source, root, ['kind']),
  } as const;
  if (typeof kind !== 'string')
    return {
      diagnostic: {
        ...problem,
        code: 'wrong-type',
        message: `must be a string, got ${describe(kind, source.text)}`,
      },
    };
  const apiVersion = scalarField(root, 'apiVersion');
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  // Knative has a kind of the same name.
  if (isSupportedKind(kind) && !(kind === 'Service' && isCustomGroup(group))) return { kind };
  if (isCustomGroup(group))
    return {
      diagnostic: {
        ...problem,
        code: 'custom-kind',
        severity: 'warning',
        message: `'${kind}' of ${group} is ignored: it is a custom resource, and there is no API server to define it`,
      },
    };
  if (isKind(kind)) {
    const other = otherKind(kind);
    return other === undefined
      ? { kind }
      : { kind, diagnostic: { ...problem, ...explainOther(kind, other) } };
  }
  return explainUnknownKind(problem, kind);
}

function explainUnknownKind(
  problem: Pick<Diagnostic, 'severity' | 'path' | 'location'>,
  kind: string,
): FoundKind {
  const unknown = { ...problem, code: 'unknown-kind', message: `unknown kind '${kind}'` } as const;
  const removed = Object.hasOwn(removedKinds, kind) ? removedKinds[kind] : undefined;
  if (removed !== undefined) return { diagnostic: { ...unknown, help: removed } };
  const near = suggestion(kind, Object.keys(apiVersions));
  if (near.suggestion === undefined)
    return { diagnostic: { ...unknown, help: `Supported kinds: ${supportedKinds.join(', ')}.` } };
  return {
    kind: isKind(near.suggestion) ? near.suggestion : undefined,
    diagnostic: { ...unknown, ...near },
  };
}

function explainOther(kind: string, { lost }: OtherKind): Pick<Diagnostic, 'code' | 'severity' | 'message'> {
  return {
    code: 'ignored-kind',
    severity: 'warning',
    message: `${withArticle(kind)} is ignored: ${lost}`,
  };
}

function withArticle(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function checkApiVersion(source: SourceText, root: YamlMap, kind: Kind): readonly Diagnostic[] {
  const apiVersion = apiVersionOf(kind);
  const given = scalarField(root, 'apiVersion');
  // The group of `/v1` is the empty one, too.
  return given === apiVersion || (given === `/${apiVersion}` && !apiVersion.includes('/'))
    ? []
    : [explainApiVersion(source, root, kind, apiVersion)];
}

function explainApiVersion(source: SourceText, root: YamlMap, kind: string, apiVersion: string): Diagnostic {
  const given = scalarField(root, 'apiVersion');
  if (given === undefined)
    return {
      code: 'missing-field',
      severity: 'error',
      message: "missing required field 'apiVersion'",
      help: `${withArticle(kind).replace(/^a/, 'A')} uses 'apiVersion: ${apiVersion}'.`,
      location: locateKey(source, root, ['apiVersion']),
      edits: insertField(source, root, 'apiVersion', apiVersion),
    };
  const text = typeof given === 'string' ? `'${given}'` : describe(given, source.text);
  return {
    code: 'wrong-api-version',
    severity: 'error',
    path: 'apiVersion',
    message: `invalid apiVersion ${text} of ${withArticle(kind)}`,
    suggestion: apiVersion,
    location: locateValue(source, root, ['apiVersion']),
  };
}

function isListKind(kind: string): boolean {
  return kind === 'List' || (kind.endsWith('List') && isKind(kind.slice(0, -'List'.length)));
}

/** To kubectl, an object of a group without items is no list, whatever its kind. */
function isList(root: YamlMap): boolean {
  const apiVersion = scalarField(root, 'apiVersion');
  return root.entries.has('items') || typeof apiVersion !== 'string' || groupOf(apiVersion) === '';
}

function identifyList(
  source: SourceText,
  root: YamlMap,
  listKind: string,
  diagnostics: readonly Diagnostic[],
): Identification {
  const itemKind = listKind.slice(0, -'List'.length);
  const items = root.entries.get('items')?.value;
  // The output of an empty list.
  if (items === undefined || isNull(items)) return { objects: [], diagnostics };
  if (items.type !== 'list')
    return {
      objects: [],
      diagnostics: [
        ...diagnostics,
        {
          code: 'wrong-type',
          severity: 'error',
          path: 'items',
          message: `expected a list of the items of the ${listKind}`,
          location: locateKey(source, root, ['items']),
        },
      ],
    };
  const parts = items.items.map((item) => identify(source, item, isKind(itemKind) ? itemKind : undefined));
  return {
    objects: parts.flatMap(({ objects }) => objects),
    diagnostics: [...diagnostics, ...parts.flatMap((part) => part.diagnostics)],
  };
}
