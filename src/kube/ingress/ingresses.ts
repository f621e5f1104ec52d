import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { Ingress, IngressBackend } from '../../manifest/schema/generated/kubernetes.ts';
import { namespaceOf, type ObjectName } from '../spec/qualified-name.ts';
import { toDiagnostic, type Finding } from '../validation/finding.ts';
import { findBackend, type BackendObjects } from './backends.ts';
import { inPrecedence, routeOf, type ProxyRoute, type ProxyRules, type ProxyTarget } from './proxy-rules.ts';

/** A valid Ingress of the files. */
export type ValidIngress = CheckedObject<'Ingress'> & { readonly complete: Ingress };

export interface RulesInput extends BackendObjects {
  /** The directory of a Secret's certificate in the container; undefined for one without a usable certificate. */
  readonly certificateOf: (secret: ObjectName) => string | undefined;
}

/** The rules of all Ingresses together, as those of a cluster share one controller, and warnings about what is missing. */
export function rulesOf(
  ingresses: readonly ValidIngress[],
  input: RulesInput,
): { readonly rules: ProxyRules; readonly warnings: readonly Diagnostic[] } {
  const warnings: Diagnostic[] = [];
  const sites = new Map<string, { routes: ProxyRoute[]; fallback?: ProxyTarget; certificate?: string }>();
  let fallback: ProxyTarget | undefined;
  for (const ingress of ingresses) {
    const { spec, metadata } = ingress.complete;
    const warn = (finding: Omit<Finding, 'severity'>): void => {
      warnings.push(toDiagnostic(ingress, { ...finding, severity: 'warning' }));
    };
    const targetOf = (backend: IngressBackend, path: FieldPath): ProxyTarget => {
      const { target, missing } = findBackend(backend, namespaceOf(metadata), input);
      if (missing !== undefined)
        warn({ code: 'backend-missing', path: [...path, ...missing.path], message: missing.message });
      return target;
    };
    const own =
      spec.defaultBackend === undefined
        ? undefined
        : targetOf(spec.defaultBackend, ['spec', 'defaultBackend']);
    fallback ??= own;
    for (const [index, { host = '', http }] of (spec.rules ?? []).entries()) {
      const site = sites.get(host) ?? { routes: [] };
      sites.set(host, site);
      if (own !== undefined) site.fallback ??= own;
      for (const [at, { path = '/', pathType, backend }] of (http?.paths ?? []).entries())
        site.routes.push(
          routeOf(
            pathType,
            path,
            targetOf(backend, ['spec', 'rules', index, 'http', 'paths', at, 'backend']),
          ),
        );
    }
    for (const [index, { hosts = [], secretName = '' }] of (spec.tls ?? []).entries()) {
      const certificate = input.certificateOf({ namespace: namespaceOf(metadata), name: secretName });
      if (certificate === undefined) {
        warn(
          missingCertificate(secretName, [
            'spec',
            'tls',
            index,
            ...(secretName === '' ? [] : ['secretName']),
          ]),
        );
        continue;
      }
      const covers = (host: string): boolean =>
        hosts.length === 0
          ? (spec.rules ?? []).some((rule) => rule.host === host)
          : hosts.some((one) => isCovered(host, one));
      for (const [host, site] of sites) if (covers(host)) site.certificate ??= certificate;
    }
  }
  if (fallback !== undefined && !sites.has('')) sites.set('', { routes: [] });
  return {
    rules: {
      sites: [...sites]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([host, site]) =>
          defined({
            host,
            routes: inPrecedence(site.routes),
            fallback: site.fallback ?? fallback,
            certificate: site.certificate,
          }),
        ),
    },
    warnings,
  };
}

/** Whether a host of `tls` covers the host of a rule: the same one, or a wildcard for its first label. */
function isCovered(host: string, pattern: string): boolean {
  return host === pattern || (pattern.startsWith('*.') && host.replace(/^[^.]+/, '*') === pattern);
}

function missingCertificate(secret: string, path: FieldPath): Omit<Finding, 'severity'> {
  return {
    code: 'backend-missing',
    path,
    message:
      secret === ''
        ? 'has no secretName: https is not served'
        : `no Secret '${secret}' with tls.crt and tls.key in the given files: https is not served with it`,
    help: 'mkcert, for example, makes a certificate that this machine trusts.',
  };
}

/** The domains of annotations that change what some controllers do, besides `*.ingress.kubernetes.io`. */
const CONTROLLER_DOMAINS: ReadonlySet<string> = new Set([
  'cert-manager.io',
  'haproxy.com',
  'haproxy.org',
  'konghq.com',
  'nginx.org',
  'projectcontour.io',
]);

/** Annotations of `kubernetes.io`; `ingress.class` is there, too, and chooses only the controller. */
const CONTROLLER_ANNOTATIONS: ReadonlySet<string> = new Set([
  'kubernetes.io/ingress.allow-http',
  'kubernetes.io/ingress.global-static-ip-name',
  'kubernetes.io/tls-acme',
]);

function isOfController(annotation: string): boolean {
  const [domain = ''] = annotation.split('/', 1);
  return (
    /(^|\.)ingress\.kubernetes\.io$/.test(domain) ||
    CONTROLLER_DOMAINS.has(domain) ||
    CONTROLLER_ANNOTATIONS.has(annotation)
  );
}

/** What one proxy without a controller does not do. */
export function* checkIngressLimits({ value }: CheckedObject<'Ingress'>): Iterable<Finding> {
  const names = Object.keys(value.metadata?.annotations ?? {}).filter(isOfController);
  const [first, ...others] = names;
  if (first === undefined) return;
  const also = others.length === 0 ? '' : `, also ${others.map((name) => `'${name}'`).join(', ')}`;
  yield {
    code: 'ignored',
    severity: 'warning',
    path: ['metadata', 'annotations', first],
    at: 'key',
    message: `ignored${also}: annotations configure the controller of a cluster; the proxy applies spec only`,
  };
}
