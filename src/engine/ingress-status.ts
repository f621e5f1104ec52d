import { isObject, listOf } from '../base/json-members.ts';
import { compareTexts } from '../base/text.ts';
import { servedIngresses, type ServedIngress } from '../kube/ingress/served-ingress.ts';
import { lastAppliedContainer, lastAppliedPod, type LastAppliedPort } from '../podman/last-applied.ts';
import { decodeOwner } from '../podman/labels.ts';
import type { PodView } from './pod-facts.ts';

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
