import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';
import { startContainerSteps, startInfraStep, startInitSteps, unpauseStep } from './build/starts.ts';
import { stopContainersSteps } from './build/removal.ts';
import { subjectId, type Change, type Reason } from './change.ts';
import { isCompleted, staysCompleted } from './decide/decide-container.ts';
import { startableContainers, startObstacle } from './decide/startable.ts';
import type { Plan } from './plan.ts';
import { graceOf } from './plan-down.ts';
import { isUp, selectedPods, stopPodStep, type StopInput } from './plan-stop.ts';
import { lastIds, type Step } from './step.ts';

export interface StartInput extends StopInput {
  readonly observed: ObservedState;
  /** Stop first what runs. */
  readonly restart: boolean;
}

/**
 * Plans the start of pods that exist, from their last-applied records alone: changes of the manifests are not applied.
 * The init containers run again in a pod that was stopped, as in a new sandbox on a cluster (computePodActions in
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go). Fails if a pod cannot be started without its manifest.
 */
export function planStart(input: StartInput): Result<Plan> {
  const { project, observed } = input;
  const pods = selectedPods(input);
  const obstacles = pods.flatMap((pod) => {
    const why = startObstacle(pod, observed);
    return why === undefined ? [] : [needsManifest(pod.name, why)];
  });
  if (obstacles.length > 0) return failure(obstacles);
  const plans = pods.map((pod) => startPod(pod, input));
  return success({
    project,
    changes: plans.flatMap(({ changes }) => changes),
    steps: plans.flatMap(({ steps }) => steps),
    warnings: [],
  });
}

function needsManifest(pod: string, why: string): Diagnostic {
  return {
    code: 'manifest-needed',
    severity: 'error',
    message: `cannot start pod/${pod} without its manifest: ${why}`,
    help: `podpose up -d FILE starts it.`,
  };
}

type PodPlan = Pick<Plan, 'changes' | 'steps'>;

function startPod(pod: ObservedPod, input: StartInput): PodPlan {
  const { observed, restart } = input;
  const { init, containers } = startableContainers(pod, observed);
  const stops = restart ? isUp(pod, observed) : pod.infra === 'stopping';
  const isDown = stops || (pod.infra !== 'running' && pod.infra !== 'paused');
  const sandboxStartedAt = isDown ? Infinity : pod.infraStartedAt;
  const starting = containers.filter((container) => restart || isToStart(container, sandboxStartedAt));
  const paused = isDown ? [] : [...init, ...containers].filter(({ state }) => state === 'paused');
  const runs = initToRun(init, containers, { restart, sandboxStartedAt });
  if (starting.length + runs.length + paused.length === 0) return { changes: [], steps: [] };

  const cause = subjectId({ kind: 'pod', pod: pod.name });
  const stop = stops ? [stopPodStep(pod.name, input)] : stopLeft(pod, starting, observed, cause);
  const unpause = paused.map((container) => unpauseStep(container, lastIds(stop, [])));
  const infra = isDown ? [startInfraStep(pod, lastIds(stop, []))] : [];
  const steps: Step[] = [...stop, ...unpause, ...infra];
  let ready = lastIds([...stop, ...infra], []);
  const retries = containers.some(({ labels }) => restartPolicyOf(labels) !== 'Never');
  for (const container of runs) {
    const own = startInitSteps(container, retries, ready);
    steps.push(...own);
    ready = lastIds(own, ready);
  }
  for (const container of starting) steps.push(...startContainerSteps(container, ready));
  const podReason: Reason = restart ? { kind: 'requested' } : { kind: 'not-running', state: pod.infra };
  return {
    changes: [
      ...(isDown
        ? [{ subject: { kind: 'pod', pod: pod.name }, action: 'restart', reason: podReason } as const]
        : []),
      ...[...runs, ...starting, ...paused].map((container) => startChange(container, restart)),
    ],
    steps,
  };
}

function restartPolicyOf(labels: ObservedContainer['labels']) {
  return lastAppliedContainer(labels)?.restartPolicy;
}

/** A completed container stays so, unless its restart policy is Always. */
function isToStart(container: ObservedContainer, sandboxStartedAt: number): boolean {
  const { state, startedAt, labels } = container;
  if (state === 'paused') return false;
  if (state === 'running') return startedAt < sandboxStartedAt;
  return !staysCompleted({ restartPolicy: restartPolicyOf(labels) ?? POD_DEFAULTS.restartPolicy }, container);
}

/** Init containers run from the first that has not completed in this sandbox, unless an app container was started in it. */
function initToRun(
  init: readonly ObservedContainer[],
  containers: readonly ObservedContainer[],
  { restart, sandboxStartedAt }: { readonly restart: boolean; readonly sandboxStartedAt: number },
): readonly ObservedContainer[] {
  if (restart) return init;
  const isInitialized =
    containers.some(({ startedAt }) => startedAt > 0 && startedAt >= sandboxStartedAt) ||
    containers.every((container) => !isToStart(container, sandboxStartedAt));
  const first = init.findIndex(
    (container) => !isCompleted(container) || container.startedAt < sandboxStartedAt,
  );
  return isInitialized || first < 0 ? [] : init.slice(first);
}

/** Stops containers that must stop before they start: those of an earlier sandbox, and those of an interrupted stop. */
function stopLeft(
  { name }: ObservedPod,
  starting: readonly ObservedContainer[],
  { containers }: ObservedState,
  cause: string,
): readonly Step[] {
  const left = starting.filter(({ state }) => state === 'running' || state === 'stopping');
  const members = containers.filter(({ podName }) => podName === name);
  return stopContainersSteps(
    `stop/${name}`,
    name,
    left.map((container) => container.name),
    graceOf(members),
    cause,
    [],
  );
}

function startChange(container: ObservedContainer, isRequested: boolean): Change {
  const { owner, state, startedAt, exitCode } = container;
  const ended = state === 'exited' && startedAt > 0;
  return {
    subject: {
      kind: 'container',
      pod: owner?.pod ?? '',
      role: owner?.role === 'init' ? 'init' : 'container',
      name: owner?.name ?? '',
    },
    action: 'restart',
    reason: isRequested
      ? { kind: 'requested' }
      : { kind: 'not-running', state, ...defined({ exitCode: ended ? exitCode : undefined }) },
  };
}

export interface RestartContainersInput extends StartInput {
  /** Names of containers, by pod. */
  readonly containers: ReadonlyMap<string, readonly string[]>;
}

/** Plans the restart of some containers inside their pods. Fails if a pod is stopped, or for an init container. */
export function planRestartContainers(input: RestartContainersInput): Result<Plan> {
  const { project, observed, graceSeconds } = input;
  const errors: Diagnostic[] = [];
  const changes: Change[] = [];
  const steps: Step[] = [];
  for (const pod of selectedPods(input)) {
    const { init, containers } = startableContainers(pod, observed);
    const obstacle = startObstacle(pod, observed);
    if (obstacle !== undefined) {
      errors.push(needsManifest(pod.name, obstacle));
      continue;
    }
    for (const name of input.containers.get(pod.name) ?? []) {
      const error = containerError(pod, name, init);
      const container = containers.find(({ owner }) => owner?.name === name);
      if (error !== undefined || container === undefined) {
        errors.push(error ?? needsManifest(pod.name, `container/${name} does not exist`));
        continue;
      }
      const change = startChange(container, true);
      const cause = subjectId(change.subject);
      const unpause = container.state === 'paused' ? [unpauseStep(container, [])] : [];
      const live = ['running', 'stopping', 'paused'].includes(container.state) ? [container.name] : [];
      const stop = stopContainersSteps(
        `stop/${pod.name}/${name}`,
        pod.name,
        live,
        graceSeconds ?? graceOf([container]),
        cause,
        lastIds(unpause, []),
        true,
      );
      changes.push(change);
      steps.push(...unpause, ...stop, ...startContainerSteps(container, lastIds(stop, [])));
    }
  }
  return errors.length > 0 ? failure(errors) : success({ project, changes, steps, warnings: [] });
}

function containerError(
  { name: pod, infra }: ObservedPod,
  name: string,
  init: readonly ObservedContainer[],
): Diagnostic | undefined {
  if (init.some(({ owner }) => owner?.name === name))
    return {
      code: 'whole-pods-only',
      severity: 'error',
      message: `cannot restart an init container alone: ${pod}/${name}`,
      help: `Init containers run when their pod starts: podpose restart ${pod}`,
    };
  if (infra === 'running' || infra === 'paused') return undefined;
  return {
    code: 'container-not-running',
    severity: 'error',
    message: `cannot restart ${pod}/${name}: its pod is stopped`,
    help: `podpose start ${pod} starts the pod.`,
  };
}
