/** What the proxy does with requests: the rules of all Ingresses, by host. */
export interface ProxyRules {
  /** Without equal hosts; the one without a host is for requests that no other matches. */
  readonly sites: readonly ProxySite[];
}

/** The rules of one host. */
export interface ProxySite {
  /** `shop.localhost`, `*.example.com` for exactly one label in place of the `*`; empty for any other host. */
  readonly host: string;
  /** The first that matches is taken. */
  readonly routes: readonly ProxyRoute[];
  /** For paths without a route; absent for the answer 404. */
  readonly fallback?: ProxyTarget;
  /** The directory of its certificate in the container; absent without TLS. */
  readonly certificate?: string;
}

export interface ProxyRoute {
  readonly match: 'exact' | 'prefix';
  /** Begins with a slash; a prefix ends without one, and is empty for all paths. */
  readonly path: string;
  readonly target: ProxyTarget;
}

/** `HOST:PORT` of a Service, or `unavailable` for the answer 503. */
export type ProxyTarget = string;

export const UNAVAILABLE: ProxyTarget = 'unavailable';

/**
 * The routes in the order of precedence: the longest path first, and of equal ones the exact one. Of routes for the same
 * paths, the first stays.
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
 */
export function inPrecedence(routes: readonly ProxyRoute[]): readonly ProxyRoute[] {
  const firsts = new Map<string, ProxyRoute>();
  for (const route of routes) {
    const key = `${route.match} ${route.path}`;
    if (!firsts.has(key)) firsts.set(key, route);
  }
  return [...firsts.values()].sort(
    (a, b) =>
      b.path.length - a.path.length || a.match.localeCompare(b.match, 'en') || (a.path < b.path ? -1 : 1),
  );
}

/** A route for a path of an Ingress: a prefix is compared by its elements, so that a slash at its end does not count. */
export function routeOf(pathType: string, path: string, target: ProxyTarget): ProxyRoute {
  return pathType === 'Exact'
    ? { match: 'exact', path, target }
    : { match: 'prefix', path: path.replace(/\/+$/, ''), target };
}
