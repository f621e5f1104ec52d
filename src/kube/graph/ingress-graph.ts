import type { CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { IngressBackend } from '../../manifest/schema/generated/kubernetes.ts';
import type { GraphEdge } from './graph-parts.ts';

/**
 * An edge from the proxy to a Service for each rule of the Ingresses: `shop.localhost/cart`.
 * @param proxy the ID of its container
 * @param serviceId the ID of a Service; undefined for one that is not in the files
 */
export function ingressEdges(
  ingresses: readonly CheckedObject<'Ingress'>[],
  proxy: string,
  serviceId: (name: string, namespace: string | undefined) => string | undefined,
): readonly GraphEdge[] {
  return ingresses.flatMap(({ value: { metadata, spec = {} } }) => {
    const edge = (backend: Incomplete<IngressBackend> | undefined, text: string): readonly GraphEdge[] => {
      const to = serviceId(backend?.service?.name ?? '', metadata?.namespace);
      return to === undefined ? [] : [{ from: proxy, to, kind: 'reach', text }];
    };
    return [
      ...(spec.rules ?? []).flatMap(({ host = '', http }) =>
        (http?.paths ?? []).flatMap(({ path = '/', backend }) => edge(backend, `${host}${path}`)),
      ),
      ...edge(spec.defaultBackend, 'default'),
    ];
  });
}
