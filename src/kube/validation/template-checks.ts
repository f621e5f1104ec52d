import { type PodCheck } from './finding.ts';
import {
  checkContainerNames,
  checkEphemeralContainers,
  checkThereAreContainers,
  checkWorkingDir,
} from './container/containers.ts';
import { checkHandlerLimits } from './container/handler-limits.ts';
import { checkResizePolicies, checkRestartRules } from './container/restarts.ts';
import { checkDns } from './network/dns.ts';
import { checkEnv } from './config/env.ts';
import { checkEnvSources } from './config/env-sources.ts';
import { checkPullSecretNames } from './config/pull-secrets.ts';
import { checkEnvFiles } from './config/env-files.ts';
import { checkImages } from './container/image.ts';
import { checkAnnotations, checkLabels, checkNodeSelector } from './pod/metadata.ts';
import { checkVolumeDevices } from './volume/devices.ts';
import { checkMountOptions } from './volume/mount-options.ts';
import { checkMountedVolumesExist, checkMountPaths } from './volume/mounts.ts';
import { checkDeclaredPorts } from './network/declared-ports.ts';
import { checkPorts } from './network/ports.ts';
import { checkResourceClaims } from './resources/resource-claims.ts';
import { checkOverhead, checkResources } from './resources/resources.ts';
import { checkProbesAndHooks } from './container/probes.ts';
import { checkServerAnnotations } from './pod/server-annotations.ts';
import {
  checkGracePeriod,
  checkHostAliases,
  checkHostname,
  checkOperatingSystem,
  checkProcessNamespaces,
} from './pod/sandbox.ts';
import {
  checkActiveDeadline,
  checkProgram,
  checkStopSignals,
  checkTerminationMessagePath,
} from './container/process.ts';
import {
  checkAppArmorProfileNames,
  checkAppArmorProfiles,
  checkSeccompProfiles,
  checkSELinuxChangePolicy,
  checkUserNamespace,
} from './security/profiles.ts';
import { checkFieldsOfOperatingSystem } from './security/operating-system.ts';
import {
  checkCapabilities,
  checkPrivileges,
  checkRunAsNonRoot,
  checkSupplementalGroupsPolicy,
  checkUsersAndGroups,
} from './security/security.ts';
import { checkProfileAnnotations } from './security/profile-annotations.ts';
import { checkSysctls } from './security/sysctls.ts';
import { checkAffinity } from './scheduling/affinity.ts';
import { checkClusterNames, checkGates } from './scheduling/placement.ts';
import { checkPodTolerations } from './scheduling/tolerations.ts';
import { checkTopologySpread } from './scheduling/topology-spread.ts';
import { checkHostProcess, checkWindowsOptions } from './security/windows.ts';
import { checkFileVolumeFields } from './volume/file-volumes.ts';
import { checkVolumeNames, checkVolumesAreMounted, checkVolumeSources } from './volume/volumes.ts';

/** The checks of a pod by itself that also hold for the template of a workload. */
export const templateChecks: readonly PodCheck[] = [
  checkLabels,
  checkAnnotations,
  checkNodeSelector,
  checkAffinity,
  checkTopologySpread,
  checkPodTolerations,
  checkClusterNames,
  checkGates,
  checkServerAnnotations,
  checkProfileAnnotations,
  checkThereAreContainers,
  checkContainerNames,
  checkRestartRules,
  checkResizePolicies,
  checkImages,
  checkWorkingDir,
  checkProgram,
  checkEnv,
  checkEnvSources,
  checkEnvFiles,
  checkPorts,
  checkDeclaredPorts,
  checkResources,
  checkOverhead,
  checkResourceClaims,
  checkUsersAndGroups,
  checkSupplementalGroupsPolicy,
  checkRunAsNonRoot,
  checkPrivileges,
  checkCapabilities,
  checkSeccompProfiles,
  checkAppArmorProfiles,
  checkAppArmorProfileNames,
  checkSELinuxChangePolicy,
  checkUserNamespace,
  checkSysctls,
  checkMountedVolumesExist,
  checkMountPaths,
  checkMountOptions,
  checkVolumeDevices,
  checkVolumeNames,
  checkVolumeSources,
  checkFileVolumeFields,
  checkVolumesAreMounted,
  checkHostname,
  checkHostAliases,
  checkDns,
  checkGracePeriod,
  checkActiveDeadline,
  checkStopSignals,
  checkTerminationMessagePath,
  checkProbesAndHooks,
  checkHandlerLimits,
  checkProcessNamespaces,
  checkOperatingSystem,
  checkPullSecretNames,
  checkEphemeralContainers,
  checkWindowsOptions,
  checkHostProcess,
  checkFieldsOfOperatingSystem,
];
