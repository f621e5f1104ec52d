import { escapeUnsafe } from '../../base/sanitize.ts';
import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import type { HostPort } from '../../kube/spec/desired.ts';
import { diagnosticMembers, distinct } from './diagnostics.ts';

/**
 * What is said beside the progress of a plan, for programs: one JSON object a line, as
 * schemas/progress-1.schema.json describes them.
 */
export function messageLine(message: string): string {
  return line({ type: 'message', message: message.trim() });
}

/** A port of the machine that leads to a container. */
export function publishedLine(pod: string, port: HostPort): string {
  const { container, protocol, hostIP, hostPort, containerPort } = port;
  return line({ type: 'port-published', pod, container, protocol, hostIP, hostPort, containerPort });
}

/** A command as a person could type it. */
export function commandJsonLine(command: string): string {
  return line({ type: 'command', command });
}

/** All of them, in the order of the files, each once. */
export function diagnosticLines(diagnostics: readonly Diagnostic[]): string {
  return distinct(sortDiagnostics(diagnostics))
    .map((diagnostic) => line({ type: 'diagnostic', ...diagnosticMembers(diagnostic) }))
    .join('');
}

function line(members: object): string {
  return `${escapeUnsafe(JSON.stringify(members))}\n`;
}
