import type { HttpGetAction } from '../../kube/spec/probe.ts';
import type { HttpAnswer, HttpRequest, Network } from '../../platform/network.ts';
import type { ProbeResult } from '../probe-worker.ts';
import { failureWords, type TimeLimit } from './limit.ts';
import { httpRequest, redirected } from './http-request.ts';

/** RedirectChecker in pkg/probe/http/http.go. */
const MOST_REQUESTS = 10;

/** What redirects have led to. */
export type HttpEnd =
  | HttpAnswer
  /** To another host: it is not followed. */
  | { readonly kind: 'redirect'; readonly status: number; readonly host: string }
  | { readonly kind: 'too-many-redirects' };

/**
 * Probes with a GET, as pkg/probe/http: a status from 200 to 399 is a success. Redirects to the same host are followed;
 * what is left of them is a success with a warning. A body that breaks off is no result.
 */
export async function probeHttp(
  action: HttpGetAction,
  podIP: string,
  network: Network,
  limit: TimeLimit,
): Promise<ProbeResult> {
  const end = await getFollowing(httpRequest(action, podIP, 'probe'), network, limit);
  switch (end.kind) {
    case 'answered':
      return resultOf(end.status);
    case 'redirect':
      return { outcome: 'warning', message: `${end.status}, redirect to ${end.host} not followed` };
    case 'too-many-redirects':
      return { outcome: 'failure', message: `more than ${MOST_REQUESTS} redirects` };
    case 'broken-off':
      return { outcome: 'error', message: `${end.status}, then ${failureWords(end.failure, limit)}` };
    case 'timed-out':
    case 'failed':
      return { outcome: 'failure', message: failureWords(end, limit) };
  }
}

function resultOf(status: number): ProbeResult {
  if (status < 200 || status >= 400) return { outcome: 'failure', message: String(status) };
  return status < 300
    ? { outcome: 'success', message: String(status) }
    : { outcome: 'warning', message: `${status}, a redirect that leads nowhere` };
}

/** Follows redirects to the same host within the limit, which counts for all requests together. */
export async function getFollowing(
  first: HttpRequest,
  network: Network,
  { clock, milliseconds, cancel }: TimeLimit,
): Promise<HttpEnd> {
  const end = clock.now() + milliseconds;
  let request = first;
  for (let requests = 1; ; requests++) {
    const left = end - clock.now();
    if (left <= 0) return { kind: 'timed-out' };
    const answer = await network.get(request, { milliseconds: left, cancel });
    if (answer.kind !== 'answered') return answer;
    const next = redirected(request, answer);
    if (next === undefined) return answer;
    if (next.kind === 'failed') return next;
    if (next.request.host !== first.host)
      return { kind: 'redirect', status: answer.status, host: next.request.host };
    if (requests >= MOST_REQUESTS) return { kind: 'too-many-redirects' };
    request = next.request;
  }
}
