import type { Diagnostic } from '../../base/diagnostic.ts';
import { claimVolumesOf, planDown, type DownInput } from '../../plan/plan-down.ts';
import { observe, observePods, observeSecrets } from '../../podman/inspect/observe.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { carryOut, doNothing, NO_SECRETS } from '../../engine/apply-plan.ts';
import { confirmDataLoss } from '../confirm.ts';
import { wholeNumber } from '../parse/option-values.ts';
import { projectLock, type ProjectLock } from '../../engine/project-lock.ts';
import { askingSession, stoppedBeforePlan, unlessStopped } from '../questions.ts';
import { flag, type Session, type Verb } from '../session.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { findProject, findTarget } from '../../engine/target.ts';

/** `podpose down`: stops and removes what the project owns. Volumes that hold data stay. */
export const down: Verb = async (session) => {
  const { platform, values } = session;
  const graceSeconds = wholeNumber(values, 'time');
  if (!graceSeconds.ok) {
    session.report(graceSeconds.error);
    return EXIT.usage;
  }
  const control = stopControl(platform);
  const lock = projectLock(session, 'down', control);
  try {
    const found = await unlessStopped(find(askingSession(session, control.stop), lock), control.stop);
    if (found === undefined) return stoppedBeforePlan(session, control);
    if (typeof found === 'number') return found;
    const planFor = (input: DownInput) =>
      planDown({
        ...input,
        ...(graceSeconds.value === undefined ? {} : { graceSeconds: graceSeconds.value }),
        volumes: flag(values, 'volumes'),
      });
    const plan = planFor(found);
    const kept = flag(values, 'volumes') ? '' : keptVolumes(found);
    if (plan.steps.length === 0) {
      const other = kept === '' ? '' : ' but volumes';
      return doNothing(
        session,
        plan,
        `Nothing to take down: there is nothing of the project '${plan.project}'${other}.\n${kept}`,
      );
    }
    const refusal = await confirmDataLoss(session, plan, control);
    if (refusal !== undefined) return refusal;
    const options = { control, retryUntil: 0 };
    const exitCode = await carryOut(session, plan, options, NO_SECRETS, async () => {
      const observed = await look(askingSession(session, control.stop));
      return typeof observed === 'number' ? observed : planFor({ ...found, observed });
    });
    if (exitCode === EXIT.done && kept !== '') session.say(kept);
    return exitCode;
  } finally {
    lock.release();
    control.release();
  }
};

/** What is said of the volumes that stay; an empty text where there are none. */
function keptVolumes(found: DownInput): string {
  const names = claimVolumesOf(found).map(({ name }) => name);
  if (names.length === 0) return '';
  const are = names.length === 1 ? 'is kept with its' : 'are kept with their';
  return `${listed(names)} ${are} data. podpose -p ${found.project} down --volumes removes ${names.length === 1 ? 'it' : 'them'}.\n`;
}

function listed(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `volume/${name}`)
    .join(', ');
}

/** Finds out what is to be taken down, and looks at it once nobody else changes it. */
async function find(session: Session, lock: ProjectLock): Promise<DownInput | ExitCode> {
  const { run, podman } = session;
  let target = findProject(session);
  if (target === undefined) {
    // The project that pods belong to is known by their labels only.
    const glance = await observePods(run, podman);
    if (!glance.ok) return refuse(session, glance.error, EXIT.failed);
    target = findTarget(session, glance.value);
  }
  if (!target.ok) return refuse(session, target.error, EXIT.usage);
  const waited = await lock.wait(target.value.project);
  if (typeof waited === 'number') return waited;
  const observed = await look(session);
  if (typeof observed === 'number') return observed;
  const found = findTarget(session, observed);
  return found.ok ? { ...found.value, observed } : refuse(session, found.error, EXIT.usage);
}

async function look({ run, podman, report }: Session): Promise<ObservedState | ExitCode> {
  const [observed, secrets] = await Promise.all([observe(run, podman), observeSecrets(run, podman)]);
  if (observed.ok && secrets.ok) return { ...observed.value, secrets: secrets.value };
  // One cause is reported once.
  report(observed.ok ? (secrets.ok ? [] : secrets.error) : observed.error);
  return EXIT.failed;
}

function refuse(session: Session, diagnostics: readonly Diagnostic[], exitCode: ExitCode): ExitCode {
  session.report(diagnostics);
  return exitCode;
}
