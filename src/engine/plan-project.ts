import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { checkHostFiles } from '../kube/storage/host-files.ts';
import { hostPathsToCreate } from '../kube/storage/host-path.ts';
import { neededFileTexts, textKey } from '../plan/compare/changed-files.ts';
import type { KnownState } from '../plan/needs.ts';
import type { Plan } from '../plan/plan.ts';
import { planUp, type UpOptions } from '../plan/plan-up.ts';
import { capabilityRefusals, needsCapabilities } from '../plan/refuse/version-gates.ts';
import { readVolumeTexts } from '../podman/inspect/volume-texts.ts';
import type { LoadedPods } from './check-sources.ts';
import { askCapabilities, type Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { check, type LoadOptions } from './load.ts';
import { readManifestFiles } from './manifest-files.ts';
import { observe, prefetch, type Prefetched } from './observe.ts';
import type { ProjectLock } from './project-lock.ts';
import { projectName } from './project.ts';

export interface PlanOptions extends LoadOptions, UpOptions {}

/** Everything that is known before anything is changed. */
export interface PlannedProject {
  readonly project: string;
  readonly loaded: LoadedPods;
  readonly observed: KnownState;
  readonly options: UpOptions;
  readonly plan: Plan;
}

/**
 * Reads and checks manifests, observes podman and plans.
 * @param lock is taken for the project, if it is given
 */
export async function planProject(
  engine: Engine,
  options: PlanOptions,
  lock?: ProjectLock,
): Promise<EngineResult<PlannedProject>> {
  const { platform, podman } = engine;
  const sources = await readManifestFiles(platform, options.files);
  if (!sources.ok) return failed('usage', sources.error);
  const project = projectName(platform, options.project, sources.value[0]?.file);
  if (!project.ok) return failed('usage', project.error);
  // What is observed before the lock is taken may not be true any more when it is. Mistakes in the files are reported
  // without waiting for that, and podman takes its time to answer, in which the files are checked.
  const taken = lock === undefined ? success<'taken'>('taken') : await lock.take(project.value);
  if (!taken.ok) return taken;
  const early = taken.value === 'taken' ? prefetch(podman, sources.value) : undefined;
  const loaded = await check(engine, sources.value, options);
  if (!loaded.isSound) return failed('usage', loaded.diagnostics, loaded.sources);
  const hostFileFindings = checkHostFiles(loaded.pods, platform.files);
  if (hostFileFindings.some(isError))
    return failed('usage', [...loaded.diagnostics, ...hostFileFindings], loaded.sources);
  const tooNew = await whatIsTooNew(engine, loaded);
  if (!tooNew.ok) return tooNew;
  if (tooNew.value.length > 0)
    return failed('failed', [...loaded.diagnostics, ...tooNew.value], loaded.sources);
  if (taken.value === 'busy') {
    const waited = await lock?.wait(project.value);
    if (waited?.ok === false) return waited;
  }
  const planned = await planFrom(engine, early ?? prefetch(podman, sources.value), {
    project: project.value,
    loaded,
    options,
  });
  if (!planned.ok) return planned;
  const diagnostics = [...loaded.diagnostics, ...hostFileFindings, ...planned.value.plan.warnings];
  engine.host.emit({ kind: 'diagnostics', diagnostics, sources: loaded.sources });
  return planned;
}

/**
 * Observes and plans once more: after images have been pulled, whose names may mean other images now, or where
 * something else has changed the same things meanwhile.
 */
export function planAgain(engine: Engine, planned: PlannedProject): Promise<EngineResult<PlannedProject>> {
  const { project, loaded, observed } = planned;
  const options: UpOptions = { ...planned.options, pull: 'missing' };
  const { limiting } = observed;
  const known = limiting === undefined ? {} : { limiting };
  return planFrom(engine, prefetch(engine.podman, []), { project, loaded, options }, known);
}

/** Asks podman for what the planner needs, until it has a plan or a reason why there is none. */
async function planFrom(
  engine: Engine,
  prefetched: Prefetched,
  { project, loaded, options }: Pick<PlannedProject, 'project' | 'loaded' | 'options'>,
  knownBefore: Partial<KnownState> = {},
): Promise<EngineResult<PlannedProject>> {
  const { pods } = loaded;
  const desired = pods.map(({ pod }) => pod);
  const hostPaths = new Map(desired.map((pod) => [pod.name, hostPathsToCreate(pod, engine.platform.files)]));
  const listed = await prefetched.containersAndPods;
  if (!listed.ok) return failed('failed', listed.error);
  let observed: KnownState = { ...knownBefore, ...listed.value };
  for (;;) {
    const planning = planUp({ project, pods, observed, options, hostPaths });
    switch (planning.kind) {
      case 'plan':
        return success({ project, loaded, observed, options, plan: planning.plan });
      case 'needs': {
        const found = await observe(engine, planning.needs, desired, prefetched);
        if (!found.ok) return failed('failed', found.error);
        observed = { ...observed, ...found.value };
        break;
      }
      case 'refused': {
        // What a podman that is too old says of its images and pods is no reason for anything.
        const version = await engine.version();
        if (!version.ok) return failed('failed', version.error);
        return failed('failed', [...loaded.diagnostics, ...planning.diagnostics], loaded.sources);
      }
    }
  }
}

/**
 * The texts of the files that change, as `textKey` names them: podman's labels have digests of them, and so they are read
 * from their volumes.
 */
export async function readChangedFiles(
  { podman }: Pick<Engine, 'podman'>,
  plan: Plan,
): Promise<ReadonlyMap<string, string>> {
  const files = neededFileTexts(plan);
  if (files.length === 0) return new Map();
  const found = await readVolumeTexts(podman, files);
  return new Map(
    files.flatMap((file, index) => {
      const text = found[index];
      return text === undefined ? [] : [[textKey(file), text] as const];
    }),
  );
}

/** What this podman is too old for: it is asked for its version only where that matters. */
async function whatIsTooNew(
  engine: Engine,
  { pods }: LoadedPods,
): Promise<EngineResult<readonly Diagnostic[]>> {
  if (!needsCapabilities(pods)) return success([]);
  const capabilities = await askCapabilities(engine);
  return capabilities.ok ? success(capabilityRefusals(pods, capabilities.value)) : capabilities;
}
