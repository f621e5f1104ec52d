import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { applyPlan, type ApplyOptions } from '../../engine/apply-project.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { checkHostPorts } from '../../engine/host-ports.ts';
import { planAgain, planProject, type PlannedProject, type PlanOptions } from '../../engine/plan-project.ts';
import { projectLock } from '../../engine/project-lock.ts';
import { rolloutStatus, type RolloutOptions } from '../../engine/rollout.ts';
import { checkExitCodeFrom, stayAttached, type EarlyEnd } from '../../engine/stay-attached.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { subjectId } from '../../plan/change.ts';
import { planPulls } from '../../plan/decide/images.ts';
import { describeReason } from '../../plan/describe.ts';
import type { Plan } from '../../plan/plan.ts';
import { count } from '../../base/text.ts';
import { containerName } from '../../podman/names.ts';
import { logPrinter } from '../../view/log-printer.ts';
import { showNothingToDo, showOutcome } from '../apply.ts';
import type { Command, CommandContext } from '../command.ts';
import { confirmRemovals } from '../confirm.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { planOptions } from '../options.ts';
import { duration, flag, text } from '../parse/option-values.ts';
import { readOnly } from '../read-only.ts';
import { reportPorts } from '../report-ports.ts';
import { RETRY_SECONDS } from '../retry-seconds.ts';
import { showPlan } from '../show-plan.ts';

/** `podpose up`: creates, updates and starts pods to match the manifests. */
export const up: Command = {
  run: async (context) => {
    const { platform, engine, values } = context;
    const timeout = duration(values, 'timeout');
    if (!timeout.ok) return failed('usage', timeout.error);
    const options = planOptions(context);
    if (!options.ok) return options;
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
      const applied = await apply(context, planned.value, options.value, { control, retryUntil });
      if (!applied.ok || applied.value.exitCode !== EXIT.done)
        return applied.ok ? success(applied.value.exitCode) : applied;
      reportPorts(context, applied.value.planned);
      // Other commands may change the project while this one waits or follows the logs. A `down` during the short check
      // of `up -d` would look like a crash.
      if (!flag(context.values, 'detach') || flag(context.values, 'wait')) lock.release();
      const { begun, planned: done } = applied.value;
      const given = { control, begun, timeoutSeconds: timeout.value };
      return await afterApply(context, done, given, early.value);
    } finally {
      lock.release();
      control.release();
    }
  },
};

interface Applied {
  readonly exitCode: ExitCode;
  readonly planned: PlannedProject;
  /** Start of the plan, in milliseconds since 1970. */
  readonly begun: number;
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
  if (typeof planned === 'number') return success({ exitCode: planned, planned: first, begun });
  const { plan, project, loaded } = planned;
  const confirmed = await confirmRemovals(context, plan, options.control);
  if (!confirmed.ok) return confirmed;
  const portsInUse = await checkHostPorts(platform, planned);
  if (portsInUse.length > 0) return failed('failed', portsInUse, loaded.sources);
  const shown =
    plan.steps.length === 0
      ? showNothingToDo(context, plan, nothingToDo(plan, loaded.pods.length))
      : showOutcome(
          context,
          project,
          await applyPlan(engine, plan, options, loaded.keeper, () =>
            planOf(planAgain(queryEngine(engine, options.control.stop), planned)),
          ),
        );
  return shown.ok ? success({ exitCode: shown.value, planned, begun }) : shown;
}

/** Containers that do not work as they should are named instead: `up` does not change them. */
function nothingToDo({ changes }: Plan, pods: number): string {
  if (changes.length > 0)
    return changes
      .map(({ subject, reason }) => `${subjectId(subject)} is up to date, but ${describeReason(reason)}.\n`)
      .join('');
  return `Nothing to do: ${count(pods, 'pod')} ${pods === 1 ? 'is' : 'are'} up to date.\n`;
}

async function planOf(planned: Promise<EngineResult<PlannedProject>>) {
  const result = await planned;
  return result.ok ? success(result.value.plan) : result;
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
  const pulls = planPulls(project, loaded.pods, observed.images ?? []);
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
  given: Omit<RolloutOptions, 'wait'>,
  early: EarlyEnd,
): Promise<EngineResult<ExitCode>> {
  const { engine, values } = context;
  const wait = flag(values, 'wait');
  const options: RolloutOptions = { ...given, wait };
  const isDetached = flag(values, 'detach') || wait;
  const end = isDetached
    ? await rolloutStatus(engine, planned, options)
    : await stayAttached(engine, planned, options, early, printerFor(context, planned));
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

function printerFor({ platform, colourOut }: CommandContext, { loaded }: PlannedProject) {
  const sources = loaded.pods.flatMap(({ pod }) =>
    pod.containers.map((container) => ({
      pod: pod.name,
      container: container.name,
      name: containerName(pod, container),
    })),
  );
  const settings = { stdout: platform.stdout, isColoured: colourOut, noPrefix: false, timestamps: false };
  return logPrinter(settings, sources);
}
