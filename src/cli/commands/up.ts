import { success } from '../../base/result.ts';
import { applyPlan, type ApplyOptions } from '../../engine/apply-project.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, type EngineResult } from '../../engine/failure.ts';
import { checkHostPorts } from '../../engine/host-ports.ts';
import { planAgain, planProject, type PlannedProject, type PlanOptions } from '../../engine/plan-project.ts';
import { projectLock } from '../../engine/project-lock.ts';
import { rolloutStatus, stayAttached, type RolloutOptions } from '../../engine/rollout.ts';
import { stopControl, unlessStopped, type StopControl } from '../../engine/stop-control.ts';
import { planPulls } from '../../plan/decide/images.ts';
import { count } from '../../base/text.ts';
import { containerName } from '../../podman/names.ts';
import { logPrinter } from '../../view/log-printer.ts';
import { showNothingToDo, showOutcome } from '../apply.ts';
import type { Command, CommandContext } from '../command.ts';
import { confirmRemovals } from '../confirm.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { planOptions } from '../options.ts';
import { duration, flag } from '../parse/option-values.ts';
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
    const control = stopControl(platform, timeout.value);
    const lock = projectLock(engine, 'up', control);
    try {
      const retryUntil = platform.clock.now() + (timeout.value ?? RETRY_SECONDS) * 1000;
      const first = planProject(queryEngine(engine, control.stop), options.value, { lock });
      const planned = await unlessStopped(first, control.stop);
      if (!planned.ok) return planned;
      const applied = await apply(context, planned.value, options.value, { control, retryUntil });
      if (!applied.ok || applied.value.exitCode !== EXIT.done)
        return applied.ok ? success(applied.value.exitCode) : applied;
      reportPorts(context, applied.value.planned);
      // Other commands may change the project while this one follows the logs.
      lock.release();
      return await afterApply(context, applied.value.planned, control, applied.value.begun);
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
      ? showNothingToDo(context, plan, nothingToDo(loaded.pods.length))
      : showOutcome(
          context,
          project,
          await applyPlan(engine, plan, options, loaded.keeper, () =>
            planOf(planAgain(queryEngine(engine, options.control.stop), planned)),
          ),
        );
  return shown.ok ? success({ exitCode: shown.value, planned, begun }) : shown;
}

function nothingToDo(pods: number): string {
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
  control: StopControl,
  begun: number,
): Promise<EngineResult<ExitCode>> {
  const { engine, values } = context;
  const wait = flag(values, 'wait');
  const options: RolloutOptions = { control, begun, wait };
  const isDetached = flag(values, 'detach') || wait;
  const end = isDetached
    ? await rolloutStatus(engine, planned, options)
    : await stayAttached(engine, planned, options, printerFor(context, planned));
  return end.ok ? success(EXIT.done) : end;
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
