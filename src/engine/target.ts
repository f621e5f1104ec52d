import { join } from 'node:path';
import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { KnownState } from '../plan/needs.ts';
import { observedName } from '../podman/inspect/object-name.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';
import { defaultFile, fileMissing, type ManifestInputs } from './manifest-files.ts';
import { podReferences, resolveReference, type KnownPods, type PodReference } from './pod-reference.ts';
import { cronJobsNamed, missingWorkload, withoutWorkloads } from './workload-reference.ts';
import { projectName } from './project.ts';

/** What a command acts on. */
export interface Target {
  readonly project: string;
  /** podman's names of the only pods of the project. Absent: all. */
  readonly pods?: readonly string[];
  /** The CronJobs whose schedules are meant, beside the pods of their Jobs: `cronjob/staging_report` */
  readonly cronJobs?: readonly string[];
  /** The namespace that is selected whole, with its Services. */
  readonly namespace?: string;
  /** Only these containers, by pod. A pod without an entry is selected whole. */
  readonly containers?: ReadonlyMap<string, readonly string[]>;
}

/** Files, pods and containers named on the command line. */
export interface TargetOptions {
  readonly project?: string | undefined;
  /** Named as files: `-f`. */
  readonly files: readonly string[];
  /** Directories of kustomizations: `-k`. */
  readonly kustomizations?: readonly string[];
  /** Files, directories, `POD`, `pod/POD`, `POD/CONTAINER`, `deploy/NAME`, or `pod/POD container/NAME` as plans print it. */
  readonly operands: readonly string[];
  /** Only pods of this namespace. */
  readonly namespace?: string | undefined;
  /** Only containers that are not init containers can be named. */
  readonly withoutInit?: true;
  /** A CronJob is its schedule, too: it needs no pods. */
  readonly withCronJobs?: true;
}

type TargetPlatform = Pick<EnginePlatform, 'env' | 'cwd' | 'files'>;

/**
 * Resolves the project, pods and containers that a command acts on. Files and directories select their project, with all
 * its pods unless some are named, too. A pod selects the project it belongs to, according to its labels.
 */
export function findTarget(
  platform: TargetPlatform,
  options: TargetOptions,
  known: Pick<KnownState, 'pods' | 'containers'>,
): Result<Target> {
  return findProject(platform, options) ?? findPods(platform, options, known);
}

/** The target if no pod and no namespace is named, which needs no query. Undefined otherwise. */
export function findProject(platform: TargetPlatform, options: TargetOptions): Result<Target> | undefined {
  const target = findWholeProject(platform, options);
  return options.namespace === undefined || target?.ok !== true ? target : undefined;
}

function findWholeProject(platform: TargetPlatform, options: TargetOptions): Result<Target> | undefined {
  const files = namedPaths(platform, options);
  const missing = files.filter(
    (file) => file !== '-' && platform.files.typeOf(pathOf(platform, file)) === 'absent',
  );
  if (missing.length > 0) return failure(missing.map(fileMissing));
  const inferred = projectName(platform, options.project, files[0] ?? defaultFile(platform)[0]);
  if (!inferred.ok) return inferred;
  return namedPods(platform, options).length === 0 ? success({ project: inferred.value }) : undefined;
}

/** Whether a target includes a container of one of its pods. */
export function selectsContainer({ containers }: Target, pod: string, container: string): boolean {
  return containers?.get(pod)?.includes(container) ?? true;
}

function findPods(
  platform: TargetPlatform,
  options: TargetOptions,
  known: Pick<KnownState, 'pods' | 'containers'>,
): Result<Target> {
  const { namespace } = options;
  const whole = namespace === undefined ? undefined : findWholeProject(platform, options);
  if (namespace !== undefined && whole?.ok === true)
    return success({ ...whole.value, namespace, pods: podsIn(namespace, whole.value.project, known) });
  const [file] = namedPaths(platform, options);
  const ofFile = file === undefined ? undefined : projectName(platform, options.project, file);
  if (ofFile?.ok === false) return ofFile;
  const { withoutInit = false, withCronJobs = false } = options;
  return findNamedPods(namedPods(platform, options), ofFile?.value ?? options.project, known, {
    withoutInit,
    withCronJobs,
    ...defined({ file, namespace }),
  });
}

function podsIn(namespace: string, project: string, { pods }: Pick<KnownState, 'pods'>): readonly string[] {
  return pods
    .filter((pod) => pod.owner?.project === project && observedName(pod).namespace === namespace)
    .map(({ name }) => name);
}

interface NamedPodsOptions {
  readonly withoutInit?: boolean;
  readonly withCronJobs?: boolean;
  /** The file that selects the project. */
  readonly file?: string;
  /** Only pods of this namespace. */
  readonly namespace?: string | undefined;
}

/** Resolves operands that can only be pods and containers. The pods belong to the project, if it is given. */
export function findNamedPods(
  operands: readonly string[],
  project: string | undefined,
  known: Pick<KnownState, 'pods' | 'containers'>,
  { withoutInit = false, withCronJobs = false, file, namespace }: NamedPodsOptions = {},
): Result<Target> {
  const isIn = (pod: KnownPods['pods'][number]) =>
    namespace === undefined || observedName(pod).namespace === namespace;
  const owned: KnownPods = {
    ...known,
    pods: known.pods.filter((pod) => pod.owner !== undefined && isIn(pod)),
  };
  const schedules = withCronJobs
    ? operands.flatMap((operand) => cronJobsNamed(operand, owned, { project, namespace }))
    : [];
  const withSchedule = new Set(schedules.map(({ operand }) => operand));
  const missing = operands.flatMap((operand) =>
    withSchedule.has(operand) ? [] : missingWorkload(operand, owned),
  );
  if (missing.length > 0) return failure(missing);
  const resolved = podReferences(withoutWorkloads(operands, owned)).map((reference) =>
    resolveReference(reference, owned, withoutInit),
  );
  const errors = resolved.flatMap((result) => (result.ok ? [] : [result.error]));
  if (errors.length > 0) return failure(errors);
  const references = resolved.flatMap((result) => (result.ok ? [result.value] : []));
  const pods = [...new Set(references.map(({ pod }) => pod))];
  const named = owned.pods.filter(({ name }) => pods.includes(name));
  const foreign = named.filter(({ owner }) => project !== undefined && owner?.project !== project);
  if (foreign.length > 0)
    return failure(foreign.map(({ name, owner }) => otherProject(name, owner?.project, project, file)));
  const projects = [
    ...named.map(({ owner }) => owner?.project ?? ''),
    ...schedules.map((one) => one.project),
  ];
  const wrong = projectError([...new Set(projects)].sort());
  if (wrong !== undefined) return failure([wrong]);
  const containers = containersOf(references);
  return success({
    project: projects[0] ?? '',
    pods,
    ...(schedules.length === 0 ? {} : { cronJobs: schedules.map(({ owner }) => owner) }),
    ...(containers.size === 0 ? {} : { containers }),
  });
}

/** The containers of the pods that are named by their containers only. */
function containersOf(references: readonly PodReference[]): ReadonlyMap<string, readonly string[]> {
  const whole = new Set(references.flatMap(({ pod, container }) => (container === undefined ? [pod] : [])));
  const selected = new Map<string, readonly string[]>();
  for (const { pod, container } of references)
    if (container !== undefined && !whole.has(pod))
      selected.set(pod, [...(selected.get(pod) ?? []), container]);
  return selected;
}

function otherProject(pod: string, actual = '', project = '', file?: string): Diagnostic {
  const [wanted, omit] =
    file === undefined ? [`'${project}'`, '-p'] : [`'${project}', the project of ${file}`, file];
  return usageError(
    'other-project',
    `pod/${pod} belongs to project '${actual}', not to ${wanted}`,
    `Omit ${omit}, or use: -p ${actual}`,
  );
}

function projectError(projects: readonly string[]): Diagnostic | undefined {
  if (projects.length > 1)
    return usageError(
      'two-projects',
      `these pods belong to different projects: ${projects.join(', ')}`,
      'Name pods of one project at a time.',
    );
  return undefined;
}

function namedPods(platform: TargetPlatform, { operands }: TargetOptions): readonly string[] {
  return operands.filter((operand) => !isPath(platform, operand));
}

/** The paths that select the project. */
function namedPaths(platform: TargetPlatform, options: TargetOptions): readonly string[] {
  return [...(options.kustomizations ?? []), ...namedFiles(platform, options)];
}

function namedFiles(platform: TargetPlatform, { files, operands }: TargetOptions): readonly string[] {
  return [...files, ...operands.filter((operand) => isPath(platform, operand))];
}

/**
 * The manifests of the command line, else the default file. Without standard input. Undefined: no manifest is named, and none
 * has a default name.
 */
export function manifestInputs(platform: TargetPlatform, options: TargetOptions): ManifestInputs | undefined {
  const { kustomizations = [], operands, project } = options;
  const named = namedFiles(platform, options);
  const isGiven = named.length + kustomizations.length + operands.length > 0 || project !== undefined;
  const files = isGiven ? named.filter((name) => name !== '-') : defaultFile(platform);
  return files.length + kustomizations.length === 0 ? undefined : { files, kustomizations };
}

/**
 * Whether an operand is a path: it exists, or has the extension of a manifest, or cannot be `POD/CONTAINER`
 * (`./web`, `a/b/c`). Everything else names a pod or a container.
 */
function isPath({ files, cwd }: TargetPlatform, operand: string): boolean {
  if (operand === '-' || /\.(ya?ml|json)$/.test(operand)) return true;
  if (operand.includes('/') && !REFERENCE.test(operand)) return true;
  return files.typeOf(pathOf({ cwd }, operand)) !== 'absent';
}

const REFERENCE = /^[^/.~][^/]*\/[^/.][^/]*$/;

function pathOf({ cwd }: Pick<TargetPlatform, 'cwd'>, file: string): string {
  return file.startsWith('/') ? file : join(cwd, file);
}
