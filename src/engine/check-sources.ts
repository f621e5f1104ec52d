import { DEFAULT_HOST_IP } from '../kube/spec/defaults.ts';
import { ruleOf } from '../base/diagnostic-code.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { secretKeeper, type SecretKeeper } from '../kube/config/secret-keeper.ts';
import { desiredPods } from '../kube/desired-pods.ts';
import type { Workload } from '../kube/workloads/workload.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { SourcedJobs } from '../kube/jobs/sourced-jobs.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { readManifests, type ManifestSource } from '../manifest/read-manifests.ts';
import { foldTemplateErrors } from '../manifest/template.ts';
import type { EnginePlatform } from './engine.ts';
import { projectName } from './project.ts';

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
  /** Address of a hostPort without hostIP. */
  readonly hostIP?: string | undefined;
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
  const set = readManifests(sources);
  const keeper = secretKeeper(platform.machineKey);
  const project = projectName(platform, settings.project, sources[0]?.file);
  const desired = desiredPods(set.documents, {
    defaultHostIP: settings.hostIP ?? DEFAULT_HOST_IP,
    currentDirectory: platform.cwd,
    home: homeOf(platform),
    keeper,
    project: project.ok ? project.value : '',
    machine: platform.machine,
  });
  const all = foldTemplateErrors([...set.diagnostics, ...desired.diagnostics], sources);
  const found = judge(all, settings);
  const isSound = !found.some(isError);
  const isWithoutPods =
    settings.target !== 'kubernetes' &&
    desired.pods.length + desired.workloads.length + desired.cronJobs.length === 0;
  const diagnostics = isSound && isWithoutPods ? [...found, NO_PODS] : found;
  const { pods, workloads, services, jobs, cronJobs } = desired;
  const { documents } = set;
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
