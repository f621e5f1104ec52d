import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import type { Kind } from '../../manifest/kinds.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { bindClaims, type Binding } from '../storage/binding.ts';
import { configMapData, secretData, type KeyedData } from './keyed-data.ts';

/** The objects that pods can refer to by name, from all files. The first of two objects with one name is used. */
export interface ObjectSet {
  readonly configMaps: ReadonlyMap<string, KeyedData>;
  readonly secrets: ReadonlyMap<string, KeyedData>;
  readonly claims: ReadonlyMap<string, CheckedObject<'PersistentVolumeClaim'>>;
  readonly persistentVolumes: ReadonlyMap<string, CheckedObject<'PersistentVolume'>>;
  /** The binding of each PVC, by its name. */
  readonly bindings: ReadonlyMap<string, Binding>;
}

export function objectSet(documents: readonly CheckedDocument[], keeper: SecretKeeper): ObjectSet {
  const claims = byName(ofKind(documents, 'PersistentVolumeClaim'), nameOf);
  const persistentVolumes = byName(ofKind(documents, 'PersistentVolume'), nameOf);
  return {
    configMaps: byName(ofKind(documents, 'ConfigMap').map(configMapData), ({ name }) => name),
    secrets: byName(
      ofKind(documents, 'Secret').map((secret) => secretData(secret, keeper)),
      ({ name }) => name,
    ),
    claims,
    persistentVolumes,
    bindings: bindClaims(claims.values(), persistentVolumes),
  };
}

/** The set with another ConfigMap. */
export function withConfigMap(objects: ObjectSet, configMap: CheckedObject<'ConfigMap'>): ObjectSet {
  const added = configMapData(configMap);
  return { ...objects, configMaps: new Map([...objects.configMaps, [added.name, added]]) };
}

/** The objects of one kind, in the order of the files. */
export function ofKind<K extends Kind>(
  documents: readonly CheckedDocument[],
  kind: K,
): readonly CheckedObject<K>[] {
  return documents.filter(
    (document): document is CheckedObject<K> & CheckedDocument => document.kind === kind,
  );
}

export function nameOf({ value }: CheckedDocument): string {
  return value.metadata?.name ?? '';
}

function byName<T>(items: readonly T[], nameOfItem: (item: T) => string): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const item of items) if (!named.has(nameOfItem(item))) named.set(nameOfItem(item), item);
  return named;
}
