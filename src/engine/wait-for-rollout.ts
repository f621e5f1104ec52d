import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { kindOfOwner } from '../kube/workloads/owner.ts';
import {
  workloadRollout,
  type RolloutFacts,
  type RolloutPod,
  type WorkloadRollout,
} from '../kube/status/workload-rollout.ts';
import { latestRecord } from '../plan/decide/revisions.ts';
import { decodeOwner } from '../podman/labels.ts';
import { decodeRevisions } from '../podman/revisions-record.ts';
import { queryEngine, type Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { findWorkload } from './find-workload.ts';
import { viewPods, type PodView } from './pod-facts.ts';
import { waitsOf } from './pod-readiness.ts';
import { observeStatus } from './pod-status.ts';
import { projectLock } from './project-lock.ts';
import { unlessStopped } from './stop-control.ts';
import type { TargetOptions } from './target.ts';

/** The target is a workload: `deploy/web`. */
export interface RolloutWaitOptions extends TargetOptions {
  /** Whether to wait for the end of the rollout. */
  readonly waits: boolean;
  /** Aborted to end the wait. */
  readonly stop: AbortSignal;
  /** Called with each change. */
  readonly onChange: (rollout: WorkloadRollout) => void;
}

const POLL_MILLISECONDS = 500;
/** For pods that record no deadline: that of a Deployment by default. */
const DEADLINE_SECONDS = 600;

/** Waits until all pods of a workload have its newest template and are available. Changes nothing. */
export async function waitForRollout(
  engine: Engine,
  options: RolloutWaitOptions,
): Promise<EngineResult<WorkloadRollout>> {
  const { waits, stop, onChange } = options;
  const querying = queryEngine(engine, stop);
  const found = await unlessStopped(findWorkload(querying, options), stop);
  if (!found.ok) return found;
  const { project, owner } = found.value;
  const { clock, today } = engine.platform;
  let changedAt = 0;
  let words: string | undefined;
  for (;;) {
    const observed = await unlessStopped(observeWorkload(querying, project, owner, stop), stop);
    if (!observed.ok) return observed;
    const now = today() / 1000;
    const rollout = workloadRollout({ ...observed.value, now, changedAt });
    if (words !== undefined && rollout.words !== words) changedAt = now;
    if (rollout.words !== words) onChange(rollout);
    words = rollout.words;
    if (rollout.kind === 'stopped') return failed('failed', [hasStopped(owner, words)]);
    if (rollout.kind === 'late')
      return failed('failed', [isLate(owner, words, observed.value.deadlineSeconds)]);
    if (rollout.kind === 'complete' || !waits) return success(rollout);
    await clock.sleep(POLL_MILLISECONDS, stop);
  }
}

type ObservedWorkload = Pick<RolloutFacts, 'pods' | 'isBusy' | 'deadlineSeconds'>;

async function observeWorkload(
  engine: Engine,
  project: string,
  owner: string,
  stop: AbortSignal,
): Promise<EngineResult<ObservedWorkload>> {
  // First: what another podpose has done before it released the lock is seen.
  const isBusy = await isChanging(engine, project, stop);
  if (!isBusy.ok) return isBusy;
  const status = await observeStatus(engine, {
    ...{ project, files: [], operands: [], all: false, addresses: false },
  });
  if (!status.ok) return status;
  const { observed, target } = status.value;
  const now = engine.platform.today() / 1000;
  const views = viewPods(observed, target).filter((view) => decodeOwner(view.observed.labels) === owner);
  const own = views.map((view) => view.observed);
  return success({
    isBusy: isBusy.value,
    pods: views.map((view) => rolloutPod(owner, view, now)),
    deadlineSeconds:
      latestRecord(owner, { pods: own, containers: observed.containers })?.deadlineSeconds ??
      DEADLINE_SECONDS,
  });
}

/** Whether another podpose is changing the project. */
async function isChanging(
  engine: Engine,
  project: string,
  stop: AbortSignal,
): Promise<EngineResult<boolean>> {
  const lock = projectLock(engine, 'rollout status', { stop });
  const taken = await lock.take(project);
  lock.release();
  return taken.ok ? success(taken.value === 'busy') : taken;
}

function rolloutPod(owner: string, view: PodView, now: number): RolloutPod {
  const { observed, createdAt = 0 } = view;
  return {
    revision: decodeRevisions(observed.labels)?.revision,
    // Pods of a StatefulSet keep their names when their template changes.
    template: kindOfOwner(owner) === 'StatefulSet' ? owner : observed.name.replace(/\d+$/, ''),
    // Without a watcher, a container that runs counts as available.
    isAvailable: waitsOf(view, now).every(({ unknown }) => unknown !== undefined),
    createdAt,
  };
}

function hasStopped(owner: string, words: string): Diagnostic {
  return {
    code: 'rollout-stopped',
    severity: 'error',
    message: `the rollout of ${owner} has stopped: ${words}`,
    help: "'podpose up' goes on with it. 'podpose describe' shows what its pods wait for.",
  };
}

function isLate(owner: string, words: string, seconds: number): Diagnostic {
  return {
    code: 'rollout-stopped',
    severity: 'error',
    message: `${owner} exceeded its progress deadline of ${seconds} s: ${words}`,
    help: "'podpose describe' shows what its pods wait for.",
  };
}
