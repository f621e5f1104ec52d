import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import type { EngineResult } from '../engine/failure.ts';
import { checkHostPorts } from '../engine/host-ports.ts';
import {
  planProject,
  readChangedFiles,
  type PlannedProject,
  type PlanOptions,
} from '../engine/plan-project.ts';
import type { Plan } from '../plan/plan.ts';
import { withFileTexts } from '../view/plan/file-texts.ts';
import { renderPlanText } from '../view/plan/text.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Prints the plan as text. Read-only. */
export async function showPlan(
  context: CommandContext,
  options: PlanOptions,
): Promise<EngineResult<ExitCode>> {
  const planned = await planAndWarn(context, options);
  if (!planned.ok) return planned;
  context.platform.stdout.write(renderPlanText(planned.value.plan, heading(planned.value), context.paintOut));
  return success(EXIT.done);
}

/** Plans, and warns of host ports in use: `up` would refuse them. They may be free again by then. */
export function planAndWarn(
  { engine, platform }: CommandContext,
  options: PlanOptions,
): Promise<EngineResult<PlannedProject>> {
  const check = async (planned: PlannedProject) => (await checkHostPorts(platform, planned)).map(asWarning);
  return planProject(engine, options, { check });
}

function asWarning({ message, ...rest }: Diagnostic): Diagnostic {
  return { ...rest, severity: 'warning', message: `${message}: up would fail` };
}

/** The plan with the changed lines of files. */
export async function withChangedLines(
  { engine }: Pick<CommandContext, 'engine'>,
  { plan, pods: planned }: PlannedProject,
): Promise<Plan> {
  const texts = await readChangedFiles(engine, plan);
  const pods = planned.map(({ pod }) => pod);
  return texts.size === 0 ? plan : withFileTexts(plan, pods, texts);
}

/** Heading of a printed plan: the files, as the user named them. */
export function heading({ loaded }: PlannedProject): string {
  return loaded.sources.map(({ file }) => (file === '-' ? 'standard input' : file)).join(', ');
}
