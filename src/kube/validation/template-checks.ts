import { type PodCheck } from './finding.ts';
import { checkContainerNames, checkThereAreContainers, checkWorkingDir } from './container/containers.ts';
import { checkDns } from './network/dns.ts';
import { checkEnv } from './config/env.ts';
import { checkEnvFiles } from './config/env-files.ts';
import { checkImages } from './container/image.ts';
import { checkAnnotations, checkLabels, checkNodeSelector } from './pod/metadata.ts';
import { checkMountedVolumesExist, checkMountPaths } from './volume/mounts.ts';
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
import { checkSysctls } from './security/sysctls.ts';
import { checkVolumeNames, checkVolumesAreMounted, checkVolumeSources } from './volume/volumes.ts';

/** The checks of a pod by itself that also hold for the template of a workload. */
export const templateChecks: readonly PodCheck[] = [
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
