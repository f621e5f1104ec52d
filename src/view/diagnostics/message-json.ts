import { escapeUnsafe } from '../../base/sanitize.ts';
import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import type { HostPort } from '../../kube/spec/desired.ts';
import { diagnosticMembers, distinct } from './diagnostics.ts';

/** Messages besides the progress of a plan, as JSON lines; the schema is schemas/progress-1.schema.json. */
export function messageLine(message: string): string {
  return line({ type: 'message', message: message.trim() });
}

/** A published port. */
export function publishedLine(pod: string, port: HostPort): string {
  const { container, protocol, hostIP, hostPort, containerPort } = port;
  return line({ type: 'port-published', pod, container, protocol, hostIP, hostPort, containerPort });
}

/** A command that can be pasted into a shell. */
export function commandJsonLine(command: string): string {
  return line({ type: 'command', command });
}

/** The diagnostics in file order, without duplicates. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  return distinct(sortDiagnostics(diagnostics))
    .map((diagnostic) => line({ type: 'diagnostic', ...diagnosticMembers(diagnostic) }))
    .join('');
}

function line(members: object): string {
  return `${escapeUnsafe(JSON.stringify(members))}\n`;
}
