import type { Plan } from '../plan/plan.ts';
import type { Change } from '../plan/change.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { DesiredService } from '../kube/spec/desired-service.ts';
import { selectsBackend } from '../kube/services/endpoints.ts';
import { servedIngresses } from '../kube/ingress/served-ingress.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { publishedLine } from '../view/diagnostics/message-json.ts';
import {
  ingressWords,
  ONLY_THIS_MACHINE,
  publishedWords,
  servicePortWords,
  unpublishedWords,
} from '../view/status/port-words.ts';
import { DEFAULT_HOST_IP } from '../kube/spec/defaults.ts';
import type { PlannedProject } from '../engine/plan-project.ts';
import type { CommandContext } from './command.ts';
import { text } from './parse/option-values.ts';

/**
 * Prints the published addresses of pods that `up` created or started, and how to publish a port of pods without any.
 * Prints nothing for other pods, even if they changed, as compose and kubectl do: `ps` shows their addresses.
 */
export function reportPorts(
  { platform, values, progress, say }: CommandContext,
  { loaded, observed, plan, pods: planned }: PlannedProject,
): void {
  const hostIP = text(values, 'host-ip');
  const fresh = planned.filter(({ pod }) => plan.changes.some((change) => isNew(change, pod.name)));
  const published = fresh.flatMap(({ pod, isProxy }) =>
    (isProxy === true && progress !== 'json' ? [] : pod.sandbox.hostPorts).map((port) => ({
      pod: pod.name,
      port,
    })),
  );
  if (progress === 'json')
    for (const { pod, port } of published) platform.stderr.write(publishedLine(pod, port));
  else for (const { pod, port } of published) say(`${publishedWords(pod, port)}\n`);
  if (progress !== 'json') for (const line of serviceLines(plan, observed)) say(`${line}\n`);
  if (progress !== 'json') for (const line of ingressLines(loaded.pods, plan)) say(`${line}\n`);
  const isExplained = ({ pod, ports, isProxy }: SourcedPod) =>
    isProxy !== true &&
    ports.usesDefaultHostIP &&
    plan.changes.some((change) => bindsPorts(change, pod.name));
  if (hostIP === undefined && fresh.some(isExplained)) say(`${ONLY_THIS_MACHINE}\n`);
  for (const { pod, ports } of fresh)
    // A hostPort at a template would be the same for all pods of the workload: a Service publishes them.
    if (
      ports.unpublished.length > 0 &&
      pod.owner === undefined &&
      !loaded.services.some(({ service }) => isServed(pod, service))
    )
      say(`${unpublishedWords(pod.name, ports.unpublished, hostIP ?? DEFAULT_HOST_IP)}\n`);
}

/** Whether a Service has the pod behind its address. */
function isServed({ labels, sandbox }: DesiredPod, service: DesiredService): boolean {
  const { namespace } = sandbox;
  return namespace !== undefined && selectsBackend(service, { labels, namespace });
}

/** `http://127.0.0.1:8080 → svc/web`: the published ports of the Services that were created or started. */
function serviceLines({ steps }: Plan, { pods }: PlannedProject['observed']): readonly string[] {
  const created = steps.flatMap(({ operation }) =>
    operation.kind === 'create-service' ? [operation.record] : [],
  );
  const started = steps.flatMap(({ operation }) =>
    operation.kind === 'start-service' && created.every(({ service }) => service.name !== operation.service)
      ? pods.flatMap(({ service }) =>
          service?.record.service.name === operation.service ? service.record : [],
        )
      : [],
  );
  return [...created, ...started].flatMap(({ service, published }) =>
    published.map((port) => servicePortWords(service.name, port)),
  );
}

/** `http://shop.localhost:8080/ → ing/shop`: the hosts of Ingresses, when their proxy was created or their rules have changed. */
function ingressLines(pods: readonly SourcedPod[], { changes }: Plan): readonly string[] {
  return pods.flatMap(({ pod, isProxy }) => {
    const isChanged = changes.some(
      ({ subject, action }) =>
        (subject.kind === 'pod' || subject.kind === 'container') &&
        subject.pod === pod.name &&
        action !== 'check',
    );
    if (isProxy !== true || !isChanged) return [];
    const served = pod.containers.flatMap(({ env }) =>
      servedIngresses(env.filter((variable) => 'value' in variable)),
    );
    return served.flatMap((ingress) => ingressWords(ingress, pod.sandbox.hostPorts));
  });
}

/** Whether host ports of the pod were not published before. Of those that were, the address is known. */
function bindsPorts(change: Change, pod: string): boolean {
  const { action, reason } = change;
  if (action === 'create') return isNew(change, pod);
  return (
    action === 'replace' &&
    isNew(change, pod) &&
    reason.kind === 'settings-differ' &&
    reason.differences.some(({ path }) => path.includes('ports'))
  );
}

/** A container can be new in an existing pod: an earlier `up` may have failed before creating it. */
function isNew({ subject, action }: Change, pod: string): boolean {
  if (subject.kind === 'container') return subject.pod === pod && action === 'create';
  return subject.kind === 'pod' && subject.pod === pod && ['create', 'replace', 'restart'].includes(action);
}
