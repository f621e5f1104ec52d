import type { Diagnostic } from '../base/diagnostic.ts';
import { defined } from '../base/defined.ts';
import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import { compareTexts } from '../base/text.ts';
import { selectsBackend } from '../kube/services/endpoints.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import { objectName } from '../kube/spec/qualified-name.ts';
import { observedBackend } from '../podman/inspect/backends.ts';
import { allRecordedServices, type RecordedService } from '../podman/inspect/recorded-services.ts';
import { usageError } from './failure.ts';
import type { KnownPods } from './pod-reference.ts';

/** kubectl's words for Services. */
const SERVICE_WORDS: ReadonlySet<string> = new Set(['svc', 'service', 'services']);

export interface ServiceScope {
  readonly project?: string | undefined;
  readonly namespace?: string | undefined;
}

/** The name of a Service in `svc/web` and the like; undefined for any other text. */
export function serviceNamed(operand: string): string | undefined {
  const [word = '', name, ...rest] = operand.split('/');
  const isService = SERVICE_WORDS.has(word.toLowerCase()) && rest.length === 0;
  return isService && name !== '' ? name : undefined;
}

/**
 * Operands with the pods that a Service selects in its place, for commands that only look at pods. A pod called `svc` comes
 * first, as in `svc/app`.
 */
export function withoutServices(
  operands: readonly string[],
  known: KnownPods,
  scope: ServiceScope,
): Result<readonly string[]> {
  const resolved = operands.map((operand): Result<readonly string[], Diagnostic> => {
    const name = serviceNamed(operand);
    const [word = ''] = operand.split('/', 1);
    if (name === undefined || known.pods.some((pod) => pod.name === word)) return success([operand]);
    return podsOfService(name, known, scope);
  });
  const mistakes = resolved.flatMap((one) => (one.ok ? [] : [one.error]));
  return mistakes.length > 0
    ? failure(mistakes)
    : success(resolved.flatMap((one) => (one.ok ? one.value : [])));
}

function podsOfService(
  name: string,
  { pods, containers }: KnownPods,
  scope: ServiceScope,
): Result<readonly string[], Diagnostic> {
  const services = allRecordedServices({ pods, containers }).filter((one) => isIn(one, scope));
  const nameOf = ({ service }: RecordedService) => objectName(service.name).name;
  const named = services.filter((one) => nameOf(one) === name);
  const ofDefault = named.filter(({ service }) => service.namespace === POD_DEFAULTS.namespace);
  const [found, another] = ofDefault.length > 0 ? ofDefault : named;
  if (found === undefined || another !== undefined)
    return failure(another === undefined ? noService(name, services.map(nameOf)) : severalServices(name));
  const selected = pods.filter((pod) => {
    const backend = observedBackend(pod, containers);
    return (
      pod.owner?.project === found.project && backend !== undefined && selectsBackend(found.service, backend)
    );
  });
  if (selected.length === 0)
    return failure(
      usageError(
        'no-such-pod',
        `Service '${name}' selects no pods`,
        'podpose describe svc shows its selector.',
      ),
    );
  return success(selected.map((pod) => `pod/${pod.name}`).sort(compareTexts));
}

function isIn({ project: own, service }: RecordedService, { project, namespace }: ServiceScope): boolean {
  return (
    (project === undefined || own === project) && (namespace === undefined || service.namespace === namespace)
  );
}

function noService(name: string, names: readonly string[]): Diagnostic {
  return {
    ...usageError('no-such-pod', `no Service '${name}'`, "'podpose get svc' lists the Services."),
    ...defined({ suggestion: suggest(name, names) }),
  };
}

function severalServices(name: string): Diagnostic {
  return usageError(
    'no-such-pod',
    `several Services are called '${name}', in different namespaces or projects`,
    'Name one with -n, or its project with -p.',
  );
}
