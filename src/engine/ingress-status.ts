import { defined } from '../base/defined.ts';
import { isObject, listOf, type JsonObject } from '../base/json-members.ts';
import type { Json } from '../base/stable-json.ts';
import { compareTexts } from '../base/text.ts';
import { servedIngresses, type ServedIngress } from '../kube/ingress/served-ingress.ts';
import { DECLARED_INGRESSES } from '../kube/spec/declared.ts';
import { qualifiedName } from '../kube/spec/qualified-name.ts';
import { lastAppliedContainer, lastAppliedPod, type LastAppliedPort } from '../podman/last-applied.ts';
import { decodeOwner } from '../podman/labels.ts';
import type { PodView } from './pod-facts.ts';

/** An Ingress, from the labels of the proxy that serves it. */
export interface IngressView {
  readonly ingress: ServedIngress;
  readonly ports: readonly LastAppliedPort[];
  /** Its spec in the manifest; absent if it was too long to be recorded. */
  readonly spec?: JsonObject;
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
      return containers.flatMap(({ observed: container, recorded }) =>
        servedIngresses(variablesOf(container?.labels ?? {})).map((ingress) => ({
          ...{ ingress, ports, createdAt },
          ...defined({ spec: specOf(ingress, recorded?.declared[DECLARED_INGRESSES]) }),
        })),
      );
    })
    .sort((a, b) => compareTexts(a.ingress.name, b.ingress.name));
}

function specOf(ingress: ServedIngress, recorded: Json | undefined): JsonObject | undefined {
  const specs = listOf(recorded).flatMap((one) => {
    const { name, spec } = isObject(one) ? one : {};
    return name === qualifiedName(ingress) && isObject(spec) ? [spec] : [];
  });
  return specs[0];
}

function variablesOf(labels: Readonly<Record<string, string>>): Parameters<typeof servedIngresses>[0] {
  return listOf(lastAppliedContainer(labels)?.settings['env']).flatMap((variable) => {
    const { name, value } = isObject(variable) ? variable : {};
    return typeof name === 'string' ? [{ name, value }] : [];
  });
}
