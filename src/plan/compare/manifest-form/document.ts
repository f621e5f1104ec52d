import { listOf, type JsonObject as Members } from '../../../base/json-members.ts';
import { stableJson, type Json } from '../../../base/stable-json.ts';
import type { PodFileDigests } from '../../../kube/spec/file-digests.ts';
import { fileListOf } from './source.ts';
import { membersOf } from './values.ts';

/** Fields of the pod, moved from the containers to the pod if they are the same in all containers. */
export interface Hoisted {
  readonly spec: Members;
  /** Returns a container without the fields in `spec`. */
  readonly entry: (container: Members) => Members;
}

/** @param apps app containers, which must all have the same value of a field. Init containers may lack it */
export function hoisted(all: readonly Members[], apps: readonly Members[]): Hoisted {
  const specOf = (container: Members) => membersOf(container['spec']);
  const isSame = (name: string) =>
    new Set(apps.map((container) => stableJson(specOf(container)[name] ?? null))).size <= 1;
  const names = [...new Set(apps.flatMap((container) => Object.keys(specOf(container))))].filter(
    (name) => name !== 'volumes' && isSame(name),
  );
  const [first = {}] = apps;
  const volumes = new Map<Json, Members>();
  for (const volume of all.flatMap((container) => listOf(specOf(container)['volumes'])).map(membersOf)) {
    const name = volume['name'] ?? null;
    if (!volumes.has(name)) volumes.set(name, volume);
  }
  const isKnown = (name: string, value: Json) =>
    names.includes(name) && stableJson(specOf(first)[name]) === stableJson(value);
  return {
    spec: {
      ...Object.fromEntries(names.map((name) => [name, specOf(first)[name] ?? null])),
      ...(volumes.size === 0 ? {} : { volumes: [...volumes.values()] }),
    },
    entry: ({ spec, ...container }) => {
      const others = Object.entries(membersOf(spec)).filter(
        ([name, value]) => name !== 'volumes' && !isKnown(name, value),
      );
      const odd = listOf(membersOf(spec)['volumes'])
        .map(membersOf)
        .filter((volume) => stableJson(volume) !== stableJson(volumes.get(volume['name'] ?? null)));
      const rest: Members = {
        ...Object.fromEntries(others),
        ...(odd.length === 0 ? {} : { volumes: odd }),
      };
      return Object.keys(rest).length === 0 ? container : { ...container, spec: rest };
    },
  };
}

/** The volumes of a pod, sorted by name, with the digests of file volumes. */
export function volumesMember(volumes: readonly Members[], files: PodFileDigests): Members {
  const names = [...new Set([...volumes.map(({ name }) => name), ...Object.keys(files)])]
    .filter((name) => typeof name === 'string')
    .sort();
  const list = names.map((name): Members => {
    const { name: _name, ...source } = volumes.find((volume) => volume['name'] === name) ?? {};
    const digests = files[name];
    const [type = 'files'] = Object.keys(source);
    return { name, ...source, ...(digests === undefined ? {} : { [type]: { [fileListOf(type)]: digests } }) };
  });
  return list.length === 0 ? {} : { volumes: list };
}
