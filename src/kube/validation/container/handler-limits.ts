import type { FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Container, LifecycleHandler, Probe } from '../../../manifest/schema/generated/kubernetes.ts';
import { portNumber } from '../../spec/port-name.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { HOOKS, PROBES } from './probes.ts';

/**
 * What an API server accepts in a probe or hook, and a kubelet cannot carry out: the container would never be ready, or
 * would be killed at its start.
 */
export function* checkHandlerLimits(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const handlers = [
      ...PROBES.map((field) => [[field], value[field]] as const),
      ...HOOKS.map((field) => [['lifecycle', field], value.lifecycle?.[field]] as const),
    ];
    for (const [field, handler] of handlers)
      if (handler !== undefined) yield* checkHandler(handler, value, [...path, ...field]);
  }
}

function* checkHandler(
  { exec, httpGet, tcpSocket }: Incomplete<Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket'> & LifecycleHandler>,
  container: Incomplete<Container>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkPortName(httpGet?.port, container, [...path, 'httpGet', 'port']);
  yield* checkPortName(tcpSocket?.port, container, [...path, 'tcpSocket', 'port']);
  for (const [index, word] of (exec?.command ?? []).entries()) {
    const at = [...path, 'exec', 'command', index];
    if (index === 0 && word === '')
      yield { code: 'invalid-command', path: at, message: 'must not be empty: this is the program to run' };
    if (word.includes('\0'))
      yield { code: 'invalid-character', path: at, message: 'must not contain a NUL character' };
  }
}

/** findPortByName in pkg/probe/util.go. A text that is no name of a port is reported with the rules of Kubernetes. */
function* checkPortName(
  port: number | string | undefined,
  { name = '', ports = [] }: Incomplete<Container>,
  path: FieldPath,
): Iterable<Finding> {
  if (typeof port !== 'string' || !/[a-z]/i.test(port) || portNumber(port, { ports }) !== undefined) return;
  const names = ports.flatMap(({ name: portName = '' }) => (portName === '' ? [] : [portName]));
  yield {
    code: 'unknown-port-name',
    path,
    message: `container '${name}' has no port with the name '${port}'`,
    ...suggestion(port, names),
    help: "Write the number, or give an entry in the 'ports' of this container this name.",
  };
}
