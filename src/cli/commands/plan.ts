import { renderPlanCommands } from '../../view/plan/commands.ts';
import { renderPlanJson } from '../../view/plan/json.ts';
import { renderPlanText } from '../../view/plan/text.ts';
import { askCapabilities } from '../../engine/ask-capabilities.ts';
import { warnOfPorts } from '../../engine/check-ports.ts';
import { EXIT } from '../exit-code.ts';
import { choice } from '../parse/option-values.ts';
import { heading, prepare, withTexts } from '../../engine/prepare.ts';
import { readOnly } from '../questions.ts';
import { flag, type Verb } from '../session.ts';

/** `podpose plan`: what `up` would do, and why. Touches nothing. */
export const plan: Verb = readOnly(async (session) => {
  const { platform, values } = session;
  const detailed = flag(values, 'detailed-exitcode');
  const format = choice(values, 'format', ['text', 'commands', 'json']);
  if (!format.ok) {
    session.report(format.error);
    return detailed ? EXIT.failed : EXIT.usage;
  }
  const prepared = await prepare(session);
  // With the detailed exit code, 2 says that there are changes and cannot say that something is wrong.
  if (typeof prepared === 'number') return detailed ? EXIT.failed : prepared;
  await warnOfPorts(session, prepared);
  const { plan } = format.value === 'commands' ? prepared : await withTexts(session, prepared);
  // Only commands differ between the versions of podman.
  const capabilities =
    format.value === undefined || format.value === 'text' ? undefined : await askCapabilities(session);
  if (typeof capabilities === 'number') return detailed ? EXIT.failed : capabilities;
  if (capabilities === undefined)
    platform.stdout.write(renderPlanText(plan, heading(prepared), session.paintOut));
  else if (format.value === 'json') platform.stdout.write(renderPlanJson(plan, capabilities, session.podman));
  else platform.stdout.write(renderPlanCommands(plan, capabilities, session.podman));
  return detailed && plan.changes.length > 0 ? 2 : EXIT.done;
});
