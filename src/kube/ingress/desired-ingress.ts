import type { Diagnostic } from '../../base/diagnostic.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import { ofKind } from '../config/object-set.ts';
import type { BackendObjects } from './backends.ts';
import { rulesOf, type ValidIngress } from './ingresses.ts';
import { certificateDirectory, proxyObjects, type ProxyObjects } from './proxy-pod.ts';

export interface DesiredIngressInput extends BackendObjects {
  readonly documents: readonly CheckedDocument[];
  readonly secrets: ReadonlyMap<string, KeyedData>;
  readonly project: string;
  readonly image: string;
}

export interface DesiredIngress {
  /** Absent without an Ingress. */
  readonly proxy?: ProxyObjects;
  readonly warnings: readonly Diagnostic[];
}

/** The proxy for the Ingresses of the files. */
export function desiredIngress(input: DesiredIngressInput): DesiredIngress {
  const { documents, secrets, project, image } = input;
  const [first, ...others] = ofKind(documents, 'Ingress').flatMap((ingress): readonly ValidIngress[] =>
    ingress.complete === undefined ? [] : [{ ...ingress, complete: ingress.complete }],
  );
  if (first === undefined) return { warnings: [] };
  const used = new Map<string, KeyedData>();
  const certificateOf = (name: string): string | undefined => {
    const secret = secrets.get(name);
    if (secret === undefined || !['tls.crt', 'tls.key'].every((key) => secret.values.has(key)))
      return undefined;
    used.set(name, secret);
    return certificateDirectory(name);
  };
  const { rules, warnings } = rulesOf([first, ...others], { ...input, certificateOf });
  const certificates = [...used.values()];
  return {
    proxy: proxyObjects({ project, image, ingresses: [first, ...others], rules, certificates }),
    warnings,
  };
}
