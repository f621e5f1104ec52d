import type { IngressView } from '../../engine/ingress-status.ts';
import { formatAge } from '../terminal/duration.ts';
import { renderTable, type Cell } from '../terminal/table.ts';
import type { KindTableContext } from './kind-tables.ts';

/** Ingresses in the columns of kubectl. Empty without Ingresses. */
export function renderIngresses(
  ingresses: readonly IngressView[],
  { now, paint, withKinds, namespaces }: KindTableContext,
): string {
  if (ingresses.length === 0) return '';
  const rows = ingresses.map(({ ingress, ports, createdAt }): readonly Cell[] => [
    ...(namespaces ? [{ text: ingress.namespace }] : []),
    { text: withKinds ? `ing/${ingress.name}` : ingress.name, tone: 'strong' },
    { text: ingress.class ?? '<none>' },
    { text: ingress.hosts.length === 0 ? '*' : ingress.hosts.join(',') },
    { text: ports[0]?.hostIP ?? '' },
    { text: ports.map(({ hostPort }) => hostPort).join(', ') },
    { text: Number.isFinite(createdAt) ? formatAge(now - createdAt) : '<unknown>' },
  ]);
  const columns = ['NAME', 'CLASS', 'HOSTS', 'ADDRESS', 'PORTS', 'AGE'];
  return renderTable(namespaces ? ['NAMESPACE', ...columns] : columns, rows, paint);
}
