import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import { toDiagnostic, type PodCheck, type ReferenceCheck } from './finding.ts';
import type { ObjectSet } from '../config/object-set.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { checkClaimReferences, validateSinglePodClaims } from './storage/claim-use.ts';
import { checkContainerNames, checkThereAreContainers, checkWorkingDir } from './container/containers.ts';
import { checkDns } from './network/dns.ts';
import { checkEnv } from './config/env.ts';
import { checkEnvFiles } from './config/env-files.ts';
import { checkEnvReferences } from './config/env-references.ts';
import { checkFileVolumes } from './volume/file-volumes.ts';
import { validateHostPortConflicts } from './network/host-port-conflicts.ts';
import { checkImages } from './container/image.ts';
import {
  checkAnnotations,
  checkLabels,
  checkNamespace,
  checkNodeSelector,
  checkPodName,
} from './pod/metadata.ts';
import { checkMountOptions } from './volume/mount-options.ts';
import { checkNestedMounts } from './volume/nested-mounts.ts';
import { checkMountedVolumesExist, checkMountPaths } from './volume/mounts.ts';
import { validateJoinedNamesDiffer, validatePodNamesDiffer } from './pod/pod-set.ts';
import { checkContainerPortsDiffer, checkPorts } from './network/ports.ts';
import { checkResources } from './container/resources.ts';
import {
  checkGracePeriod,
  checkHostAliases,
  checkHostname,
  checkOperatingSystem,
  checkProcessNamespaces,
} from './pod/sandbox.ts';
import {
  checkActiveDeadline,
  checkInitLifecycle,
  checkProgram,
  checkStopSignals,
  checkTerminationMessagePath,
} from './container/process.ts';
import {
  checkAppArmorProfiles,
  checkProfileAnnotations,
  checkSeccompProfiles,
  checkUserNamespace,
} from './security/profiles.ts';
import {
  checkCapabilities,
  checkPrivileges,
  checkRunAsNonRoot,
  checkSupplementalGroupsPolicy,
  checkUsersAndGroups,
} from './security/security.ts';
import { checkPullSecrets } from './config/pull-secrets.ts';
import { checkShownValues } from './config/shown-values.ts';
import { checkSysctls } from './security/sysctls.ts';
import { checkSupport } from './pod/support.ts';
import { podTable } from '../support/pod-table.ts';
import { checkVolumeNames, checkVolumesAreMounted, checkVolumeSources } from './volume/volumes.ts';

const podChecks: readonly PodCheck[] = [
  (pod) => checkSupport(pod, podTable),
  checkPodName,
  checkNamespace,
  checkLabels,
  checkAnnotations,
  checkNodeSelector,
  checkProfileAnnotations,
  checkThereAreContainers,
  checkContainerNames,
  checkImages,
  checkWorkingDir,
  checkProgram,
  checkEnv,
  checkEnvFiles,
  checkPorts,
  checkContainerPortsDiffer,
  checkResources,
  checkUsersAndGroups,
  checkSupplementalGroupsPolicy,
  checkRunAsNonRoot,
  checkPrivileges,
  checkCapabilities,
  checkSeccompProfiles,
  checkAppArmorProfiles,
  checkUserNamespace,
  checkSysctls,
  checkMountedVolumesExist,
  checkMountPaths,
  checkVolumeNames,
  checkVolumeSources,
  checkVolumesAreMounted,
  checkHostname,
  checkHostAliases,
  checkDns,
  checkGracePeriod,
  checkActiveDeadline,
  checkStopSignals,
  checkTerminationMessagePath,
  checkInitLifecycle,
  checkProcessNamespaces,
  checkOperatingSystem,
];

const referenceChecks: readonly ReferenceCheck[] = [
  checkMountOptions,
  checkNestedMounts,
  checkEnvReferences,
  checkPullSecrets,
  checkShownValues,
  checkFileVolumes,
  checkClaimReferences,
];

/** Semantic errors of one pod and of its references, in reading order. */
export function validatePod(pod: PodObject, objects: ObjectSet): readonly Diagnostic[] {
  const findings = [
    ...podChecks.flatMap((check) => [...check(pod)]),
    ...referenceChecks.flatMap((check) => [...check(pod, objects)]),
  ];
  return sortDiagnostics(findings.map((finding) => toDiagnostic(pod, finding)));
}

/** Conflicts between the pods of a set, each valid by itself. */
export function validatePodSet(
  pods: readonly PodObject[],
  objects: ObjectSet,
  defaultHostIP: string,
): readonly Diagnostic[] {
  return sortDiagnostics([
    ...validatePodNamesDiffer(pods),
    ...validateJoinedNamesDiffer(pods, objects),
    ...validateSinglePodClaims(pods, objects),
    ...validateHostPortConflicts(pods, defaultHostIP),
  ]);
}
