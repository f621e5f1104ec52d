import { KUBELET_VERSION } from '../../kube/spec/defaults.ts';
import type { HttpGetAction } from '../../kube/spec/probe.ts';
import type { HttpAnswer, HttpRequest } from '../../platform/network.ts';

/** Headers that Go's client sends from elsewhere, or not at all (reqWriteExcludeHeader in net/http). */
const DROPPED: ReadonlySet<string> = new Set([
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
  'Connection',
]);

type Headers = HttpRequest['headers'];

/** The value of the header User-Agent, such as `kube-probe/1.36`. */
export function userAgent(purpose: 'probe' | 'lifecycle'): string {
  return `kube-${purpose}/${KUBELET_VERSION}`;
}

/** The request of an httpGet (NewRequestForHTTPGetAction in pkg/probe/http/request.go). */
export function httpRequest(
  { scheme, host = '', port, path, httpHeaders }: HttpGetAction,
  podIP: string,
  purpose: 'probe' | 'lifecycle',
): HttpRequest {
  const given = httpHeaders.map(({ name, value }) => [canonicalName(name), value] as const);
  const has = (header: string) => given.some(([name]) => name === header);
  const firstOf = (header: string) => given.find(([name]) => name === header)?.[1];
  const defaults: Headers = [
    ...(has('User-Agent') ? [] : [['User-Agent', userAgent(purpose)] as const]),
    ...(has('Accept') ? [] : [['Accept', '*/*'] as const]),
    // Keep-alive is not used: the next probe is a new connection.
    ['Connection', 'close'],
  ];
  const isSent = ([name, value]: Headers[number]) =>
    !DROPPED.has(name) &&
    // An empty one means none.
    !(['User-Agent', 'Accept', 'Host'].includes(name) && (firstOf(name) === '' || value === ''));
  // Of these, only the first is used.
  const isFirst = ([name]: Headers[number], index: number) =>
    !['Host', 'User-Agent'].includes(name) || given.findIndex(([other]) => other === name) === index;
  return {
    scheme: scheme === 'HTTPS' ? 'https' : 'http',
    host: host === '' ? podIP : host,
    port,
    path: requestTarget(path),
    headers: [...given.filter(isFirst).filter(isSent), ...defaults],
  };
}

/** `x-probe-id` is sent as `X-Probe-Id` (CanonicalMIMEHeaderKey in net/textproto). */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

const SCHEME_AND_HOST = /^(?:[a-z][a-z\d+.-]*:)?\/\/[^/?]*/i;
const BAD_ESCAPE = /%(?![\da-f]{2})/i;
const NOT_IN_PATH = /[^\w\-.~!$&'()*+,;=:@/%[\]]/gu;
const NOT_IN_QUERY = /[^!-~]/gu;

/**
 * The path and query of an httpGet as sent (formatURL in pkg/probe/http/request.go, which parses it as a URL and takes
 * what is no URL as a path).
 */
export function requestTarget(path: string): string {
  const [reference = ''] = path.split('#', 1);
  const relative = reference.replace(SCHEME_AND_HOST, '');
  const at = relative.indexOf('?');
  const [before, query] = at === -1 ? [relative, ''] : [relative.slice(0, at), relative.slice(at)];
  if (BAD_ESCAPE.test(before) || /[\u0000-\u001f\u007f]/.test(reference))
    return rooted(path.replace(/%/g, '%25').replace(NOT_IN_PATH, escaped));
  return rooted(before.replace(NOT_IN_PATH, escaped)) + query.replace(NOT_IN_QUERY, escaped);
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function escaped(character: string): string {
  const isHalf = /\p{Cs}/u.test(character);
  return encodeURIComponent(isHalf ? '\ufffd' : character);
}

export type Redirection =
  | { readonly kind: 'request'; readonly request: HttpRequest }
  | { readonly kind: 'failed'; readonly message: string };

/** Statuses that Go's client follows (redirectBehavior in net/http). */
const FOLLOWED: readonly number[] = [301, 302, 303, 307, 308];

/** The next request after an answer. Undefined if it is not a redirect, or leads nowhere. */
export function redirected(
  request: HttpRequest,
  { status, location }: Extract<HttpAnswer, { readonly kind: 'answered' }>,
): Redirection | undefined {
  if (!FOLLOWED.includes(status) || location === undefined || location === '') return undefined;
  const base = `${request.scheme}://${request.host.includes(':') ? `[${request.host}]` : request.host}:${request.port}${request.path}`;
  if (!URL.canParse(location, base))
    return { kind: 'failed', message: `${status}, with an invalid Location` };
  const url = new URL(location, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { kind: 'failed', message: `${status}, redirect to ${url.protocol} not supported` };
  const isRelative = !SCHEME_AND_HOST.test(location);
  const isSameHost = url.hostname === new URL(base).hostname;
  return {
    kind: 'request',
    request: {
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      host: isSameHost ? request.host : url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port),
      path: url.pathname + url.search,
      headers: request.headers.filter(([name]) => isRelative || name !== 'Host'),
    },
  };
}
