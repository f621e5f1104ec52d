import type { ProbeHandler } from '../kube/spec/probe.ts';
import type { ProbeResult, ProbeWorker } from './probe-worker.ts';

/** Longest command in a line, in characters. */
const LONGEST_COMMAND = 60;

/** What a probe does, in a few words: `GET :8080/healthz`, `TCP :5432`, `gRPC :9000 orders`, `exec cat /tmp/ready`. */
export function handlerWords(handler: ProbeHandler): string {
  if ('httpGet' in handler) {
    const { scheme, host = '', port, path } = handler.httpGet;
    const origin = scheme === 'HTTPS' ? `https://${host}` : host;
    return `GET ${origin}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
  }
  if ('tcpSocket' in handler) return `TCP ${handler.tcpSocket.host ?? ''}:${handler.tcpSocket.port}`;
  if ('grpc' in handler) return `gRPC :${handler.grpc.port} ${handler.grpc.service}`.trimEnd();
  const command = handler.exec.command.join(' ');
  return `exec ${command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND - 1)}…` : command}`;
}

/**
 * The last result of a probe in a line, such as `readiness GET :8080/ -> 503, 2 of 3 failed`. Without a result, only
 * what is probed. After a restart, the result is that of the run before until there is another.
 */
export function probeWords({ kind, probe, last, count, message, isOnHold }: ProbeWorker): string {
  const subject = `${kind} ${handlerWords(probe)}`;
  const words = message === '' ? subject : `${subject} -> ${firstLine(message)}`;
  if (last !== 'failure') return words;
  // A worker that has decided counts from the beginning again; after a restart, nothing has been counted yet.
  const decided = isOnHold ? probe.failureThreshold : 0;
  const counted = count === 0 ? decided : Math.min(count, probe.failureThreshold);
  return counted === 0 ? words : `${words}, ${counted} of ${probe.failureThreshold} failed`;
}

/**
 * A result as the message of an event, without a count, so that equal ones are joined: `Readiness probe failed: GET :8080/ ->
 * 503` (probe in pkg/kubelet/prober/prober.go).
 */
export function probeEventWords({ kind, probe }: ProbeWorker, { outcome, message }: ProbeResult): string {
  const words = { success: 'succeeded', warning: 'warning', failure: 'failed', error: 'errored' };
  const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  return `${name} probe ${words[outcome]}: ${handlerWords(probe)} -> ${firstLine(message)}`;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
