import type { Diagnostic } from '../../base/diagnostic.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import { ofKind, type ObjectSets } from '../config/object-set.ts';
import { qualifiedName, type ObjectName } from '../spec/qualified-name.ts';
import type { BackendObjects } from './backends.ts';
import { rulesOf, type ValidIngress } from './ingresses.ts';
import { certificateDirectory, proxyObjects, type ProxyObjects } from './proxy-pod.ts';

export interface DesiredIngressInput extends BackendObjects {
  readonly documents: readonly CheckedDocument[];
  readonly objects: ObjectSets;
  readonly project: string;
  readonly image: string;
}

export interface DesiredIngress {
  /** Absent without an Ingress. */
  readonly proxy?: ProxyObjects & {
    /** What the pod mounts, by qualified names: it serves the Ingresses of all namespaces. */
    readonly secrets: readonly KeyedData[];
  };
  readonly warnings: readonly Diagnostic[];
}

/** The proxy for the Ingresses of the files. */
export function desiredIngress(input: DesiredIngressInput): DesiredIngress {
  const { documents, objects, project, image } = input;
  const [first, ...others] = ofKind(documents, 'Ingress').flatMap((ingress): readonly ValidIngress[] =>
    ingress.complete === undefined ? [] : [{ ...ingress, complete: ingress.complete }],
  );
  if (first === undefined) return { warnings: [] };
  const used = new Map<string, KeyedData>();
  const certificateOf = ({ namespace, name }: ObjectName): string | undefined => {
    const secret = objects.in(namespace).secrets.get(name);
    if (secret === undefined || !['tls.crt', 'tls.key'].every((key) => secret.values.has(key)))
      return undefined;
    const qualified = qualifiedName({ namespace, name });
    used.set(qualified, { ...secret, name: qualified });
    return certificateDirectory(qualified);
  };
  const { rules, warnings } = rulesOf([first, ...others], { ...input, certificateOf });
  const certificates = [...used.values()];
  const proxy = proxyObjects({ project, image, ingresses: [first, ...others], rules, certificates });
  return { proxy: { ...proxy, secrets: certificates }, warnings };
}
