import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredResources } from '../../kube/spec/desired.ts';
import type { LimitCapability, LimitedResource } from '../../podman/inspect/limits.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { controllersOf } from '../../podman/operations/podman-options.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';

/**
 * Removes resource limits from a plan if this user has no cgroup controllers for them, and warns once. podman would fail,
 * or ignore limits without naming the container.
 */
export function withoutMissingLimits(plan: Plan, { missing, cgroups }: LimitCapability): Plan {
  const isAffected = (step: Step) => limitedIn(step.operation).some((resource) => missing.includes(resource));
  const affected = plan.steps.filter(isAffected);
  if (affected.length === 0) return plan;
  const resources = missing.filter((resource) =>
    affected.some(({ operation }) => limitedIn(operation).includes(resource)),
  );
  return {
    ...plan,
    steps: plan.steps.map((step) =>
      isAffected(step) ? { ...step, operation: withoutLimits(step.operation, resources) } : step,
    ),
    warnings: [...plan.warnings, warning(resources, cgroups, subjects(affected))],
  };
}

function limitedIn(operation: Operation): readonly LimitedResource[] {
  switch (operation.kind) {
    case 'run-container':
    case 'create-replacement':
      return [...namesIn(operation.container.resources), ...controllersOf(operation.container)];
    case 'create-pod':
      return namesIn(operation.pod.sandbox.resources);
    default:
      return [];
  }
}

function namesIn(resources: DesiredResources | undefined): readonly LimitedResource[] {
  const { limits = {}, requests = {} } = resources ?? {};
  return (['cpu', 'memory'] as const).filter(
    (resource) => limits[resource] !== undefined || requests[resource] !== undefined,
  );
}

function withoutLimits(operation: Operation, without: readonly LimitedResource[]): Operation {
  switch (operation.kind) {
    case 'run-container':
    case 'create-replacement':
    case 'create-pod':
      return { ...operation, withoutLimits: without };
    default:
      return operation;
  }
}

function subjects(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap(({ cause }) => (cause === undefined ? [] : [cause])))];
}

const LIMIT_WORDS: Readonly<Record<LimitedResource, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  cpuset: 'CPU set',
  pids: 'process',
};

function warning(
  resources: readonly LimitedResource[],
  cgroups: LimitCapability['cgroups'],
  [first = '', ...others]: readonly string[],
): Diagnostic {
  const what = resources.map((resource) => LIMIT_WORDS[resource]).join(' and ');
  const whose = others.length === 0 ? first : `${first} and ${others.length} more`;
  return {
    code: 'limits-not-enforced',
    severity: 'warning',
    message: `${what} limits and requests of ${whose} are ignored: this user cannot set them (no cgroup delegation)`,
    help:
      cgroups === 'v1'
        ? 'Rootless limits need cgroup v2.'
        : 'Delegate the controllers with Delegate=cpu cpuset io memory pids in a drop-in of user@.service, then run podpose up --force-recreate.',
  };
}
