import { isError, type Diagnostic } from '../base/diagnostic.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { readManifests } from '../manifest/read-manifests.ts';
import { desiredPods } from '../kube/desired-pods.ts';
import { secretKeeper, type SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { OptionValues } from '../cli/parse/command-line.ts';
import { projectName } from './project.ts';
import { text, type Session } from '../cli/session.ts';

/** The manifests that a command line names, read and checked. */
export interface LoadedPods {
  readonly sources: readonly ManifestSource[];
  readonly pods: readonly SourcedPod[];
  /** All that is wrong or worth knowing, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
  readonly isSound: boolean;
  /** Has the secret values, which are nowhere else. */
  readonly keeper: SecretKeeper;
}

/** Reads and checks manifests. Loaded late: what this takes along is most of podpose. */
export function checkSources(
  { platform, values, hideSecrets }: Session,
  sources: readonly ManifestSource[],
): LoadedPods {
  const set = readManifests(sources);
  const keeper = secretKeeper(platform.machineKey);
  hideSecrets(keeper.redact);
  // A name that is none is told of where it matters.
  const project = projectName(platform, text(values, 'project'), sources[0]?.file);
  const desired = desiredPods(set.documents, {
    defaultHostIP: defaultHostIP(values),
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

/** Where a hostPort without hostIP listens. */
export function defaultHostIP(values: OptionValues): string {
  return text(values, 'host-ip') ?? '127.0.0.1';
}

/** Nothing is wrong with such files, but whoever names them expects something to run. */
const NO_PODS: Diagnostic = {
  code: 'no-pods',
  severity: 'warning',
  message: 'there is no Pod in these files, and so nothing to run',
};
