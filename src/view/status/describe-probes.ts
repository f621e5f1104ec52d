import { isObject, listOf, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { PROBE_DEFAULTS } from '../../kube/spec/defaults.ts';
import { membersOf, textOf } from '../../plan/compare/manifest-form/values.ts';
import { field, type Line } from './describe-lines.ts';

const PROBES = [
  ['Liveness', 'livenessProbe'],
  ['Readiness', 'readinessProbe'],
  ['Startup', 'startupProbe'],
] as const;

/** The probes of a container, each in a line in the format of kubectl. */
export function probeLines(container: JsonObject): readonly Line[] {
  return PROBES.flatMap(([name, member]) => {
    const probe = container[member];
    return isObject(probe) ? [field(name, probeText(probe), 2)] : [];
  });
}

function probeText(probe: JsonObject): string {
  const { initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold } = {
    ...PROBE_DEFAULTS,
    ...probe,
  };
  const numbers = [
    `delay=${textOf(initialDelaySeconds)}s`,
    `timeout=${textOf(timeoutSeconds)}s`,
    `period=${textOf(periodSeconds)}s`,
    `#success=${textOf(successThreshold)}`,
    `#failure=${textOf(failureThreshold)}`,
  ];
  return [handlerText(probe), ...numbers].join(' ');
}

function handlerText({ exec, httpGet, tcpSocket, grpc }: JsonObject): string {
  if (isObject(exec)) return `exec [${listOf(exec['command']).map(textOf).join(' ')}]`;
  if (isObject(httpGet)) return `http-get ${address(httpGet)}`;
  if (isObject(tcpSocket)) return `tcp-socket ${hostOf(tcpSocket['host'])}:${textOf(tcpSocket['port'])}`;
  const { port, service } = membersOf(grpc);
  return `grpc <pod>:${textOf(port)} ${hostOf(service)}`.trimEnd();
}

function address({ scheme = 'HTTP', host, port, path = '/' }: JsonObject): string {
  const text = textOf(path);
  return `${textOf(scheme).toLowerCase()}://${hostOf(host)}:${textOf(port)}${text.startsWith('/') ? '' : '/'}${text}`;
}

/** Without a host, kubectl leaves it out: it is the IP of the pod. */
function hostOf(host: Json | undefined): string {
  return host === undefined ? '' : textOf(host);
}
