import { EXIT, type ExitCode } from '../exit-code.ts';
import { carryOut, type CarryOutOptions } from '../../engine/apply-plan.ts';
import { confirmRemovals } from '../confirm.ts';
import { checkPorts, warnOfPorts } from '../../engine/check-ports.ts';
import { afterUp } from '../../engine/after-up.ts';
import { duration } from '../parse/option-values.ts';
import { heading, prepare, prepareAgain, type Prepared } from '../../engine/prepare.ts';
import { projectLock } from '../../engine/project-lock.ts';
import { askingSession, readOnly, stoppedBeforePlan, unlessStopped } from '../questions.ts';
import { flag, type Session, type Verb } from '../session.ts';
import { tellPorts } from '../tell-ports.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { planPulls } from '../../plan/decide/images.ts';
import { renderPlanText } from '../../view/plan/text.ts';

/** For how long a failing init container is tried again when no `--timeout` says so, in seconds. */
const RETRY_SECONDS = 300;

/** `podpose up`: makes podman have what the files say. */
export const up: Verb = async (session) => {
  const { platform, values } = session;
  const timeout = duration(values, 'timeout');
  if (!timeout.ok) {
    session.report(timeout.error);
    return EXIT.usage;
  }
  if (flag(values, 'dry-run')) return showPlan(session);
  const control = stopControl(platform, timeout.value);
  const lock = projectLock(session, 'up', control);
  try {
    const carryOutOptions: CarryOutOptions = {
      control,
      retryUntil: platform.clock.now() + (timeout.value ?? RETRY_SECONDS) * 1000,
    };
    const first = await unlessStopped(prepare(askingSession(session, control.stop), lock), control.stop);
    if (first === undefined) return stoppedBeforePlan(session, control);
    if (typeof first === 'number') return first;
    const prepared = first.options.pull === 'always' ? await pullAll(session, first, carryOutOptions) : first;
    if (typeof prepared === 'number') return prepared;
    const refusal = await confirmRemovals(session, prepared.plan, control);
    if (refusal !== undefined) return refusal;
    const portsInUse = await checkPorts(platform, prepared);
    if (portsInUse.length > 0) {
      session.report(portsInUse, prepared.loaded.sources);
      return EXIT.failed;
    }
    const begun = platform.today();
    const exitCode = await carryOut(
      session,
      prepared.plan,
      carryOutOptions,
      prepared.loaded.keeper,
      async () => {
        const again = await prepareAgain(askingSession(session, control.stop), prepared);
        return typeof again === 'number' ? again : again.plan;
      },
    );
    if (exitCode === EXIT.done) tellPorts(session, prepared);
    // While this one follows the logs, another may change what it follows.
    lock.release();
    return exitCode === EXIT.done ? await afterUp(session, prepared, control, begun) : exitCode;
  } finally {
    lock.release();
    control.release();
  }
};

/** Pulls every image before anything is decided: what an image is by then decides what has to be replaced. */
async function pullAll(
  session: Session,
  prepared: Prepared,
  options: CarryOutOptions,
): Promise<Prepared | ExitCode> {
  const pulls = planPulls(prepared.project, prepared.loaded.pods, prepared.observed.images);
  if (pulls.steps.length > 0) {
    const exitCode = await carryOut(session, pulls, options, prepared.loaded.keeper);
    if (exitCode !== EXIT.done) return exitCode;
  }
  return prepareAgain(askingSession(session, options.control.stop), prepared);
}

/** `--dry-run`: the plan, and nothing else. From here no command can be reached that changes anything. */
const showPlan = readOnly(async (session) => {
  const prepared = await prepare(session);
  if (typeof prepared === 'number') return prepared;
  await warnOfPorts(session, prepared);
  session.platform.stdout.write(renderPlanText(prepared.plan, heading(prepared), session.paintOut));
  return EXIT.done;
});
