import { DEFAULT_HOST_IP } from '../kube/spec/defaults.ts';
import { ruleOf } from '../base/diagnostic-code.ts';
import { defined } from '../base/defined.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { suggest } from '../base/suggest.ts';
import { secretKeeper, type SecretKeeper } from '../kube/config/secret-keeper.ts';
import { desiredPods } from '../kube/desired-pods.ts';
import { qualifiedNameOf } from '../kube/spec/qualified-name.ts';
import { ownerOf } from '../kube/workloads/owner.ts';
import { isScalable, withReplicas } from '../kube/workloads/scale.ts';
import { pausedNotes, withTemplates, type TemplateChanges } from '../kube/workloads/template-changes.ts';
import type { Workload } from '../kube/workloads/workload.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { SourcedJobs } from '../kube/jobs/sourced-jobs.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { inNamespace } from '../kube/object-namespaces.ts';
import { readManifests, type ManifestSet, type ManifestSource } from '../manifest/read-manifests.ts';
import { foldTemplateErrors } from '../manifest/template.ts';
import type { EnginePlatform } from './engine.ts';
import { projectName } from './project.ts';

export { readManifests } from '../manifest/read-manifests.ts';

export type Target = 'local' | 'kubernetes';

export interface LoadSettings {
  /** Project name. Default: name of the directory of the first file. */
  readonly project?: string | undefined;
  /**
   * Whose verdict: `local` whether podpose runs the pods, `kubernetes` whether an API server accepts the objects; the rules
   * of podpose are notes then. Default: local.
   */
  readonly target?: Target | undefined;
  /**
   * The mistakes that are errors: `all`, or `run`: those in what podpose runs; a mistake in an ignored object or field is a
   * warning then. Default: all.
   */
  readonly judged?: 'all' | 'run';
  /** The namespace of objects without one; another one is an error. By default, objects keep their namespaces. */
  readonly namespace?: string | undefined;
  /** Address of a hostPort without hostIP. */
  readonly hostIP?: string | undefined;
  /** Image of the proxy for Ingresses. */
  readonly ingressImage?: string | undefined;
  /** Other numbers of replicas than in the files, by workload: `deploy/web`. */
  readonly replicas?: ReadonlyMap<string, number> | undefined;
  /** Other templates than in the files. */
  readonly templates?: TemplateChanges | undefined;
}

/** Parsed and validated manifests. */
export interface LoadedPods extends Partial<SourcedJobs> {
  readonly sources: readonly ManifestSource[];
  readonly pods: readonly SourcedPod[];
  readonly workloads: readonly Workload[];
  readonly services: readonly SourcedService[];
  /** The objects of all kinds, ignored ones, too. */
  readonly documents: readonly CheckedDocument[];
  /** The number of objects of all kinds. */
  readonly objects: number;
  /** Errors and warnings, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
  readonly isSound: boolean;
  /** Holds the secret values. They are stored nowhere else. */
  readonly keeper: SecretKeeper;
}

/** Parses and validates manifests. `planProject` reports an invalid project name: validation needs none. */
export function checkSources(
  platform: EnginePlatform,
  sources: readonly ManifestSource[],
  settings: LoadSettings,
): LoadedPods {
  return checkRead(platform, sources, readManifests(sources), settings);
}

/** Validates manifests that are parsed. */
export function checkRead(
  platform: EnginePlatform,
  sources: readonly ManifestSource[],
  read: ManifestSet,
  settings: LoadSettings,
): LoadedPods {
  const { namespace, replicas, templates = new Map() } = settings;
  const named = namespace === undefined ? undefined : inNamespace(read.documents, namespace);
  const declared = named?.documents ?? read.documents;
  const scaled = replicas === undefined ? declared : withReplicas(declared, replicas);
  const documents = templates.size === 0 ? scaled : withTemplates(scaled, templates);
  const unknown = replicas === undefined ? [] : unknownScales(declared, replicas);
  const keeper = secretKeeper(platform.machineKey);
  const project = projectName(platform, settings.project, sources[0]?.file);
  const desired = desiredPods(documents, {
    defaultHostIP: settings.hostIP ?? DEFAULT_HOST_IP,
    currentDirectory: platform.cwd,
    home: homeOf(platform),
    keeper,
    project: project.ok ? project.value : '',
    machine: platform.machine,
    ingressImage: settings.ingressImage,
  });
  const all = foldTemplateErrors(
    [
      ...read.diagnostics,
      ...(named?.diagnostics ?? []),
      ...desired.diagnostics,
      ...unknown,
      ...pausedNotes(scaled, templates),
    ],
    sources,
  );
  const found = judge(all, settings);
  const isSound = !found.some(isError);
  const isWithoutPods =
    settings.target !== 'kubernetes' &&
    desired.pods.length + desired.workloads.length + desired.cronJobs.length === 0;
  const diagnostics = isSound && isWithoutPods ? [...found, NO_PODS] : found;
  const { pods, workloads, services, jobs, cronJobs } = desired;
  const objects = documents.length;
  return {
    sources,
    pods,
    workloads,
    services,
    jobs,
    cronJobs,
    documents,
    objects,
    diagnostics,
    isSound,
    keeper,
  };
}

/** The workloads to scale that are not in the files. */
function unknownScales(
  documents: readonly CheckedDocument[],
  replicas: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const owners = new Set(
    documents.filter(isScalable).map(({ kind, value }) => ownerOf(kind, qualifiedNameOf(value.metadata))),
  );
  return [...replicas.keys()]
    .filter((owner) => !owners.has(owner))
    .map((owner) => ({
      code: 'no-such-workload',
      severity: 'error',
      message: `no ${owner} with replicas in the given files`,
      ...defined({ suggestion: suggest(owner, owners) }),
    }));
}

/** Only an absolute path is a home directory. */
function homeOf({ env }: EnginePlatform): string | undefined {
  const { HOME: home } = env;
  return home?.startsWith('/') === true ? home.replace(/\/+$/, '') : undefined;
}

function judge(
  diagnostics: readonly Diagnostic[],
  { target = 'local', judged = 'all' }: LoadSettings,
): readonly Diagnostic[] {
  if (target === 'kubernetes')
    return diagnostics.map((diagnostic) =>
      ruleOf(diagnostic.code) === 'kubernetes' ? ofServer(diagnostic) : { ...diagnostic, severity: 'note' },
    );
  if (judged === 'all') return diagnostics;
  return diagnostics.map((diagnostic) =>
    isError(diagnostic) && diagnostic.isIgnored === true
      ? { ...diagnostic, severity: 'warning' }
      : diagnostic,
  );
}

function ofServer({ onCluster, ...diagnostic }: Diagnostic): Diagnostic {
  return onCluster === undefined ? diagnostic : { ...diagnostic, severity: onCluster };
}

/** A warning: the files are valid, but the user expects something to run. */
const NO_PODS: Diagnostic = {
  code: 'no-pods',
  severity: 'warning',
  message: 'no Pod in the given files: nothing to run',
};
