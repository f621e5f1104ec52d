import { servedPorts } from '../../kube/services/endpoints.ts';
import { observedBackend } from '../../podman/inspect/backends.ts';
import { subjectId, type Change } from '../change.ts';
import { servicePodsOf } from '../decide/services.ts';
import type { KnownState } from '../needs.ts';
import { knownNames } from '../plan-services.ts';
import type { Plan } from '../plan.ts';
import { lastIds, type Step } from '../step.ts';

/**
 * Adds the Services to a plan that starts pods without their manifests: those that do not run are started before the pods,
 * and the rules of all are set afterwards, as pods get other addresses. Pods that do not run are left out then.
 */
export function withServiceStarts(plan: Plan, observed: KnownState): Plan {
  const { project } = plan;
  const services = servicePodsOf(project, observed).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const isDown = services.filter(({ infra }) => infra !== 'running');
  if (services.length === 0 || plan.steps.length + isDown.length === 0) return plan;
  const names = knownNames({ project, services: [], observed });
  const backends = observed.pods
    .filter(({ owner }) => owner?.project === project)
    .flatMap((pod) => observedBackend(pod, observed.containers) ?? [])
    .sort((a, b) => (a.pod < b.pod ? -1 : 1));
  const starts: Step[] = [];
  const rules: Step[] = [];
  const changes: Change[] = [];
  const after = lastIds(plan.steps, []);
  for (const pod of services) {
    const service = pod.service?.record.service;
    if (service === undefined) continue;
    const subject = { kind: 'service', name: service.name } as const;
    const cause = subjectId(subject);
    const id = `start-${cause}`;
    const starting = pod.infra !== 'running';
    if (starting) {
      starts.push({ id, needs: [], cause, operation: { kind: 'start-service', service: service.name } });
      changes.push({ subject, action: 'restart', reason: { kind: 'not-running', state: pod.infra } });
    }
    rules.push({
      ...{ id: `endpoints-${cause}`, needs: starting ? [id] : [] },
      ...(after.length === 0 ? {} : { after }),
      cause,
      operation: {
        ...{ kind: 'set-service-rules', project, service: service.name },
        ports: servedPorts(service, backends, names),
        isSticky: service.sessionAffinity === 'ClientIP',
      },
    });
  }
  const waits = starts.map(({ id }) => id);
  const steps = plan.steps.map((step) => (step.needs.length === 0 ? { ...step, needs: waits } : step));
  return { ...plan, changes: [...changes, ...plan.changes], steps: [...starts, ...steps, ...rules] };
}
