import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import type { Kind } from '../../manifest/kinds.ts';
import { convertService } from '../services/convert.ts';
import { serviceVariables } from '../services/variables.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import type { Text } from '../spec/desired.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { bindClaims, type Binding } from '../storage/binding.ts';
import { configMapData, secretData, type KeyedData } from './keyed-data.ts';

/**
 * The objects that the pods of a namespace can refer to by name, from all files. The first of two objects with one name is
 * used.
 */
export interface ObjectSet {
  readonly namespace: string;
  readonly configMaps: ReadonlyMap<string, KeyedData>;
  readonly secrets: ReadonlyMap<string, KeyedData>;
  readonly claims: ReadonlyMap<string, CheckedObject<'PersistentVolumeClaim'>>;
  /** Those of the cluster: they have no namespace. */
  readonly persistentVolumes: ReadonlyMap<string, CheckedObject<'PersistentVolume'>>;
  /** The binding of each PVC, by its name. */
  readonly bindings: ReadonlyMap<string, Binding>;
  /** The variables of its Services, by name. */
  readonly serviceVariables: ReadonlyMap<string, Text>;
}

/** The objects of each namespace, with or without any. */
export interface ObjectSets {
  readonly in: (namespace: string) => ObjectSet;
  /** The namespaces of the documents, the default one first. */
  readonly namespaces: readonly string[];
}

export function objectSets(documents: readonly CheckedDocument[], keeper: SecretKeeper): ObjectSets {
  const persistentVolumes = byName(ofKind(documents, 'PersistentVolume'), nameOf);
  const claims = ofKind(documents, 'PersistentVolumeClaim');
  const bindings = bindClaims(claims, persistentVolumes);
  const namespaces = [
    ...new Set([POD_DEFAULTS.namespace, ...documents.map(({ value }) => namespaceOf(value.metadata))]),
  ];
  const setOf = (namespace: string): ObjectSet => {
    const own = documents.filter(({ value }) => namespaceOf(value.metadata) === namespace);
    const ownClaims = byName(ofKind(own, 'PersistentVolumeClaim'), nameOf);
    return {
      namespace,
      configMaps: byName(ofKind(own, 'ConfigMap').map(configMapData), ({ name }) => name),
      secrets: byName(
        ofKind(own, 'Secret').map((secret) => secretData(secret, keeper)),
        ({ name }) => name,
      ),
      claims: ownClaims,
      persistentVolumes,
      bindings: new Map(
        [...ownClaims].flatMap(([name, claim]) => {
          const binding = bindings.get(claim);
          return binding === undefined ? [] : [[name, binding] as const];
        }),
      ),
      serviceVariables: new Map(
        ofKind(own, 'Service')
          .flatMap(({ complete }) =>
            complete === undefined ? [] : serviceVariables(convertService(complete, '')),
          )
          .map(({ name, value }) => [name, value] as const),
      ),
    };
  };
  const sets = new Map(namespaces.map((namespace) => [namespace, setOf(namespace)]));
  return { namespaces, in: (namespace) => sets.get(namespace) ?? setOf(namespace) };
}

/** The objects of the default namespace. */
export function objectSet(documents: readonly CheckedDocument[], keeper: SecretKeeper): ObjectSet {
  return objectSets(documents, keeper).in(POD_DEFAULTS.namespace);
}

/** The sets with further objects in the default namespace. */
export function withObjects(
  sets: ObjectSets,
  configMap: CheckedObject<'ConfigMap'>,
  secrets: readonly KeyedData[],
): ObjectSets {
  const own = sets.in(POD_DEFAULTS.namespace);
  const added = configMapData(configMap);
  const extended: ObjectSet = {
    ...own,
    configMaps: new Map([...own.configMaps, [added.name, added]]),
    secrets: new Map([...own.secrets, ...secrets.map((secret) => [secret.name, secret] as const)]),
  };
  return { ...sets, in: (namespace) => (namespace === own.namespace ? extended : sets.in(namespace)) };
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
