import { defined } from '../base/defined.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { checkHostFiles } from '../kube/storage/host-files.ts';
import { isRolledOut, type TemplateChanges } from '../kube/workloads/template-changes.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { hostPathsToCreate } from '../kube/storage/host-path.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { namesNeedVolumes, withKeptNames } from '../plan/decide/kept-names.ts';
import { neededFileTexts, textKey } from '../plan/compare/changed-files.ts';
import type { KnownState } from '../plan/needs.ts';
import { ownedBy } from '../plan/decide/ownership.ts';
import { templateChanges, type RevisionRequest } from '../plan/decide/template-changes.ts';
import { placeProxy } from '../plan/decide/proxy-ports.ts';
import type { Plan } from '../plan/plan.ts';
import { planUp, type UpInput, type UpOptions } from '../plan/plan-up.ts';
import { capabilityRefusals, needsCapabilities } from '../plan/refuse/version-gates.ts';
import { serviceName } from '../podman/names.ts';
import { readVolumeTexts } from '../podman/inspect/volume-texts.ts';
import type { LoadedPods } from './check-sources.ts';
import { askCapabilities, type Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { check, type LoadOptions } from './load.ts';
import { readManifestFiles } from './manifest-files.ts';
import { observe, prefetch, type Prefetched } from './observe.ts';
import { lookUpHosts } from './look-up-hosts.ts';
import { checkServiceMachine, tryPorts } from './service-machine.ts';
import type { ProjectLock } from './project-lock.ts';
import { projectName } from './project.ts';

export interface PlanOptions extends LoadOptions, UpOptions {
  /** Another revision of workloads than that of the files. */
  readonly revision?: RevisionRequest;
}

/** A plan with its inputs. */
export interface PlannedProject {
  readonly project: string;
  readonly loaded: LoadedPods;
  readonly observed: KnownState;
  readonly options: UpOptions;
  readonly plan: Plan;
  /** The pods of the plan: those of the files, and those of Jobs. */
  readonly pods: readonly SourcedPod[];
}

export interface Planner {
  /** Acquired for the project, if given. */
  readonly lock?: ProjectLock;
  /** Warnings about the plan, to be reported together with those about the files. */
  readonly check?: (planned: PlannedProject) => Promise<readonly Diagnostic[]>;
}

/** Loads manifests, observes podman and plans. */
export async function planProject(
  engine: Engine,
  options: PlanOptions,
  { lock, check: checkPlan }: Planner = {},
): Promise<EngineResult<PlannedProject>> {
  const { platform, podman } = engine;
  const sources = await readManifestFiles(platform, options);
  if (!sources.ok) return failed('usage', sources.error);
  const project = projectName(platform, options.project, sources.value[0]?.file);
  if (!project.ok) return failed('usage', project.error);
  // State observed before the lock is acquired may be stale. Errors in the files are reported without waiting for the
  // lock, and podman's queries run while the files are checked.
  const taken = lock === undefined ? success<'taken'>('taken') : await lock.take(project.value);
  if (!taken.ok) return taken;
  const early = taken.value === 'taken' ? prefetch(podman, sources.value, project.value) : undefined;
  await podman.flush();
  // What podman has answered meanwhile leads to the next query.
  const first = await loadSound(engine, sources.value, options, podman.flush);
  if (!first.ok) return first;
  if (taken.value === 'busy') {
    const waited = await lock?.wait(project.value);
    if (waited?.ok === false) return waited;
  }
  const prefetched = early ?? prefetch(podman, sources.value, project.value);
  const changes = await changedTemplates(first.value.loaded, project.value, options, prefetched);
  if (!changes.ok) return changes;
  const templates = changes.value;
  const sound =
    templates.size === 0 ? first : await loadSound(engine, sources.value, { ...options, templates });
  if (!sound.ok) return sound;
  const { loaded, hostFileFindings } = sound.value;
  const input = { project: project.value, loaded: onlyOf(loaded, options), options };
  const planned = await planLoaded(engine, input, prefetched);
  if (!planned.ok) return planned;
  const diagnostics = [
    ...loaded.diagnostics,
    ...hostFileFindings,
    ...planned.value.plan.warnings,
    ...((await checkPlan?.(planned.value)) ?? []),
  ];
  engine.host.emit({ kind: 'diagnostics', diagnostics, sources: loaded.sources });
  return planned;
}

interface SoundProject {
  readonly loaded: LoadedPods;
  readonly hostFileFindings: readonly Diagnostic[];
}

/** Loads manifests. Fails if they have errors, or need what this machine or podman does not have. */
async function loadSound(
  engine: Engine,
  sources: readonly ManifestSource[],
  options: PlanOptions,
  onRead?: () => Promise<void>,
): Promise<EngineResult<SoundProject>> {
  const { platform } = engine;
  const loaded = await check(engine, sources, { ...options, judged: 'run' }, onRead);
  if (!loaded.isSound) return failed('usage', loaded.diagnostics, loaded.sources);
  const hostFileFindings = checkHostFiles([...loaded.pods, ...templatesOf(loaded)], platform.files);
  if (hostFileFindings.some(isError))
    return failed('usage', [...loaded.diagnostics, ...hostFileFindings], loaded.sources);
  const tooNew = await versionRefusals(engine, loaded);
  if (!tooNew.ok) return tooNew;
  if (tooNew.value.length > 0)
    return failed('failed', [...loaded.diagnostics, ...tooNew.value], loaded.sources);
  const noServices = checkServiceMachine(platform, options.watcher, loaded.services);
  if (noServices.length > 0) return failed('failed', [...loaded.diagnostics, ...noServices], loaded.sources);
  return success({ loaded, hostFileFindings });
}

/** The templates that differ from those in the files. */
async function changedTemplates(
  { documents }: LoadedPods,
  project: string,
  { revision, replicas }: PlanOptions,
  { containersAndPods }: Prefetched,
): Promise<EngineResult<TemplateChanges>> {
  if (!documents.some(isRolledOut) && revision === undefined) return success(new Map());
  const listed = await containersAndPods;
  if (!listed.ok) return failed('failed', listed.error);
  const changes = templateChanges(documents, ownedBy(project, listed.value), {
    revision,
    scaled: new Set(replicas?.keys()),
  });
  return changes.ok ? changes : failed('usage', changes.error);
}

/** Without the pods that are to stay as they are, whatever the files say of them. */
function onlyOf(loaded: LoadedPods, { only }: PlanOptions): LoadedPods {
  if (only === undefined) return loaded;
  return { ...loaded, pods: loaded.pods.filter(({ pod }) => only.has(pod.owner ?? '')) };
}

/**
 * Observes and plans again: after images were pulled (names may refer to other images now), or after a conflict with
 * another change.
 * @param addressless podman's names of pods of Services whose address is in use
 */
export function planAgain(
  engine: Engine,
  planned: PlannedProject,
  addressless?: ReadonlySet<string>,
): Promise<EngineResult<PlannedProject>> {
  const { project, loaded, observed } = planned;
  const options: UpOptions = { ...planned.options, pull: 'missing' };
  const { limiting } = observed;
  const known = defined({ limiting, addressless });
  return planLoaded(engine, { project, loaded, options }, prefetch(engine.podman, [], project), known);
}

/**
 * Observes podman and plans, for manifests that are loaded. Answers the needs of the planner until it returns a plan or
 * refuses.
 */
export async function planLoaded(
  engine: Engine,
  { project, loaded: given, options }: Pick<PlannedProject, 'project' | 'loaded' | 'options'>,
  prefetched: Prefetched = prefetch(engine.podman, [], project),
  knownBefore: Partial<KnownState> = {},
): Promise<EngineResult<PlannedProject>> {
  const listed = await prefetched.containersAndPods;
  if (!listed.ok) return failed('failed', listed.error);
  let observed: KnownState = { ...knownBefore, ...listed.value };
  if (namesNeedVolumes(given)) {
    const found = await observe(engine, new Set(['volumes']), [], prefetched);
    if (!found.ok) return failed('failed', found.error);
    observed = { ...observed, ...found.value };
  }
  const { set: loaded, notes } = withKeptNames(given, project, observed);
  const { workloads, services } = loaded;
  const { jobs = [], cronJobs = [] } = loaded;
  const desired = [...loaded.pods, ...templatesOf(loaded)].map(({ pod }) => pod);
  const hostPaths = hostPathsOf(loaded, engine);
  for (;;) {
    const placed = placeProxy(project, loaded.pods, services, observed);
    if (placed.kind === 'try') {
      observed = {
        ...observed,
        freePorts: await tryPorts(engine.platform, [placed.port], observed.freePorts),
      };
      continue;
    }
    const { pods } = placed;
    const planning = planUp({
      ...{ project, pods, workloads, services, jobs, cronJobs, observed, options, hostPaths },
    });
    switch (planning.kind) {
      case 'plan': {
        const { plan } = planning;
        const warnings = [...notes, ...placed.warnings, ...plan.warnings];
        return success({
          ...{ project, loaded: { ...loaded, pods }, observed, options },
          plan: { ...plan, warnings },
          pods: planning.pods,
        });
      }
      case 'needs': {
        const found = await observe(engine, planning.needs, desired, prefetched);
        if (!found.ok) return failed('failed', found.error);
        const freePorts = await tryPorts(engine.platform, planning.ports ?? [], observed.freePorts);
        const hostAddresses = await lookUpHosts(
          engine.platform,
          planning.hosts ?? [],
          observed.hostAddresses,
        );
        observed = { ...observed, ...found.value, freePorts, hostAddresses };
        break;
      }
      case 'refused': {
        // An unsupported podman is the better explanation: its output may be misread.
        const version = await engine.version();
        if (!version.ok) return failed('failed', version.error);
        return failed('failed', [...loaded.diagnostics, ...planning.diagnostics], loaded.sources);
      }
    }
  }
}

/** podman's names of the pods whose host ports and address podpose has chosen. */
export function placedPods({ pods, loaded: { services } }: PlannedProject): ReadonlySet<string> {
  return new Set([
    ...pods.filter(({ isProxy }) => isProxy === true).map(({ pod }) => pod.name),
    ...services.map(({ service }) => serviceName(service)),
  ]);
}

/**
 * Texts of the files that change, by `textKey`. They are read from the volumes: labels only have digests.
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

/** The templates of the pods of Jobs and CronJobs. */
export function templatesOf({ jobs = [], cronJobs = [] }: LoadedPods): readonly SourcedPod[] {
  return [...jobs, ...cronJobs].map(({ template }) => template);
}

/** By pod name; for the pods of a Job, by the Job. */
function hostPathsOf(loaded: LoadedPods, { platform: { files } }: Engine): UpInput['hostPaths'] {
  return new Map([
    ...loaded.pods.map(({ pod }) => [pod.name, hostPathsToCreate(pod, files)] as const),
    ...templatesOf(loaded).map(({ pod }) => [pod.owner ?? '', hostPathsToCreate(pod, files)] as const),
  ]);
}

/** Fields that this podman is too old for. Queries the version only if it matters. */
async function versionRefusals(
  engine: Engine,
  loaded: LoadedPods,
): Promise<EngineResult<readonly Diagnostic[]>> {
  const pods = [...loaded.pods, ...templatesOf(loaded)];
  if (!needsCapabilities(pods)) return success([]);
  const capabilities = await askCapabilities(engine);
  return capabilities.ok ? success(capabilityRefusals(pods, capabilities.value)) : capabilities;
}
