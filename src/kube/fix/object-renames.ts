import type { Edit } from '../../base/edit.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Location } from '../../base/location.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { nameOf, type ObjectSets } from '../config/object-set.ts';
import { namespaceOf, qualifiedName } from '../spec/qualified-name.ts';
import { isVolumeName, VOLUME_ANNOTATION } from '../storage/claim-volume.ts';
import { nameRuleOf } from '../validation/metadata-rules.ts';
import { nameProblem, validName } from '../validation/names.ts';
import { renameEdits } from './pod-names.ts';
import { namedKind, objectReferences, type NamedKind } from './object-references.ts';

/** An occurrence of the name of an object. */
interface Place {
  readonly kind: NamedKind;
  readonly name: string;
  readonly document: CheckedDocument;
  readonly path: FieldPath;
  readonly isDeclaration: boolean;
}

/** Codes of diagnostics about a name that a rename fixes. */
const CODES: ReadonlySet<string> = new Set(['invalid-name', 'undeclared-claim']);

/**
 * Lets `podpose fix` rename objects with invalid names together with all references to them in the files. Ambiguous
 * renames, after which two objects would have one name, are left out.
 */
export function withObjectRenames(
  diagnostics: readonly Diagnostic[],
  documents: readonly CheckedDocument[],
  sets: ObjectSets,
): readonly Diagnostic[] {
  if (!diagnostics.some(({ code }) => CODES.has(code))) return diagnostics;
  const renames = new Map<string, readonly Edit[]>();
  for (const places of invalidNames(documents)) {
    const edits = editsOfRename(places, sets);
    for (const { document, path } of places.all) renames.set(keyOf(document.locate(path)), edits);
  }
  return diagnostics.map((diagnostic) => {
    const { code, location } = diagnostic;
    const edits = CODES.has(code) && location !== undefined ? renames.get(keyOf(location)) : undefined;
    return edits === undefined ? diagnostic : { ...diagnostic, edits };
  });
}

function keyOf({ file, line, column }: Location): string {
  return `${line}:${column}:${file}`;
}

/** An invalid name with its places. */
interface Invalid {
  readonly kind: NamedKind;
  readonly from: string;
  readonly to: string;
  readonly all: readonly Place[];
}

function invalidNames(documents: readonly CheckedDocument[]): readonly Invalid[] {
  const places = groupBy(documents.flatMap(placesIn), ({ kind }) => kind);
  return [...places].flatMap(([kind, ofKind]) => {
    const names = groupBy(ofKind, ({ name }) => name);
    const invalid = [...names].flatMap(([from, all]): readonly Invalid[] => {
      const rule = nameRuleOf(kind);
      const to = nameProblem(rule, from) === undefined ? undefined : validName(rule, from);
      return to === undefined || names.has(to) ? [] : [{ kind, from, to, all }];
    });
    return invalid.filter(({ to }, index) => invalid.every((other, at) => at === index || other.to !== to));
  });
}

function groupBy<K, T>(items: readonly T[], keyOfItem: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item)) ?? [];
    group.push(item);
    groups.set(keyOfItem(item), group);
  }
  return groups;
}

function placesIn(document: CheckedDocument): readonly Place[] {
  const kind = namedKind(document.kind);
  const name = nameOf(document);
  const own = kind === undefined || name === '' ? [] : [{ kind, name, path: ['metadata', 'name'] }];
  return [
    ...own.map((place) => ({ ...place, document, isDeclaration: true })),
    ...objectReferences(document)
      .filter((reference) => reference.name !== '')
      .map((reference) => ({ ...reference, document, isDeclaration: false })),
  ];
}

function editsOfRename({ kind, from, to, all }: Invalid, sets: ObjectSets): readonly Edit[] {
  const renames = all.flatMap(({ document, path }) => renameEdits(document, [path], to));
  return kind === 'PersistentVolumeClaim' ? [...renames, ...keepVolume(from, to, all, sets)] : renames;
}

/** A renamed PersistentVolumeClaim keeps its podman volume: another one would look like lost data. */
function keepVolume(from: string, to: string, all: readonly Place[], sets: ObjectSets): readonly Edit[] {
  const [first] = all;
  const namespace = namespaceOf(first?.document.value.metadata);
  const volume = qualifiedName({ namespace, name: from });
  if (!isVolumeName(volume) || sets.in(namespace).bindings.get(from)?.kind === 'bound') return [];
  const declarations = all.filter(({ isDeclaration }) => isDeclaration);
  if (declarations.length === 0)
    return (
      first?.document.edit.append({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: to, annotations: { [VOLUME_ANNOTATION]: volume } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }) ?? []
    );
  return declarations.flatMap(({ document: { edit, value } }) => {
    const { annotations } = value.metadata ?? {};
    if (annotations?.[VOLUME_ANNOTATION] !== undefined) return [];
    return annotations === undefined || Object.keys(annotations).length === 0
      ? edit.insert(['metadata'], 'annotations', { [VOLUME_ANNOTATION]: volume }, { after: 'name' })
      : edit.insert(['metadata', 'annotations'], VOLUME_ANNOTATION, volume);
  });
}
