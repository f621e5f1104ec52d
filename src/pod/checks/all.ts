import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import { toDiagnostic, type PodCheck } from '../finding.ts';
import type { PodObject } from '../pod-object.ts';
import { checkContainerNames, checkThereAreContainers, checkWorkingDir } from './containers.ts';
import { checkDns } from './dns.ts';
import { checkEnv } from './env.ts';
import { checkHostPortConflicts } from './host-port-conflicts.ts';
import { checkImages } from './image.ts';
import { checkAnnotations, checkLabels, checkPodName } from './metadata.ts';
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
import { checkCapabilities, checkPrivileges, checkUsersAndGroups } from './security.ts';
import { checkSupport } from './support.ts';
import { checkVolumeNames, checkVolumesAreMounted, checkVolumeSources } from './volumes.ts';

const podChecks: readonly PodCheck[] = [
  checkSupport,
  checkPodName,
  checkLabels,
  checkAnnotations,
  checkThereAreContainers,
  checkContainerNames,
  checkImages,
  checkWorkingDir,
  checkEnv,
  checkPorts,
  checkContainerPortsDiffer,
  checkResources,
  checkUsersAndGroups,
  checkPrivileges,
  checkCapabilities,
  checkMountedVolumesExist,
  checkMountPaths,
  checkVolumeNames,
  checkVolumeSources,
  checkVolumesAreMounted,
  checkHostname,
  checkHostAliases,
  checkDns,
  checkGracePeriod,
  checkProcessNamespaces,
  checkOperatingSystem,
];

/** All that is wrong with the meaning of one pod, in reading order. */
export function checkPod(pod: PodObject): readonly Diagnostic[] {
  return sortDiagnostics(
    podChecks.flatMap((check) => [...check(pod)].map((finding) => toDiagnostic(pod, finding))),
  );
}

/** What is wrong between the pods of a set, though each is in order by itself. */
export function checkPodSet(pods: readonly PodObject[], defaultHostIP: string): readonly Diagnostic[] {
  return sortDiagnostics([
    ...checkPodNamesDiffer(pods),
    ...checkJoinedNamesDiffer(pods),
    ...checkHostPortConflicts(pods, defaultHostIP),
  ]);
}
