import type { TcpSocketAction } from '../../kube/spec/probe.ts';
import type { Network } from '../../platform/network.ts';
import type { ProbeResult } from '../probe-worker.ts';
import { failureWords, type TimeLimit } from './limit.ts';

/** Succeeds if a connection can be opened (pkg/probe/tcp/tcp.go). */
export async function probeTcp(
  { host = '', port }: TcpSocketAction,
  podIP: string,
  network: Network,
  limit: TimeLimit,
): Promise<ProbeResult> {
  const answer = await network.connect({ host: host === '' ? podIP : host, port }, limit);
  return answer.kind === 'connected'
    ? { outcome: 'success', message: '' }
    : { outcome: 'failure', message: failureWords(answer, limit) };
}
