import type { StepLock } from '../apply/context.ts';
import { isRestart } from '../apply/events.ts';
import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { jobFromTemplate, podFromTemplate } from '../kube/jobs/pod-template.ts';
import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import { ownedBy } from '../plan/decide/ownership.ts';
import { planRemoval } from '../plan/plan-down.ts';
import { recordCreation, removeRecord } from '../plan/build/job-records.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import { observe, observeSecrets } from '../podman/inspect/observe.ts';
import { recordOwner, type JobRecord } from '../podman/job-record.ts';
import { applyPlan, type Replanning } from './apply-project.ts';
import { askCapabilities, type Engine } from './engine.ts';
import { newJobRecord, type JobAction } from './job-decisions.ts';
import { recordKeeper } from './job-secrets.ts';
import { NO_SECRETS } from './no-secrets.ts';
import { planLoaded } from './plan-project.ts';
import { SILENT } from './silent-host.ts';
import type { RunJobAction } from './watch-jobs.ts';

export interface RunContext {
  readonly engine: Engine;
  readonly project: string;
  readonly stop: AbortSignal;
  readonly watching: WatchSettings;
  /** For one pod with init containers. */
  readonly lock?: StepLock;
}

/** How long an init container that fails is retried, in milliseconds. Then its pod has failed. */
const RETRY_MILLISECONDS = 30_000;

/** Carries out what a watcher has decided. */
export function jobRunner(engine: Engine, project: string, watching: WatchSettings): RunJobAction {
  return (action, podman, stop, lock) =>
    runJobAction(action, {
      ...{ engine: { ...engine, podman }, project, stop, watching },
      ...defined({ lock }),
    });
}

/** Carries out what is decided for a Job or CronJob. The lock of the project is held. Returns why that has failed. */
export async function runJobAction(action: JobAction, context: RunContext): Promise<string | undefined> {
  switch (action.kind) {
    case 'record':
      return applySteps([recordStep(context.project, action.record)], context);
    case 'create-pods': {
      const keeper = await keeperOf(action.record, context);
      if (keeper === undefined) return secretsLost(action.record);
      const { job } = action.record;
      const pods = action.pods.map((place) => podFromTemplate(job, { index: undefined, ...place }, keeper));
      return createPods(pods, action.record, keeper, context);
    }
    case 'remove-pods':
      return removePods(action.pods, [], context);
    case 'create-job': {
      const keeper = await keeperOf(action.record, context);
      if (keeper === undefined) return secretsLost(action.record);
      const job = jobFromTemplate(action.record.cronJob, action.job, keeper);
      const record = newJobRecord(job, action.record);
      const secrets = await observeSecrets(context.engine.podman);
      if (!secrets.ok) return messageOf(secrets.error);
      return applySteps(recordCreation(context.project, record, secrets.value, []), context, keeper);
    }
    case 'remove-job':
      return removePods(action.pods, [action.record], context);
  }
}

async function keeperOf(
  record: JobRecord,
  { engine, project }: RunContext,
): Promise<SecretKeeper | undefined> {
  const capabilities = await askCapabilities(engine);
  if (!capabilities.ok) return undefined;
  const { platform, podman } = engine;
  return recordKeeper(record, { platform, podman, project, capabilities: capabilities.value });
}

function secretsLost(record: JobRecord): string {
  return `the podman secret of ${recordOwner(record)} cannot be read: run podpose up --force-recreate`;
}

async function createPods(
  pods: readonly DesiredPod[],
  { options = {} }: JobRecord,
  keeper: SecretKeeper,
  context: RunContext,
): Promise<string | undefined> {
  const { engine, project } = context;
  const loaded = {
    ...{ sources: [], documents: [], objects: 0, diagnostics: [], isSound: true, keeper },
    ...{ pods: pods.map(withoutSource), workloads: [], services: [] },
  };
  const plan = async () => {
    const planned = await planLoaded(engine, {
      ...{ project, loaded },
      options: {
        ...{ forceRecreate: false, removeOrphans: false, adopt: false, watcher: 'available', ...options },
      },
    });
    return planned.ok ? success(planned.value.plan) : planned;
  };
  const planned = await plan();
  if (!planned.ok) return messageOf(planned.error.diagnostics);
  // Pods that are created side by side may need the same network or volume.
  return applyQuietly(planned.value, context, keeper, { planAgain: plan });
}

/** A pod that is made from a record has no place in a file. */
function withoutSource(pod: DesiredPod): SourcedPod {
  const nowhere = { file: '', line: 0, column: 0 };
  return {
    pod,
    ports: { usesDefaultHostIP: false, unpublished: [], declared: [] },
    undeclaredClaims: new Set(),
    locate: () => nowhere,
    locateClaim: () => undefined,
    locatePersistentVolume: () => undefined,
  };
}

async function removePods(
  pods: readonly string[],
  records: readonly Extract<JobAction, { readonly kind: 'remove-job' }>['record'][],
  context: RunContext,
): Promise<string | undefined> {
  const { engine, project } = context;
  const [observed, secrets] = await Promise.all([observe(engine.podman), observeSecrets(engine.podman)]);
  if (!observed.ok) return messageOf(observed.error);
  if (!secrets.ok) return messageOf(secrets.error);
  const own = ownedBy(project, { ...observed.value, secrets: secrets.value });
  const { steps } = planRemoval(project, pods, own, { kind: 'requested' });
  const ids = steps.map(({ id }) => id);
  const ofRecords = records.flatMap((record) => removeRecord(project, record, secrets.value, ids));
  return applySteps([...steps, ...ofRecords], context);
}

function recordStep(project: string, record: JobRecord): Step {
  return { id: recordOwner(record), needs: [], operation: { kind: 'record-job', project, record } };
}

function applySteps(
  steps: readonly Step[],
  context: RunContext,
  keeper?: SecretKeeper,
): Promise<string | undefined> {
  return applyQuietly({ project: context.project, changes: [], steps, warnings: [] }, context, keeper);
}

async function applyQuietly(
  plan: Plan,
  { engine, stop, watching, lock }: RunContext,
  keeper: Pick<SecretKeeper, 'reveal' | 'redact'> = NO_SECRETS,
  replanning?: Replanning,
): Promise<string | undefined> {
  const outcome = await applyPlan(
    { ...engine, host: SILENT },
    plan,
    {
      control: { stop, kill: stop, release: () => undefined },
      retryUntil: engine.platform.clock.now() + RETRY_MILLISECONDS,
      watching,
      ...defined({ lock }),
    },
    keeper,
    replanning,
  );
  if (!outcome.ok) return messageOf(outcome.error.diagnostics);
  const failed = outcome.value.failed.find(({ failure }) => !isRestart(failure));
  if (failed === undefined) return undefined;
  const { failure } = failed;
  // Another podpose has stopped or removed the pod meanwhile, or the watch ends.
  if (failure.kind === 'stopped') return undefined;
  return failure.kind === 'command' ? failure.diagnostic.message : `${failed.step.id} has failed`;
}

function messageOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics[0]?.message ?? 'podman failed';
}
