import { DEFAULT_HOST_IP } from '../kube/spec/defaults.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { secretKeeper, type SecretKeeper } from '../kube/config/secret-keeper.ts';
import { desiredPods } from '../kube/desired-pods.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { readManifests, type ManifestSource } from '../manifest/read-manifests.ts';
import type { EnginePlatform } from './engine.ts';
import { projectName } from './project.ts';

export interface LoadSettings {
  /** The name of the project; by default that of the directory of the first file. */
  readonly project?: string | undefined;
  /** Where a hostPort without hostIP listens. */
  readonly hostIP?: string | undefined;
}

/** Manifests, read and checked. */
export interface LoadedPods {
  readonly sources: readonly ManifestSource[];
  readonly pods: readonly SourcedPod[];
  /** All that is wrong or worth knowing, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly isSound: boolean;
  /** Has the secret values, which are nowhere else. */
  readonly keeper: SecretKeeper;
}

/** Reads and checks manifests. An invalid name of a project is reported by `planProject`; checking does not need one. */
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
    keeper,
    project: project.ok ? project.value : '',
    machine: platform.machine,
  });
  const found = [...set.diagnostics, ...desired.diagnostics];
  const isSound = !found.some(isError);
  const diagnostics = isSound && desired.pods.length === 0 ? [...found, NO_PODS] : found;
  return { sources, pods: desired.pods, diagnostics, isSound, keeper };
}

/** Nothing is wrong with such files, but whoever names them expects something to run. */
const NO_PODS: Diagnostic = {
  code: 'no-pods',
  severity: 'warning',
  message: 'there is no Pod in these files, and so nothing to run',
};
