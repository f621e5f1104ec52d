import type { Diagnostic } from '../base/diagnostic.ts';
import { suggest } from '../base/suggest.ts';
import { describe } from './schema/describe.ts';
import { isKind, kinds, type Kind } from './kinds.ts';
import { groupOf, isCustomGroup, otherKind, otherKinds, type OtherKind } from './other-kinds.ts';
import { placeOfKey, placeOfValue } from './place.ts';
import type { SourceText } from './source-text.ts';
import { isNull, renameKey, type YamlMap, type YamlNode } from './yaml/yaml-tree.ts';

/** A document, or an item of a List, whose kind is known well enough to check it. */
export interface Identified {
  readonly kind: Kind;
  readonly root: YamlMap;
  /** Whether apiVersion and kind are as they should be. */
  readonly sound: boolean;
}

export interface Identification {
  readonly objects: readonly Identified[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds out what a document is. A `List` gives its items; a kind in the wrong spelling is taken for the one that
 * was meant, so that the rest of the object is checked all the same; what podpose can't take gives a diagnostic
 * and no object. In a typed list, such as PodList, the items need not say what they are.
 */
export function identify(source: SourceText, document: YamlNode, listed?: Kind): Identification {
  if (document.type !== 'map')
    return refuse({
      code: 'manifest-not-object',
      severity: 'error',
      message: `a Kubernetes object must stand here, not ${describe(document, source.text)}`,
      location: placeOfValue(source, document, []),
    });
  const { root, diagnostics } = mendNames(source, document);
  const kind = scalarField(root, 'kind');
  if (kind === undefined && listed === undefined) return identifyUnnamed(source, root, diagnostics);
  if (typeof kind === 'string' && isListKind(kind)) return identifyList(source, root, kind, diagnostics);

  const found = kind === undefined ? { kind: listed } : lookUpKind(source, root, kind);
  if (found.diagnostic !== undefined) diagnostics.push(found.diagnostic);
  const isSaid = listed === undefined || root.entries.has('apiVersion');
  if (typeof kind === 'string' && found.other?.support === 'ignored' && isSaid)
    diagnostics.push(...checkGroup(source, root, kind, found.other));
  if (found.kind === undefined) return { objects: [], diagnostics };
  if (isSaid) diagnostics.push(...checkApiVersion(source, root, found.kind));
  return { objects: [{ kind: found.kind, root, sound: diagnostics.length === 0 }], diagnostics };
}

function refuse(diagnostic: Diagnostic): Identification {
  return { objects: [], diagnostics: [diagnostic] };
}

/** `Kind:` and `apiversion:` are taken for what they are meant to be. */
function mendNames(source: SourceText, document: YamlMap): { root: YamlMap; diagnostics: Diagnostic[] } {
  let root = document;
  const diagnostics: Diagnostic[] = [];
  for (const name of ['apiVersion', 'kind']) {
    const meant = root.entries.has(name)
      ? undefined
      : [...root.entries.keys()].find((key) => suggest(key, [name]) !== undefined);
    if (meant === undefined) continue;
    diagnostics.push({
      code: 'unknown-field',
      severity: 'error',
      message: `unknown field '${meant}'`,
      suggestion: name,
      location: placeOfKey(source, root, [meant]),
    });
    root = renameKey(root, meant, name);
  }
  return { root, diagnostics };
}

function scalarField(root: YamlMap, name: string): string | YamlNode | undefined {
  const value = root.entries.get(name)?.value;
  if (value === undefined || isNull(value)) return undefined;
  return value.type === 'scalar' && typeof value.value === 'string' ? value.value : value;
}

/** Without a kind, an object that has containers is still checked as the Pod that it most probably is. */
function identifyUnnamed(source: SourceText, root: YamlMap, diagnostics: Diagnostic[]): Identification {
  diagnostics.push({
    code: 'missing-field',
    severity: 'error',
    message: "missing required field 'kind'",
    help: "It says what the object is, for example 'kind: Pod'.",
    location: placeOfKey(source, root, ['kind']),
  });
  const spec = root.entries.get('spec')?.value;
  const isPod = spec?.type === 'map' && spec.entries.has('containers');
  if (isPod) diagnostics.push(...checkApiVersion(source, root, 'Pod'));
  return { objects: isPod ? [{ kind: 'Pod', root, sound: false }] : [], diagnostics };
}

function lookUpKind(
  source: SourceText,
  root: YamlMap,
  kind: string | YamlNode,
): { readonly kind?: Kind | undefined; readonly other?: OtherKind; readonly diagnostic?: Diagnostic } {
  if (typeof kind === 'string' && isKind(kind)) return { kind };
  const problem = {
    severity: 'error',
    path: 'kind',
    location: placeOfValue(source, root, ['kind']),
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
  if (isCustomGroup(group))
    return {
      diagnostic: {
        ...problem,
        code: 'custom-kind',
        message: `'${kind}' of ${group} is no kind of Kubernetes itself`,
        help: 'It is for a cluster where somebody has added this kind. Keep it in a file that podpose is not given.',
      },
    };
  const other = otherKind(kind);
  if (other !== undefined) return { other, diagnostic: { ...problem, ...explainOther(kind, other) } };
  const suggestion = suggest(kind, [...Object.keys(kinds), ...Object.keys(otherKinds)]);
  const message = `unknown kind '${kind}'`;
  if (suggestion === undefined)
    return {
      diagnostic: {
        ...problem,
        code: 'unknown-kind',
        message,
        help: `podpose takes ${Object.keys(kinds).join(', ')}.`,
      },
    };
  return {
    kind: isKind(suggestion) ? suggestion : undefined,
    diagnostic: { ...problem, code: 'unknown-kind', message, suggestion },
  };
}

function explainOther(
  kind: string,
  other: OtherKind,
): Pick<Diagnostic, 'code' | 'severity' | 'message' | 'help'> {
  switch (other.support) {
    case 'ignored':
      return {
        code: 'ignored-kind',
        severity: 'warning',
        message: `${withArticle(kind)} is ignored: ${other.lost}`,
      };
    case 'refused':
      return {
        code: 'unsupported-kind',
        severity: 'error',
        message: `${withArticle(kind)} is not supported yet`,
        help: other.instead,
      };
  }
}

function withArticle(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function checkApiVersion(source: SourceText, root: YamlMap, kind: Kind): readonly Diagnostic[] {
  const { apiVersion } = kinds[kind];
  return scalarField(root, 'apiVersion') === apiVersion
    ? []
    : [explainApiVersion(source, root, kind, apiVersion)];
}

/** Of an object that is not looked into, any version of its group will do. */
function checkGroup(
  source: SourceText,
  root: YamlMap,
  kind: string,
  { apiVersion }: OtherKind,
): readonly Diagnostic[] {
  const given = scalarField(root, 'apiVersion');
  return typeof given === 'string' && groupOf(given) === groupOf(apiVersion)
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
      help: `${withArticle(kind).replace(/^a/, 'A')} has 'apiVersion: ${apiVersion}'.`,
      location: placeOfKey(source, root, ['apiVersion']),
    };
  const text = typeof given === 'string' ? `'${given}'` : describe(given, source.text);
  return {
    code: 'wrong-api-version',
    severity: 'error',
    path: 'apiVersion',
    message: `${withArticle(kind)} has no apiVersion ${text}`,
    suggestion: apiVersion,
    location: placeOfValue(source, root, ['apiVersion']),
  };
}

function isListKind(kind: string): boolean {
  return kind === 'List' || (kind.endsWith('List') && isKind(kind.slice(0, -'List'.length)));
}

function identifyList(
  source: SourceText,
  root: YamlMap,
  listKind: string,
  diagnostics: readonly Diagnostic[],
): Identification {
  const itemKind = listKind.slice(0, -'List'.length);
  const items = root.entries.get('items')?.value;
  if (items === undefined || items.type !== 'list')
    return {
      objects: [],
      diagnostics: [
        ...diagnostics,
        {
          code: 'wrong-type',
          severity: 'error',
          path: 'items',
          message: `a ${listKind} must have a list here`,
          location: placeOfKey(source, root, ['items']),
        },
      ],
    };
  const parts = items.items.map((item) => identify(source, item, isKind(itemKind) ? itemKind : undefined));
  return {
    objects: parts.flatMap(({ objects }) => objects),
    diagnostics: [...diagnostics, ...parts.flatMap((part) => part.diagnostics)],
  };
}
