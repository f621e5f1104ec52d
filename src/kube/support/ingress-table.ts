import { ignored, noEffect, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

const backend: SupportBranch = {
  resource: ignored('only Services are backends here: requests are answered with 503'),
  service: {
    name: used('the Service of the files that gets the requests'),
    port: { name: used('a port of the Service, by name'), number: used('a port of the Service, by number') },
  },
};

/** Support of every field of an Ingress. */
export const ingressTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the Ingress'),
    annotations: noEffect('annotations of controllers are ignored, which a warning reports'),
    namespace: used('the namespace of its Services'),
  },
  spec: {
    defaultBackend: backend,
    ingressClassName: noEffect('one proxy applies the rules of all classes'),
    rules: {
      host: used('the host of the requests; *. stands for one label'),
      http: {
        paths: {
          backend,
          path: used('the path of the requests'),
          pathType: used('Exact, or Prefix; ImplementationSpecific is Prefix'),
        },
      },
    },
    tls: {
      hosts: used('the hosts with the certificate; those of all rules by default'),
      secretName: used('the Secret with tls.crt and tls.key; without it, https is not served'),
    },
  },
  status: noEffect('written by the API server, ignored in a manifest'),
};
