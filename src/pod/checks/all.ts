import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import { toDiagnostic, type PodCheck, type ReferenceCheck } from '../finding.ts';
import type { ObjectSet } from '../objects/object-set.ts';
import type { PodObject } from '../pod-object.ts';
import { checkClaimReferences, checkSinglePodClaims } from './claim-use.ts';
import { checkContainerNames, checkThereAreContainers, checkWorkingDir } from './containers.ts';
import { checkDns } from './dns.ts';
import { checkEnv } from './env.ts';
import { checkEnvFiles } from './env-files.ts';
import { checkEnvReferences } from './env-references.ts';
import { checkFileVolumes } from './file-volumes.ts';
import { checkHostPortConflicts } from './host-port-conflicts.ts';
import { checkImages } from './image.ts';
import {
  checkAnnotations,
  checkLabels,
  checkNamespace,
  checkNodeSelector,
  checkPodName,
} from './metadata.ts';
import { checkMountOptions } from './mount-options.ts';
import { checkNestedMounts } from './nested-mounts.ts';
import { checkMountedVolumesExist, checkMountPaths } from './mounts.ts';
import { checkJoinedNamesDiffer, checkPodNamesDiffer } from './pod-set.ts';
import { checkContainerPortsDiffer, checkPorts } from './ports.ts';
import { checkResources } from './resources.ts';
import {
  checkGracePeriod,
  checkHostAliases,
  checkHostname,
  checkOperatingSystem,
  checkProcessNamespaces,
} from './sandbox.ts';
import {
  checkActiveDeadline,
  checkInitLifecycle,
  checkProgram,
  checkStopSignals,
  checkTerminationMessagePath,
} from './process.ts';
import {
  checkAppArmorProfiles,
  checkProfileAnnotations,
  checkSeccompProfiles,
  checkUserNamespace,
} from './profiles.ts';
import {
  checkCapabilities,
  checkPrivileges,
  checkRunAsNonRoot,
  checkSupplementalGroupsPolicy,
  checkUsersAndGroups,
} from './security.ts';
import { checkPullSecrets } from './pull-secrets.ts';
import { checkShownValues } from './shown-values.ts';
import { checkSysctls } from './sysctls.ts';
import { checkSupport } from './support.ts';
import { podTable } from '../support/pod-table.ts';
import { checkVolumeNames, checkVolumesAreMounted, checkVolumeSources } from './volumes.ts';

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

/** All that is wrong with the meaning of one pod and with what it refers to, in reading order. */
export function checkPod(pod: PodObject, objects: ObjectSet): readonly Diagnostic[] {
  const findings = [
    ...podChecks.flatMap((check) => [...check(pod)]),
    ...referenceChecks.flatMap((check) => [...check(pod, objects)]),
  ];
  return sortDiagnostics(findings.map((finding) => toDiagnostic(pod, finding)));
}

/** What is wrong between the pods of a set, though each is in order by itself. */
export function checkPodSet(
  pods: readonly PodObject[],
  objects: ObjectSet,
  defaultHostIP: string,
): readonly Diagnostic[] {
  return sortDiagnostics([
    ...checkPodNamesDiffer(pods),
    ...checkJoinedNamesDiffer(pods, objects),
    ...checkSinglePodClaims(pods, objects),
    ...checkHostPortConflicts(pods, defaultHostIP),
  ]);
}
