import type { NetworkFailure } from '../network.ts';

const WORDS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'no free local port',
  EAI_AGAIN: 'host name lookup failed',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host not found',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'connection timed out',
  HPE_HEADER_OVERFLOW: 'response headers too large',
  ERR_HTTP2_ERROR: 'not an HTTP/2 server',
  ERR_HTTP2_SESSION_ERROR: 'not an HTTP/2 server',
  ERR_INVALID_CHAR: 'invalid character in a header',
};

/** Of OpenSSL, with the versions of node in which they were seen: the server does not speak TLS. */
const NOT_TLS = /wrong version number|packet length too long|http request|unknown protocol/i;

/** What to say of a server that speaks something else. */
export const NOT_HTTP = 'not an HTTP response';

/** What to say of a failed connection. */
export function networkFailure(error: Error): NetworkFailure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NOT_TLS.test(error.message)) return { kind: 'failed', message: 'not a TLS server', isNotTls: true };
  const words = WORDS[code] ?? (code.startsWith('HPE_') ? NOT_HTTP : undefined);
  return { kind: 'failed', message: words ?? (error.message === '' ? code : error.message) };
}
