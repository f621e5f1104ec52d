import type { Diagnostic } from '../../base/diagnostic.ts';
import type { CheckedDocument, CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { ContainerPort, ServicePort } from '../../manifest/schema/generated/kubernetes.ts';
import { ofKind } from '../config/object-set.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import { toDiagnostic, type Finding } from '../validation/finding.ts';

/**
 * Warns about Services of which nothing in the files is behind: a selector without a pod, a port that no container of the
 * pods has. Objects with errors count, so that one run reports everything.
 */
export function validateServiceTargets(
  documents: readonly CheckedDocument[],
  pods: readonly PodObject[],
): readonly Diagnostic[] {
  return ofKind(documents, 'Service').flatMap((service) =>
    [...checkTargets(service, pods)].map((finding) => toDiagnostic(service, finding)),
  );
}

function* checkTargets({ value }: CheckedObject<'Service'>, pods: readonly PodObject[]): Iterable<Finding> {
  const { selector = {}, type, clusterIP, ports = [] } = value.spec ?? {};
  const labels = Object.entries(selector);
  if (type === 'ExternalName' || labels.length === 0) return;
  const near = pods.filter((pod) => namespaceOf(pod.value.metadata) === namespaceOf(value.metadata));
  const selected = near.filter(({ value: { metadata } }) =>
    labels.every(([name, text]) => metadata?.labels?.[name] === text),
  );
  if (selected.length === 0)
    yield {
      code: 'endpoints-missing',
      severity: 'warning',
      path: ['spec', 'selector'],
      at: 'key',
      message: `no pod in the given files has the ${labels.length === 1 ? 'label' : 'labels'} ${labels.map(([name, text]) => `'${name}: ${text ?? ''}'`).join(', ')}: nothing answers`,
      ...helpFor(near, Object.keys(selector)),
    };
  // The names of a headless Service lead to the pods, at any port.
  else if (clusterIP !== 'None')
    for (const [index, port] of ports.entries()) {
      const message = problemOf(port, selected);
      const field = port.targetPort === undefined ? 'port' : 'targetPort';
      if (message !== undefined)
        yield {
          code: 'endpoints-missing',
          severity: 'warning',
          path: ['spec', 'ports', index, field],
          message,
        };
    }
}

/** The values that pods have for the labels of the selector. */
function helpFor(pods: readonly PodObject[], names: readonly string[]): { readonly help?: string } {
  const values = pods.flatMap(({ value: { metadata } }) =>
    names.flatMap((name) => {
      const value = metadata?.labels?.[name];
      return value === undefined ? [] : [`'${name}: ${value}'`];
    }),
  );
  const known = [...new Set(values)].slice(0, 5);
  return known.length === 0 ? {} : { help: `Pods in the given files have ${known.join(', ')}.` };
}

/**
 * A port without a name need not be declared by a container: only if all pods declare ports, and none this one, it is likely
 * to be a mistake.
 */
function problemOf(
  { port, protocol = DEFAULT_PROTOCOL, targetPort = port }: Incomplete<ServicePort>,
  pods: readonly PodObject[],
): string | undefined {
  const declared = pods.map((pod) =>
    portsOf(pod).filter((one) => (one.protocol ?? DEFAULT_PROTOCOL) === protocol),
  );
  const isNamed = typeof targetPort === 'string' && targetPort !== '';
  const number = targetPort === 0 || targetPort === '' ? port : targetPort;
  const isFound = declared
    .flat()
    .some((one) => (isNamed ? one.name === targetPort : one.containerPort === number));
  if (isFound || number === undefined || (!isNamed && declared.some(({ length }) => length === 0)))
    return undefined;
  const others = [
    ...new Set(declared.flat().map((one) => (isNamed ? (one.name ?? '') : String(one.containerPort)))),
  ]
    .filter((text) => text !== '')
    .map((text) => `'${text}'`);
  const has = others.length === 0 ? '' : `; there ${others.length === 1 ? 'is' : 'are'} ${others.join(', ')}`;
  return isNamed
    ? `no container of the selected pods has a ${protocol} port named '${number}'${has}: nothing answers`
    : `no container of the selected pods declares the ${protocol} port ${number}${has}`;
}

/** Those of app containers and sidecars: an init container that ends serves nothing. */
function portsOf({ value: { spec = {} } }: PodObject): readonly Incomplete<ContainerPort>[] {
  const { containers = [], initContainers = [] } = spec;
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...containers].flatMap(({ ports = [] }) => ports);
}
