import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { neededFileTexts, textKey } from '../plan/compare/changed-files.ts';
import type { Plan } from '../plan/plan.ts';
import { setsLimits } from '../plan/decide/limits.ts';
import { planUp, type UpOptions } from '../plan/plan-up.ts';
import { checkHostFiles } from '../kube/storage/host-files.ts';
import { hostPathsToCreate } from '../kube/storage/host-path.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { readVolumeTexts } from '../podman/inspect/volume-texts.ts';
import { capabilityRefusals, needsCapabilities } from '../plan/refuse/version-gates.ts';
import { askCapabilities } from './ask-capabilities.ts';
import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import { success, type Result } from '../base/result.ts';
import { glance, lookAround, lookCloser, lookFurther } from './observe.ts';
import { findSources } from './manifest-files.ts';
import type { LoadedPods } from './check-sources.ts';
import { choice, ipAddress } from '../cli/parse/option-values.ts';
import type { ProjectLock } from './project-lock.ts';
import { projectName } from './project.ts';
import { flag, text, type Session } from '../cli/session.ts';

/** Everything that `plan` and `up` know before anything is touched. */
export interface Prepared {
  readonly project: string;
  readonly loaded: LoadedPods;
  readonly observed: ObservedState;
  readonly options: UpOptions;
  readonly plan: Plan;
}

/**
 * Reads, checks, looks at podman and plans. Gives an exit code instead, and has said why, where there is
 * something in the way.
 */
export async function prepare(session: Session, lock?: ProjectLock): Promise<Prepared | ExitCode> {
  const { platform, values } = session;
  const options = upOptions(session);
  if (typeof options === 'number') return options;
  const sources = await findSources(session);
  if (!sources.ok) return refuse(session, sources.error, EXIT.usage);
  const project = projectName(platform, text(values, 'project'), sources.value[0]?.file);
  if (!project.ok) return refuse(session, project.error, EXIT.usage);
  // What is seen before the project is ours alone may not be true any more when it is. Mistakes in the files
  // are told without waiting for that, and podman takes its time to answer, in which the files are checked.
  const taken = lock === undefined ? 'taken' : await lock.take(project.value);
  if (typeof taken === 'number') return taken;
  const early = taken === 'taken' ? glance(session, sources.value) : undefined;
  const { checkSources } = await import('../cli/late.ts');
  const loaded = checkSources(session, sources.value);
  if (!loaded.isSound) return refuse(session, loaded.diagnostics, EXIT.usage, loaded);
  const hostFileErrors = checkHostFiles(loaded.pods, platform.files);
  if (hostFileErrors.some(isError))
    return refuse(session, [...loaded.diagnostics, ...hostFileErrors], EXIT.usage, loaded);

  const tooNew = await whatIsTooNew(session, loaded);
  if (typeof tooNew === 'number') return tooNew;
  if (tooNew.length > 0) return refuse(session, [...loaded.diagnostics, ...tooNew], EXIT.failed, loaded);
  const waited = taken === 'busy' ? await lock?.wait(project.value) : taken;
  if (typeof waited === 'number') return waited;
  const ahead = lock === undefined ? undefined : session.version;
  const seen = await lookAround(session, loaded, early, ahead);
  const first = seen.ok ? await lookCloser(session, loaded, seen.value) : seen;
  if (!first.ok) return refuse(session, first.error, EXIT.failed);
  // Where nothing has to be done, volumes are of no concern, and one podman command less is run.
  const unchanged = planFor(session, project.value, loaded, { volumes: [], ...first.value }, options);
  const isUnchanged = unchanged.ok && unchanged.value.steps.length === 0;
  const further: Result<ObservedState> = isUnchanged
    ? success({ volumes: [], ...first.value })
    : await lookFurther(session, loaded, first.value, unchanged.ok && setsLimits(unchanged.value), ahead);
  if (!further.ok) return refuse(session, further.error, EXIT.failed);
  const observed = further.value;
  const plan = isUnchanged ? unchanged : planFor(session, project.value, loaded, observed, options);
  if (!plan.ok) {
    // What a podman that is too old says of its images and pods is no reason for anything.
    const version = await session.version();
    if (!version.ok) return refuse(session, version.error, EXIT.failed);
  }
  if (!plan.ok) return refuse(session, [...loaded.diagnostics, ...plan.error], EXIT.failed, loaded);
  session.report([...loaded.diagnostics, ...hostFileErrors, ...plan.value.warnings], loaded.sources);
  return { project: project.value, loaded, observed, options, plan: plan.value };
}

/**
 * Looks and plans once more: after images have been pulled, whose names may mean other images now, or where
 * something else has been at work meanwhile.
 */
export async function prepareAgain(session: Session, prepared: Prepared): Promise<Prepared | ExitCode> {
  const { project, loaded } = prepared;
  const seen = await lookAround(session, loaded);
  const whole = seen.ok ? await lookFurther(session, loaded, seen.value, false) : seen;
  if (!whole.ok) return refuse(session, whole.error, EXIT.failed);
  const closer = await lookCloser(session, loaded, whole.value);
  if (!closer.ok) return refuse(session, closer.error, EXIT.failed);
  const { limiting } = prepared.observed;
  const observed: ObservedState = { ...closer.value, ...(limiting === undefined ? {} : { limiting }) };
  const options: UpOptions = { ...prepared.options, pull: 'missing' };
  const plan = planFor(session, project, loaded, observed, options);
  if (!plan.ok) return refuse(session, plan.error, EXIT.failed, loaded);
  return { project, loaded, observed, options, plan: plan.value };
}

/** The same with the texts of the files that change, which are read from their volumes: podman's labels have digests of them. */
export async function withTexts(session: Session, prepared: Prepared): Promise<Prepared> {
  const files = neededFileTexts(prepared.plan);
  if (files.length === 0) return prepared;
  const found = await readVolumeTexts(session.run, session.podman, files);
  const texts = new Map(
    files.flatMap((file, index) => {
      const text = found[index];
      return text === undefined ? [] : [[textKey(file), text] as const];
    }),
  );
  const { withFileTexts } = await import('../view/plan/file-texts.ts');
  const pods = prepared.loaded.pods.map(({ pod }) => pod);
  return { ...prepared, plan: withFileTexts(prepared.plan, pods, texts) };
}

/** What this podman is too old for: it is asked for its version only where that matters. */
async function whatIsTooNew(
  session: Session,
  { pods }: LoadedPods,
): Promise<readonly Diagnostic[] | ExitCode> {
  if (!needsCapabilities(pods)) return [];
  const capabilities = await askCapabilities(session);
  return typeof capabilities === 'number' ? capabilities : capabilityRefusals(pods, capabilities);
}

function planFor(
  { platform }: Session,
  project: string,
  { pods }: LoadedPods,
  observed: ObservedState,
  options: UpOptions,
): Result<Plan> {
  const hostPaths = new Map(pods.map(({ pod }) => [pod.name, hostPathsToCreate(pod, platform.files)]));
  return planUp({ project, pods, observed, options, hostPaths });
}

function upOptions(session: Session): UpOptions | ExitCode {
  const { values } = session;
  const pull = choice(values, 'pull', ['always', 'missing', 'never']);
  if (!pull.ok) return refuse(session, pull.error, EXIT.usage);
  const hostIP = ipAddress(values, 'host-ip');
  if (!hostIP.ok) return refuse(session, hostIP.error, EXIT.usage);
  const infraImage = text(values, 'infra-image');
  return {
    ...(pull.value === undefined ? {} : { pull: pull.value }),
    forceRecreate: flag(values, 'force-recreate'),
    removeOrphans: flag(values, 'remove-orphans'),
    adopt: flag(values, 'adopt'),
    ...(infraImage === undefined ? {} : { infraImage }),
  };
}

function refuse(
  session: Session,
  diagnostics: readonly Diagnostic[],
  exitCode: ExitCode,
  loaded?: LoadedPods,
): ExitCode {
  session.report(diagnostics, loaded?.sources);
  return exitCode;
}

/** What stands above a printed plan: the files, as the user named them. */
export function heading({ loaded }: Prepared): string {
  return loaded.sources.map(({ file }) => (file === '-' ? 'standard input' : file)).join(', ');
}
