import { renderPlanCommands } from '../../plan/render-commands.ts';
import { renderPlanJson } from '../../plan/render-json.ts';
import { renderPlanText } from '../../plan/render-text.ts';
import { askAbilities } from '../ask-abilities.ts';
import { warnOfPorts } from '../check-ports.ts';
import { EXIT } from '../exit-codes.ts';
import { choice } from '../option-values.ts';
import { heading, prepare, withTexts } from '../prepare.ts';
import { readOnly } from '../questions.ts';
import { flag, type Verb } from '../session.ts';

/** `podpose plan`: what `up` would do, and why. Touches nothing. */
export const plan: Verb = readOnly(async (session) => {
  const { world, values } = session;
  const detailed = flag(values, 'detailed-exitcode');
  const format = choice(values, 'format', ['text', 'commands', 'json']);
  if (!format.ok) {
    session.tell(format.error);
    return detailed ? EXIT.failed : EXIT.usage;
  }
  const prepared = await prepare(session);
  // With the detailed exit code, 2 says that there are changes and cannot say that something is wrong.
  if (typeof prepared === 'number') return detailed ? EXIT.failed : prepared;
  await warnOfPorts(session, prepared);
  const { plan } = format.value === 'commands' ? prepared : await withTexts(session, prepared);
  // Only commands differ between the versions of podman.
  const can = format.value === undefined || format.value === 'text' ? undefined : await askAbilities(session);
  if (typeof can === 'number') return detailed ? EXIT.failed : can;
  if (can === undefined) world.stdout.write(renderPlanText(plan, heading(prepared), session.paintOut));
  else if (format.value === 'json') world.stdout.write(renderPlanJson(plan, can, session.podman));
  else world.stdout.write(renderPlanCommands(plan, can, session.podman));
  return detailed && plan.changes.length > 0 ? 2 : EXIT.done;
});
