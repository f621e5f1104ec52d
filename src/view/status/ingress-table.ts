import { compareTexts } from '../../base/text.ts';
import { isObject, listOf } from '../../base/json-members.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { servedIngresses, type ServedIngress } from '../../kube/ingress/served-ingress.ts';
import { lastAppliedContainer, lastAppliedPod, type LastAppliedPort } from '../../podman/last-applied.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { formatAge } from '../terminal/duration.ts';
import { renderTable, type Cell } from '../terminal/table.ts';
import type { KindTableContext } from './kind-tables.ts';

/** An Ingress, from the labels of the proxy that serves it. */
export interface IngressView {
  readonly ingress: ServedIngress;
  readonly ports: readonly LastAppliedPort[];
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** The Ingresses that the proxies among these pods serve, sorted by name. */
export function viewIngresses(views: readonly PodView[]): readonly IngressView[] {
  return views
    .filter(({ observed }) => decodeOwner(observed.labels)?.startsWith('ing/') === true)
    .flatMap(({ observed, containers }) => {
      const ports = lastAppliedPod(observed.labels)?.hostPorts ?? [];
      const createdAt = observed.createdAt ?? Infinity;
      return containers
        .flatMap(({ observed: container }) => servedIngresses(variablesOf(container?.labels ?? {})))
        .map((ingress) => ({ ingress, ports, createdAt }));
    })
    .sort((a, b) => compareTexts(a.ingress.name, b.ingress.name));
}

function variablesOf(labels: Readonly<Record<string, string>>): Parameters<typeof servedIngresses>[0] {
  return listOf(lastAppliedContainer(labels)?.settings['env']).flatMap((variable) => {
    const { name, value } = isObject(variable) ? variable : {};
    return typeof name === 'string' ? [{ name, value }] : [];
  });
}

/** Ingresses in the columns of kubectl. Empty without Ingresses. */
export function renderIngresses(
  ingresses: readonly IngressView[],
  { now, paint, withKinds }: KindTableContext,
): string {
  if (ingresses.length === 0) return '';
  const rows = ingresses.map(({ ingress, ports, createdAt }): readonly Cell[] => [
    { text: withKinds ? `ing/${ingress.name}` : ingress.name, tone: 'strong' },
    { text: ingress.class ?? '<none>' },
    { text: ingress.hosts.length === 0 ? '*' : ingress.hosts.join(',') },
    { text: ports[0]?.hostIP ?? '' },
    { text: ports.map(({ hostPort }) => hostPort).join(', ') },
    { text: Number.isFinite(createdAt) ? formatAge(now - createdAt) : '<unknown>' },
  ]);
  return renderTable(['NAME', 'CLASS', 'HOSTS', 'ADDRESS', 'PORTS', 'AGE'], rows, paint);
}
