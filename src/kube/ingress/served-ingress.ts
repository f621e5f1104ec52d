import { isObject, listOf } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import type { ValidIngress } from './ingresses.ts';

/** The Ingresses that a proxy serves, as its environment records them for `get ingress`. */
export interface ServedIngress {
  readonly name: string;
  readonly namespace: string;
  readonly class?: string;
  /** Sorted; empty for every host. */
  readonly hosts: readonly string[];
  readonly hasTls?: true;
}

/** The variable with the served Ingresses, as JSON. */
export const INGRESSES_VARIABLE = 'INGRESSES';

/** The Ingresses in the variables of a container; none if the variable is missing or edited. */
export function servedIngresses(
  env: readonly { readonly name: string; readonly value?: unknown }[],
): readonly ServedIngress[] {
  const value = env.find(({ name }) => name === INGRESSES_VARIABLE)?.value;
  try {
    const list: unknown = typeof value === 'string' ? JSON.parse(value) : [];
    return listOf(list as Json).flatMap(decodeServed);
  } catch {
    return [];
  }
}

function decodeServed(item: unknown): readonly ServedIngress[] {
  if (!isObject(item)) return [];
  const { name, namespace, class: className, hosts, hasTls } = item;
  if (typeof name !== 'string' || typeof namespace !== 'string' || !Array.isArray(hosts)) return [];
  return [
    {
      ...{ name, namespace, hosts: hosts.map(String) },
      ...(typeof className === 'string' ? { class: className } : {}),
      ...(hasTls === true ? { hasTls } : {}),
    },
  ];
}

/** What is recorded of an Ingress. */
export function servedIngress({ complete: { metadata, spec } }: ValidIngress): ServedIngress {
  const { ingressClassName: className } = spec;
  const hosts = new Set((spec.rules ?? []).map(({ host = '' }) => host));
  return {
    name: metadata?.name ?? '',
    namespace: namespaceOf(metadata),
    ...(className === undefined ? {} : { class: className }),
    hosts: hosts.has('') ? [] : [...hosts].sort(),
    ...((spec.tls ?? []).length === 0 ? {} : { hasTls: true }),
  };
}
