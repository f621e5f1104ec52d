import type { GrpcAction } from '../../kube/spec/probe.ts';
import type { Network } from '../../platform/network.ts';
import type { ProbeResult } from '../probe-worker.ts';
import { userAgent } from './http-request.ts';
import { failureWords, type TimeLimit } from './limit.ts';

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const CHECK = '/grpc.health.v1.Health/Check';

/** ServingStatus of grpc.health.v1. */
const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

const UNIMPLEMENTED = 12;
const DEADLINE_EXCEEDED = 4;

/** Asks a server for its health (pkg/probe/grpc/grpc.go). */
export async function probeGrpc(
  { port, service }: GrpcAction,
  podIP: string,
  network: Network,
  limit: TimeLimit,
): Promise<ProbeResult> {
  const request = {
    host: podIP,
    port,
    path: CHECK,
    userAgent: userAgent('probe'),
    message: checkRequest(service),
  };
  const answer = await network.callGrpc(request, limit);
  if (answer.kind === 'unanswered') return failure(failureWords({ kind: 'timed-out' }, limit));
  if (answer.kind !== 'answered') return failure(failureWords(answer, limit));
  if (answer.status === UNIMPLEMENTED) return failure('the server has no grpc.health.v1.Health');
  if (answer.status === DEADLINE_EXCEEDED) return failure(failureWords({ kind: 'timed-out' }, limit));
  if (answer.status !== 0) return failure(`gRPC status ${answer.status} ${answer.statusMessage}`.trimEnd());
  const status = servingStatus(answer.message);
  return status === 'SERVING' ? { outcome: 'success', message: status } : failure(status);
}

function failure(message: string): ProbeResult {
  return { outcome: 'failure', message };
}

/** HealthCheckRequest: the service as field 1, a text. */
function checkRequest(service: string): Uint8Array {
  if (service === '') return new Uint8Array();
  const text = new TextEncoder().encode(service);
  return Uint8Array.of(0x0a, ...varint(text.length), ...text);
}

/** HealthCheckResponse: the status as field 1, a number. The last one counts; other fields are skipped. */
function servingStatus(message: Uint8Array): string {
  let status = 0;
  let at = 0;
  while (at < message.length) {
    const key = readVarint(message, at);
    const value = readVarint(message, key.end);
    if (key.value === 0x08) status = value.value;
    const type = key.value & 7;
    // A number, or a text after its length. HealthCheckResponse has no others.
    if (type !== 0 && type !== 2) return 'unreadable response';
    at = type === 0 ? value.end : value.end + value.value;
  }
  return STATUSES[status] ?? String(status);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

function readVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = from; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (index - from));
    if (byte < 0x80) return { value, end: index + 1 };
  }
  return { value, end: bytes.length };
}
