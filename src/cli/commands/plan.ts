import { success } from '../../base/result.ts';
import { askCapabilities } from '../../engine/engine.ts';
import { failed } from '../../engine/failure.ts';
import { renderPlanCommands } from '../../view/plan/commands.ts';
import { renderPlanJson } from '../../view/plan/json.ts';
import { renderPlanText } from '../../view/plan/text.ts';
import type { Command } from '../command.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import { planOptions } from '../options.ts';
import { choice, flag } from '../parse/option-values.ts';
import { readOnly } from '../read-only.ts';
import { heading, planAndWarn, withChangedLines } from '../show-plan.ts';

/** --detailed-exitcode: there are changes. Failures then exit with 1. */
const HAS_CHANGES = 2;

/** `podpose plan`: what `up` would change, and why. Read-only. */
export const plan: Command = {
  exitCodeOf: (kind, { values }) => (flag(values, 'detailed-exitcode') ? EXIT.failed : exitCodeOf(kind)),
  run: readOnly(async (context) => {
    const { platform, engine, values, paintOut } = context;
    const format = choice(values, 'format', ['text', 'commands', 'json']);
    if (!format.ok) return failed('usage', format.error);
    const options = planOptions(context);
    if (!options.ok) return options;
    const planned = await planAndWarn(context, options.value);
    if (!planned.ok) return planned;
    const { stdout } = platform;
    const { program } = engine.podman;
    if (format.value === undefined || format.value === 'text')
      stdout.write(
        renderPlanText(await withChangedLines(context, planned.value), heading(planned.value), paintOut),
      );
    else {
      // Only the commands depend on the podman version.
      const capabilities = await askCapabilities(engine);
      if (!capabilities.ok) return capabilities;
      if (format.value === 'commands')
        stdout.write(renderPlanCommands(planned.value.plan, capabilities.value, program));
      else
        stdout.write(
          renderPlanJson(await withChangedLines(context, planned.value), capabilities.value, program),
        );
    }
    const hasChanges = flag(values, 'detailed-exitcode') && planned.value.plan.changes.length > 0;
    return success(hasChanges ? HAS_CHANGES : EXIT.done);
  }),
};
