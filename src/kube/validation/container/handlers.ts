import { defined } from '../../../base/defined.ts';
import { POD_DEFAULTS } from '../../spec/defaults.ts';
import { gracePeriodOf } from '../../spec/grace-period.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { HTTPHeader, LifecycleHandler, Probe } from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { nameProblem, portName } from '../names.ts';
import { checkOneOf } from '../one-of.ts';

/** What a probe does. */
export const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;

/** What a lifecycle hook does. */
export const HOOK_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep'] as const;

type Handler = Incomplete<Pick<Probe, (typeof PROBE_HANDLERS)[number]> & LifecycleHandler>;

const MAX_PORT = 65535;

/** IsHTTPHeaderName in k8s.io/apimachinery/pkg/util/validation. */
const HEADER_NAME = /^[-A-Za-z0-9]+$/;

/** The handler of a probe or a hook (validateHandler in pkg/apis/core/validation). */
export function* checkHandler(
  handler: Handler,
  kinds: readonly string[],
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  yield* checkOneOf(handler, kinds, path, pod);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec !== undefined && (exec.command ?? []).length === 0 && !pod.isPruned([...path, 'exec', 'command']))
    yield missingField([...path, 'exec'], 'command');
  yield* checkPort(httpGet?.port, [...path, 'httpGet', 'port']);
  yield* checkHeaders(httpGet?.httpHeaders ?? [], [...path, 'httpGet', 'httpHeaders']);
  yield* checkPort(tcpSocket?.port, [...path, 'tcpSocket', 'port']);
  yield* checkPort(grpc?.port, [...path, 'grpc', 'port']);
  if (sleep !== undefined) yield* checkSleep(sleep.seconds ?? 0, [...path, 'sleep'], pod);
}

/** The number of a port, or the name of a container port (ValidatePortNumOrName). */
function* checkPort(port: number | string | undefined, path: FieldPath): Iterable<Finding> {
  if (typeof port === 'number') {
    if (port < 1 || port > MAX_PORT)
      yield { code: 'port-range', path, message: `must be between 1 and ${MAX_PORT}, got ${port}` };
    return;
  }
  const message = port === undefined ? undefined : nameProblem(portName, port);
  if (message === undefined) return;
  const isNumber = /^\d+$/.test(port ?? '');
  const words = isNumber
    ? { help: 'Write a port number without quotes.', ...defined({ replacement: port }) }
    : {};
  yield { code: 'invalid-name', path, message, ...words };
}

function* checkHeaders(headers: readonly Incomplete<HTTPHeader>[], path: FieldPath): Iterable<Finding> {
  for (const [index, { name }] of headers.entries())
    if (name !== undefined && !HEADER_NAME.test(name))
      yield {
        code: 'invalid-name',
        path: [...path, index, 'name'],
        message:
          name === ''
            ? 'must not be empty'
            : `'${name}' may only contain letters, digits and '-' (HTTP header)`,
      };
}

/** validateSleepAction: the pod is killed at the end of its grace period. */
function* checkSleep(seconds: number, path: FieldPath, pod: PodObject): Iterable<Finding> {
  const at = [...path, 'seconds'];
  if (pod.isPruned(at) || pod.isPruned(['spec', 'terminationGracePeriodSeconds'])) return;
  const most = usedGracePeriod(pod);
  if (seconds < 0) yield { code: 'out-of-range', path: at, message: `must be at least 0, got ${seconds}` };
  else if (seconds > most)
    yield {
      code: 'out-of-range',
      path: at,
      message: `must not be greater than the terminationGracePeriodSeconds of the pod (${most}), got ${seconds}`,
    };
}

/** In seconds. A negative one is converted in a pod, not in a template. */
function usedGracePeriod({ value: { spec = {} }, isTemplate }: PodObject): number {
  return isTemplate === undefined
    ? gracePeriodOf(spec)
    : (spec.terminationGracePeriodSeconds ?? POD_DEFAULTS.terminationGracePeriodSeconds);
}
