import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { applyPlan, type ApplyOptions } from '../../engine/apply-project.ts';
import { checkSucceeded } from '../../engine/check-succeeded.ts';
import { queryEngine } from '../../engine/engine.ts';
import { asWarning, killedByHooks, restartWarnings, type KilledByHook } from '../../engine/failed-hooks.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { checkHostPorts } from '../../engine/host-ports.ts';
import { notifyReady } from '../../engine/notify-ready.ts';
import {
  placedPods,
  planAgain,
  planProject,
  templatesOf,
  type PlannedProject,
  type PlanOptions,
} from '../../engine/plan-project.ts';
import { projectLock, type ProjectLock } from '../../engine/project-lock.ts';
import { logSourcesOf } from '../../engine/follow-rollout.ts';
import { needsWatcher as podNeedsWatcher } from '../../engine/project-watcher.ts';
import { rolloutStatus, type RolloutOptions } from '../../engine/rollout.ts';
import {
  checkExitCodeFrom,
  stayAttached,
  type EarlyEnd,
  type StayOptions,
} from '../../engine/stay-attached.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import type { AttachedWatch } from '../../engine/watch-attached.ts';
import { subjectId } from '../../plan/change.ts';
import { planPulls } from '../../plan/decide/images.ts';
import { followedBy } from '../../plan/plan.ts';
import { describeReason } from '../../plan/describe.ts';
import type { Step } from '../../plan/step.ts';
import { count, enumerate } from '../../base/text.ts';
import { logPrinter } from '../../view/log-printer.ts';
import { showNothingToDo, showOutcome } from '../apply.ts';
import type { Command, CommandContext } from '../command.ts';
import { confirmRemovals } from '../confirm.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { planOptions, watcherSettings } from '../options.ts';
import { duration, flag, text } from '../parse/option-values.ts';
import { readOnly } from '../read-only.ts';
import { reportPorts } from '../report-ports.ts';
import { RETRY_SECONDS } from '../retry-seconds.ts';
import { showPlan } from '../show-plan.ts';
import { isUnwatched } from '../../engine/watch-facts.ts';
import { watchInBackground } from '../watch-in-background.ts';

/** `podpose up`: creates, updates and starts pods to match the manifests. */
export const up: Command = { run: (context) => runUp(context) };

/** @param changed what differs from the files: only that is applied */
export async function runUp(
  context: CommandContext,
  changed: Pick<PlanOptions, 'replicas' | 'revision' | 'only'> = {},
): Promise<EngineResult<ExitCode>> {
  const { platform, engine, values } = context;
  const timeout = duration(values, 'timeout');
  if (!timeout.ok) return failed('usage', timeout.error);
  const given = planOptions(context);
  if (!given.ok) return given;
  const options = success<PlanOptions>({ ...given.value, ...changed });
  // readOnly: no change is possible from here.
  if (flag(values, 'dry-run')) return readOnly((reading) => showPlan(reading, options.value))(context);
  const early = earlyEnd(values);
  if (!early.ok) return early;
  const control = stopControl(platform, timeout.value);
  const lock = projectLock(engine, 'up', control);
  try {
    const retryUntil = platform.clock.now() + (timeout.value ?? RETRY_SECONDS) * 1000;
    const first = planProject(queryEngine(engine, control.stop), options.value, { lock });
    const planned = await unlessStopped(first, control.stop);
    if (!planned.ok) return planned;
    const known = checkExitCodeFrom(planned.value, early.value);
    if (!known.ok) return known;
    const watching = watcherSettings(context);
    const applied = await apply(context, planned.value, options.value, {
      ...{ control, retryUntil },
      ...defined({ watching }),
    });
    if (!applied.ok) return applied;
    if (applied.value.exitCode !== EXIT.done) {
      lock.release();
      if (applied.value.hasPods && needsWatch(applied.value.planned))
        await watchInBackground(context, applied.value.planned.project);
      return success(applied.value.exitCode);
    }
    reportPorts(context, applied.value.planned);
    const { begun, planned: done, killed } = applied.value;
    const given = { control, begun, killed, timeoutSeconds: timeout.value, early: early.value };
    return await afterApply(context, done, given, lock);
  } finally {
    lock.release();
    control.release();
  }
}

interface Applied {
  readonly exitCode: ExitCode;
  readonly planned: PlannedProject;
  /** Start of the plan, in milliseconds since 1970. */
  readonly begun: number;
  /** Whether the project has pods, which need a watcher even if the plan has failed: pods do not depend on each other. */
  readonly hasPods: boolean;
  /** Containers that the watcher is to restart, of a plan that has not failed. */
  readonly killed: readonly KilledByHook[];
}

async function apply(
  context: CommandContext,
  first: PlannedProject,
  { pull }: PlanOptions,
  options: ApplyOptions,
): Promise<EngineResult<Applied>> {
  const { engine, platform } = context;
  const pulled = pull === 'always' ? await pullAll(context, first, options) : success(first);
  if (!pulled.ok) return pulled;
  const planned = pulled.value;
  const begun = platform.today();
  if (typeof planned === 'number')
    return success({ exitCode: planned, planned: first, begun, hasPods: hasPods(first), killed: [] });
  const { plan, project, loaded } = planned;
  const confirmed = await confirmRemovals(context, plan, options.control);
  if (!confirmed.ok) return confirmed;
  const portsInUse = await checkHostPorts(platform, planned);
  if (portsInUse.length > 0) return failed('failed', portsInUse, loaded.sources);
  if (plan.steps.length === 0) {
    const shown = showNothingToDo(context, plan, nothingToDo(planned));
    return shown.ok ? success({ exitCode: shown.value, planned, begun, hasPods: true, killed: [] }) : shown;
  }
  let last = planned;
  const outcome = await applyPlan(engine, plan, options, loaded.keeper, {
    placedPods: placedPods(planned),
    planAgain: async (addressless) => {
      const next = await planAgain(queryEngine(engine, options.control.stop), planned, addressless);
      if (!next.ok) return next;
      last = { ...next.value, plan: followedBy(last.plan, next.value.plan) };
      return success(next.value.plan);
    },
  });
  if (outcome.ok) context.report(await checkSucceeded(engine, last, outcome.value, options.control));
  const shown = showOutcome(context, project, outcome);
  const isDone = outcome.ok && outcome.value.status === 'done';
  if (isDone) context.report(restartWarnings(outcome.value));
  const killed = isDone ? killedByHooks(outcome.value) : [];
  const hasNew = outcome.ok && outcome.value.succeeded.some(createsPod);
  return shown.ok
    ? success({ exitCode: shown.value, planned: last, begun, hasPods: hasNew || hasPods(last), killed })
    : shown;
}

function hasPods({ project, observed }: PlannedProject): boolean {
  return observed.pods.some(({ owner }) => owner?.project === project);
}

function createsPod({ operation }: Step): boolean {
  return operation.kind === 'create-pod';
}

/** Containers that do not work as they should are named instead: `up` does not change them. */
function nothingToDo({
  plan: { changes },
  pods,
  loaded: { jobs = [], cronJobs = [] },
}: PlannedProject): string {
  if (changes.length > 0)
    return changes
      .map(({ subject, reason }) => `${subjectId(subject)} is up to date, but ${describeReason(reason)}.\n`)
      .join('');
  const counts = [
    [pods.length, 'pod'],
    [jobs.length, 'Job'],
    [cronJobs.length, 'CronJob'],
  ] as const;
  const named = counts.filter(([number]) => number > 0);
  const words = (named.length === 0 ? counts.slice(0, 1) : named).map(([number, word]) =>
    count(number, word),
  );
  const isOne = named.reduce((sum, [number]) => sum + number, 0) === 1;
  return `Nothing to do: ${enumerate(words)} ${isOne ? 'is' : 'are'} up to date.\n`;
}

/**
 * Pulls all images before planning: an image that changed replaces its containers. Returns an exit code if a pull
 * failed.
 */
async function pullAll(
  context: CommandContext,
  planned: PlannedProject,
  options: ApplyOptions,
): Promise<EngineResult<PlannedProject | ExitCode>> {
  const { engine } = context;
  const { project, loaded, observed } = planned;
  const pulls = planPulls(project, [...loaded.pods, ...templatesOf(loaded)], observed.images ?? []);
  if (pulls.steps.length > 0) {
    const outcome = await applyPlan(engine, pulls, options, loaded.keeper);
    const shown = showOutcome(context, project, outcome);
    if (!shown.ok || shown.value !== EXIT.done) return shown;
  }
  return planAgain(queryEngine(engine, options.control.stop), planned);
}

/**
 * What `up` does after its plan is applied: check the rollout status, wait for the rollout, or follow the
 * logs.
 */
async function afterApply(
  context: CommandContext,
  planned: PlannedProject,
  given: Omit<RolloutOptions, 'wait'> & Pick<StayOptions, 'early'>,
  lock: ProjectLock,
): Promise<EngineResult<ExitCode>> {
  const { engine, values } = context;
  const wait = flag(values, 'wait');
  const options: RolloutOptions = { ...given, wait };
  if (flag(values, 'detach') && !wait) {
    // With the lock: a watcher must not restart a container that has failed before it is seen.
    const checked = await rolloutStatus(engine, planned, options);
    lock.release();
    if (needsWatch(planned)) await watchInBackground(context, planned.project);
    return checked.ok ? success(EXIT.done) : checked;
  }
  // Other commands may change the project from here.
  lock.release();
  context.report(given.killed.map(({ diagnostic }) => asWarning(diagnostic)));
  if (wait && needsWatch(planned)) await watchInBackground(context, planned.project);
  if (!wait) await notifyReady(engine.platform);
  const attached = { ...given, ...defined({ attachedWatch: watchHere(context, planned) }) };
  const end = wait
    ? await rolloutStatus(engine, planned, options)
    : await stayAttached(engine, planned, attached, printerFor(context, planned));
  // This process has watched the pods of other files of the project, too.
  if (attached.attachedWatch !== undefined && (await isUnwatched(engine, planned.project)))
    await watchInBackground(context, planned.project);
  return end.ok ? success(end.value ?? EXIT.done) : end;
}

/** The options that need `up` to follow the logs. */
function earlyEnd(values: CommandContext['values']): EngineResult<EarlyEnd> {
  const exitCodeFrom = text(values, 'exit-code-from');
  const abortOnFailure = flag(values, 'abort-on-failure');
  const isDetached = flag(values, 'detach') || flag(values, 'wait');
  if (isDetached && (exitCodeFrom !== undefined || abortOnFailure))
    return failed('usage', [
      usageError(
        'option-value',
        `${abortOnFailure ? '--abort-on-failure' : '--exit-code-from'} needs up to follow the logs`,
        'Omit --detach and --wait.',
      ),
    ]);
  return success({ abortOnFailure, ...defined({ exitCodeFrom }) });
}

function needsWatch({ loaded, pods }: PlannedProject): boolean {
  const { jobs = [], cronJobs = [] } = loaded;
  return jobs.length + cronJobs.length > 0 || pods.some(({ pod }) => podNeedsWatcher(pod));
}

function watchHere(context: CommandContext, planned: PlannedProject): AttachedWatch | undefined {
  const settings = watcherSettings(context);
  if (settings === undefined || !needsWatch(planned)) return undefined;
  return { settings, version: context.version };
}

function printerFor({ platform, colourOut }: CommandContext, { pods }: PlannedProject) {
  const sources = pods.flatMap(({ pod }) => logSourcesOf(pod));
  const settings = { stdout: platform.stdout, isColoured: colourOut, noPrefix: false, timestamps: false };
  return logPrinter(settings, sources);
}
