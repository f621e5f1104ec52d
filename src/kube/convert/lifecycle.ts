import { defined } from '../../base/defined.ts';
import type {
  Container,
  HTTPGetAction,
  LifecycleHandler,
  Probe as ProbeObject,
} from '../../manifest/schema/generated/kubernetes.ts';
import { GRPC_DEFAULTS, HTTP_GET_DEFAULTS, PROBE_DEFAULTS } from '../spec/defaults.ts';
import type { ContainerRole } from '../spec/desired.ts';
import type {
  ContainerLifecycle,
  HttpGetAction,
  LifecycleHook,
  Probe,
  ProbeHandler,
  ProbeSettings,
} from '../spec/probe.ts';
import type { RestartRule } from '../spec/restart-policy.ts';
import { portNumber } from '../spec/port-name.ts';
import { expand } from './expansion.ts';

/** Probes, hooks and restart rules of a container that the schema and all checks have accepted. */
export function convertLifecycle(role: ContainerRole, container: Container): ContainerLifecycle {
  const { restartPolicy, restartPolicyRules = [], lifecycle = {} } = container;
  const rules = restartPolicyRules.flatMap(convertRule);
  return defined({
    startupProbe: convertProbe(container.startupProbe, container),
    readinessProbe: convertProbe(container.readinessProbe, container),
    livenessProbe: convertProbe(container.livenessProbe, container),
    postStart: convertHook(lifecycle.postStart, container),
    preStop: convertHook(lifecycle.preStop, container),
    ownRestartPolicy: role === 'init' && restartPolicy === 'Always' ? undefined : restartPolicy,
    restartPolicyRules: rules.length === 0 ? undefined : rules,
  });
}

function convertProbe(probe: ProbeObject | undefined, container: Container): Probe | undefined {
  if (probe === undefined) return undefined;
  const handler = convertHandler(probe, container);
  return handler && { ...handler, ...convertNumbers(probe) };
}

/** 0 means the default, too (SetDefaults_Probe). */
function convertNumbers(probe: ProbeObject): ProbeSettings {
  return defined({
    initialDelaySeconds: probe.initialDelaySeconds ?? PROBE_DEFAULTS.initialDelaySeconds,
    periodSeconds: orDefault(probe.periodSeconds, PROBE_DEFAULTS.periodSeconds),
    timeoutSeconds: orDefault(probe.timeoutSeconds, PROBE_DEFAULTS.timeoutSeconds),
    successThreshold: orDefault(probe.successThreshold, PROBE_DEFAULTS.successThreshold),
    failureThreshold: orDefault(probe.failureThreshold, PROBE_DEFAULTS.failureThreshold),
    terminationGracePeriodSeconds: probe.terminationGracePeriodSeconds,
  });
}

function orDefault(value: number | undefined, byDefault: number): number {
  return value === undefined || value === 0 ? byDefault : value;
}

function convertHandler(probe: ProbeObject, container: Container): ProbeHandler | undefined {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec !== undefined) return { exec: { command: expandCommand(exec.command ?? [], container) } };
  if (httpGet !== undefined) return { httpGet: convertHttpGet(httpGet, container) };
  if (tcpSocket !== undefined) {
    const { host, port } = tcpSocket;
    return { tcpSocket: defined({ host: orAbsent(host), port: portNumber(port, container) ?? 0 }) };
  }
  if (grpc === undefined) return undefined;
  return { grpc: { port: grpc.port, service: grpc.service ?? GRPC_DEFAULTS.service } };
}

/**
 * Only the values that the manifest gives in `env` are known to a kubelet here, as they are written; a variable with
 * another source is empty (ExpandContainerCommandOnlyStatic in pkg/kubelet/container/helpers.go).
 */
function expandCommand(command: readonly string[], { env = [] }: Container): readonly string[] {
  const values = new Map(env.map(({ name, value = '' }) => [name, value]));
  return command.map((word) => expand(word, values));
}

/** Unlike a probe, a hook expands no variables (lifecycle/handlers.go). */
function convertHook(hook: LifecycleHandler | undefined, container: Container): LifecycleHook | undefined {
  const { exec, httpGet, sleep } = hook ?? {};
  if (exec !== undefined) return { exec: { command: exec.command ?? [] } };
  if (httpGet !== undefined) return { httpGet: convertHttpGet(httpGet, container) };
  return sleep && { sleep: { seconds: sleep.seconds ?? 0 } };
}

function convertHttpGet(action: HTTPGetAction, container: Container): HttpGetAction {
  const { host, port, path, scheme, httpHeaders = [] } = action;
  return defined({
    host: orAbsent(host),
    port: portNumber(port, container) ?? 0,
    path: path === undefined || path === '' ? HTTP_GET_DEFAULTS.path : path,
    scheme: scheme ?? HTTP_GET_DEFAULTS.scheme,
    httpHeaders: httpHeaders.map(({ name, value = '' }) => ({ name, value })),
  });
}

function orAbsent(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function convertRule({
  action,
  exitCodes,
}: NonNullable<Container['restartPolicyRules']>[number]): readonly RestartRule[] {
  if (exitCodes === undefined) return [];
  return [{ action, exitCodes: { operator: exitCodes.operator, values: exitCodes.values ?? [] } }];
}
