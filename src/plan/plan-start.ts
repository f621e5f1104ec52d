import { podMembers } from '../podman/inspect/pod-members.ts';
import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import type { RestartPolicy } from '../kube/spec/desired.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import { decodeOwner, isOfJob } from '../podman/labels.ts';
import { isSidecarRecord, lastAppliedContainer } from '../podman/last-applied.ts';
import { observedStartupSteps } from './build/startup.ts';
import { startContainerSteps, startInfraStep, startInitSteps, unpauseStep } from './build/starts.ts';
import { stopContainersSteps } from './build/termination.ts';
import { oneAfterAnother } from './build/post-start.ts';
import { stopSeconds, subjectId, type Change, type Reason } from './change.ts';
import { isCompleted, staysCompleted } from './decide/decide-container.ts';
import type { FoundContainer } from './decide/found-containers.ts';
import { startableContainers, startObstacle } from './decide/startable.ts';
import type { Plan } from './plan.ts';
import { graceOf } from './plan-down.ts';
import { isUp, selectedPods, stopPodSteps, type StopInput } from './plan-stop.ts';
import { lastIds, type Step } from './step.ts';

export interface StartInput extends StopInput {
  readonly observed: ObservedState;
  /** Stop first what runs. */
  readonly restart: boolean;
  /** Of a restart: the infra container, and so the address of the pod, stays. */
  readonly keepsSandbox?: true;
}

/**
 * Plans the start of pods that exist, from their last-applied records alone: changes of the manifests are not applied.
 * The init containers run again in a pod that was stopped, as in a new sandbox on a cluster (computePodActions in
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go). Fails if a pod cannot be started without its manifest.
 */
export function planStart(input: StartInput): Result<Plan> {
  const { project, observed } = input;
  const found = selectedPods(input).map((pod) => ({ pod, why: startObstacle(pod, observed) }));
  // The watcher completes the pods of Jobs.
  const kept = found.filter(
    ({ pod, why }) => why === undefined || !isOfJob({ owner: decodeOwner(pod.labels) }),
  );
  const pods = kept.map(({ pod }) => pod);
  const obstacles = kept.flatMap(({ pod, why }) => (why === undefined ? [] : [needsManifest(pod.name, why)]));
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
  const { observed, restart, keepsSandbox = false } = input;
  const { init, containers } = startableContainers(pod, observed);
  const stops = restart ? isUp(pod, observed) && !keepsSandbox : pod.infra === 'stopping';
  const isDown = stops || (pod.infra !== 'running' && pod.infra !== 'paused');
  const sandboxStartedAt = isDown ? Infinity : pod.infraStartedAt;
  const starting = containers.filter((container) => restart || isToStart(container, sandboxStartedAt));
  const paused = isDown ? [] : [...init, ...containers].filter(({ state }) => state === 'paused');
  const runs = initToRun(init, containers, { restart, sandboxStartedAt });
  if (starting.length + runs.length + paused.length === 0) return { changes: [], steps: [] };

  const cause = subjectId({ kind: 'pod', pod: pod.name });
  const sidecars = runs.filter(({ labels }) => isSidecarRecord(labels));
  const stop = stops
    ? stopPodSteps(pod, input)
    : stopLeft(pod, [...(keepsSandbox ? runs : sidecars), ...starting], observed, cause);
  const unpause = paused.map((container) => unpauseStep(container, lastIds(stop, [])));
  const infra = isDown ? [startInfraStep(pod, lastIds(stop, []))] : [];
  const steps: Step[] = [...stop, ...unpause, ...infra];
  let ready = lastIds([...stop, ...infra], []);
  const policy = podPolicyOf(containers);
  const members = podMembers(pod.name, observed.containers);
  for (const container of runs) {
    const own = isSidecarRecord(container.labels)
      ? sidecarSteps(pod, members, container, ready)
      : startInitSteps(container, policy, ready);
    steps.push(...own);
    ready = lastIds(own, ready);
  }
  steps.push(
    ...oneAfterAnother(starting.map((container) => startContainerSteps(container, ready, { pod, members }))),
  );
  const podReason: Reason = restart ? { kind: 'requested' } : { kind: 'not-running', state: pod.infra };
  return {
    changes: [
      ...(isDown
        ? [
            {
              subject: { kind: 'pod', pod: pod.name },
              action: 'restart',
              reason: podReason,
              ...stopSeconds(stops, input.graceSeconds ?? graceOf(members)),
            } as const,
          ]
        : []),
      ...[...runs, ...starting, ...paused].map((container) => startChange(container, restart)),
    ],
    steps,
  };
}

function restartPolicyOf(labels: ObservedContainer['labels']) {
  return lastAppliedContainer(labels)?.restartPolicy;
}

/** The policy of a pod: that of a container without a policy of its own. */
function podPolicyOf(containers: readonly ObservedContainer[]): RestartPolicy {
  const applied = containers.flatMap(({ labels }) => lastAppliedContainer(labels) ?? []);
  const [first] = applied;
  const inheriting = applied.find(({ settings }) => settings['ownRestartPolicy'] === undefined);
  return (inheriting ?? first)?.restartPolicy ?? POD_DEFAULTS.restartPolicy;
}

/** Starts a sidecar, unless it runs, and waits until it has started. */
function sidecarSteps(
  pod: ObservedPod,
  members: readonly ObservedContainer[],
  container: ObservedContainer,
  needs: readonly string[],
): readonly Step[] {
  const start = startContainerSteps(container, needs, { pod, members });
  return [...start, ...observedStartupSteps(pod, container, lastIds(start, needs))];
}

/** A completed container stays so, unless its restart policy is Always. */
function isToStart(container: FoundContainer, sandboxStartedAt: number): boolean {
  const { state, startedAt, labels } = container;
  if (state === 'paused') return false;
  if (state === 'running') return startedAt < sandboxStartedAt;
  const restartPolicy = restartPolicyOf(labels) ?? POD_DEFAULTS.restartPolicy;
  return !staysCompleted({ restartPolicy }, container, sandboxStartedAt);
}

/**
 * Init containers run from the first that has not completed in this sandbox, unless an app container was started in it.
 * Sidecars start in their places if they do not run in it, unless the pod has completed.
 */
function initToRun(
  init: readonly FoundContainer[],
  containers: readonly FoundContainer[],
  { restart, sandboxStartedAt }: { readonly restart: boolean; readonly sandboxStartedAt: number },
): readonly FoundContainer[] {
  if (restart) return init;
  const isOver = containers.every(
    (container) => !isToStart(container, sandboxStartedAt) && !isLive(container),
  );
  if (isOver) return [];
  const isInitialized =
    containers.some(({ startedAt }) => startedAt > 0 && startedAt >= sandboxStartedAt) ||
    containers.every((container) => !isToStart(container, sandboxStartedAt));
  const first = init.findIndex(
    (container) =>
      !isSidecarRecord(container.labels) &&
      (!isCompleted(container) || container.startedAt < sandboxStartedAt),
  );
  return init.filter((container, index) =>
    isSidecarRecord(container.labels)
      ? isToStart(container, sandboxStartedAt)
      : !isInitialized && first >= 0 && index >= first,
  );
}

function isLive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused';
}

/** Stops containers that must stop before they start: those of an earlier sandbox, and those of an interrupted stop. */
function stopLeft(
  pod: ObservedPod,
  starting: readonly ObservedContainer[],
  { containers }: ObservedState,
  cause: string,
): readonly Step[] {
  const left = starting.filter(({ state }) => state === 'running' || state === 'stopping');
  const members = podMembers(pod.name, containers);
  const names = left.map(({ name }) => name);
  const stopping = { pod: pod.name, current: pod, members, graceSeconds: graceOf(members), cause, needs: [] };
  return stopContainersSteps(`stop/${pod.name}`, names, stopping);
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

/** Plans the restart of some containers, without init containers that run to their end, inside their pods. Fails if a pod is stopped. */
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
      const error = podError(pod, name);
      const container = [...init, ...containers].find(({ owner }) => owner?.name === name);
      if (error !== undefined || container === undefined) {
        errors.push(error ?? needsManifest(pod.name, `container/${name} does not exist`));
        continue;
      }
      const change = startChange(container, true);
      const cause = subjectId(change.subject);
      const unpause = container.state === 'paused' ? [unpauseStep(container, [])] : [];
      const live = ['running', 'stopping', 'paused'].includes(container.state) ? [container.name] : [];
      const members = podMembers(pod.name, observed.containers);
      const stop = stopContainersSteps(`stop/${pod.name}/${name}`, live, {
        ...{ pod: pod.name, current: pod, members, cause, needs: lastIds(unpause, []) },
        graceSeconds: graceSeconds ?? graceOf([container]),
        besideOthers: true,
      });
      const needs = lastIds(stop, []);
      const start = isSidecarRecord(container.labels)
        ? sidecarSteps(pod, members, container, needs)
        : startContainerSteps(container, needs, { pod, members });
      changes.push({
        ...change,
        ...stopSeconds(live.length > 0, graceSeconds ?? graceOf([container])),
      });
      steps.push(...unpause, ...stop, ...start);
    }
  }
  return errors.length > 0 ? failure(errors) : success({ project, changes, steps, warnings: [] });
}

function podError({ name: pod, infra }: ObservedPod, name: string): Diagnostic | undefined {
  if (infra === 'running' || infra === 'paused') return undefined;
  return {
    code: 'container-not-running',
    severity: 'error',
    message: `cannot restart ${pod}/${name}: its pod is stopped`,
    help: `podpose start ${pod} starts the pod.`,
  };
}
