import { execute, type ExecuteContext } from '../../apply/execute.ts';
import { planHasWork } from '../../plan/plan.ts';
import { renderPlanText } from '../../plan/render-text.ts';
import { openProgress } from '../../report/progress.ts';
import { renderOutcome } from '../../report/outcome.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { attach } from '../attach.ts';
import { checkPorts } from '../check-ports.ts';
import { choice, duration } from '../option-values.ts';
import { heading, prepare, type Prepared } from '../prepare.ts';
import { flag, text, type Session, type Verb } from '../session.ts';
import { stopControl, type StopControl } from '../stop-control.ts';
import { waitUntilSettled } from '../wait.ts';

/** For how long a failing init container is tried again when no `--timeout` says so, in seconds. */
const RETRY_SECONDS = 300;

/** `podpose up`: makes podman have what the files say. */
export const up: Verb = async (session) => {
  const { world, values } = session;
  const progress = choice(values, 'progress', ['auto', 'tty', 'plain', 'json', 'quiet']);
  const timeout = duration(values, 'timeout');
  if (!progress.ok || !timeout.ok) {
    session.tell([...(progress.ok ? [] : progress.error), ...(timeout.ok ? [] : timeout.error)]);
    return EXIT.usage;
  }
  const prepared = await prepare(session);
  if (typeof prepared === 'number') return prepared;
  if (flag(values, 'dry-run')) {
    world.stdout.write(renderPlanText(prepared.plan, heading(prepared), session.paintOut));
    return EXIT.done;
  }
  const portsInUse = await checkPorts(world, prepared);
  if (portsInUse.length > 0) {
    session.tell(portsInUse, prepared.loaded.sources);
    return EXIT.failed;
  }
  const control = stopControl(world, timeout.value);
  try {
    return await carryOut(session, prepared, control, timeout.value, progress.value ?? 'auto');
  } finally {
    control.release();
  }
};
