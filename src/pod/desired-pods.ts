import { isError, sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { withoutApiAccess } from './api-access.ts';
import { checkArgumentLimits } from './checks/argument-limits.ts';
import { checkPod, checkPodSet } from './checks/all.ts';
import { checkObjects } from './checks/objects.ts';
import { checkExpansionLimits, type Growth } from './checks/expansion-limits.ts';
import { checkSubPathExpressions } from './checks/sub-path-expressions.ts';
import { checkUse } from './checks/claim-use.ts';
import type { Machine } from './downward.ts';
import { toDiagnostic } from './finding.ts';
import { objectSet, ofKind, type ObjectSet } from './objects/object-set.ts';
import type { PodObject } from './pod-object.ts';
import { portReach } from './port-reach.ts';
import type { SourcedPod } from './pod-set.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { translatePod } from './translate/pod.ts';
import { folderOf, type Surroundings } from './translate/surroundings.ts';

export interface DesiredPodsOptions {
  /** Where a `hostPort` without a `hostIP` listens. */
  readonly defaultHostIP: string;
  /** Absolute: relative names of manifests start here, and it is the folder of one from standard input. */
  readonly currentFolder: string;
  readonly keeper: SecretKeeper;
  readonly project: string;
  readonly machine: Machine;
}

export interface DesiredPods {
  /** Every pod in which nothing is wrong by itself, in the order of the manifests. */
  readonly pods: readonly SourcedPod[];
  /** What is wrong or worth knowing, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks what the objects of one set mean, each for itself and all together, and says what they ask for. */
export function desiredPods(documents: readonly CheckedDocument[], options: DesiredPodsOptions): DesiredPods {
  const pods = ofKind(documents, 'Pod').map(withoutApiAccess);
  const objects = objectSet(documents, options.keeper);
  const growth: Growth = { added: 0 };
  const checked = pods.map((pod) => checkAndTranslate(pod, objects, options, growth));
  return {
    pods: checked.flatMap(({ desired }) => desired),
    diagnostics: sortDiagnostics([
      ...checked.flatMap(({ diagnostics }) => diagnostics),
      ...checkPodSet(pods, objects, options.defaultHostIP),
      ...checkObjects(documents, objects),
      ...checkUse(pods, objects),
    ]),
  };
}

interface CheckedPod {
  /** Empty where anything is wrong. */
  readonly desired: readonly SourcedPod[];
  readonly diagnostics: readonly Diagnostic[];
}

function checkAndTranslate(
  pod: PodObject,
  objects: ObjectSet,
  options: DesiredPodsOptions,
  growth: Growth,
): CheckedPod {
  const diagnostics = checkPod(pod, objects);
  if (pod.complete === undefined || diagnostics.some(isError)) return { desired: [], diagnostics };
  const surroundings: Surroundings = {
    ...options,
    manifestFolder: folderOf(pod.file, options.currentFolder),
    objects,
  };
  // Nothing is expanded before it is known how long it will be.
  const ofLengths = [...checkExpansionLimits(pod.complete, surroundings, growth)];
  const ofValues =
    ofLengths.length > 0 ? ofLengths : [...checkSubPathExpressions(pod.complete, surroundings)];
  if (ofValues.length > 0)
    return {
      desired: [],
      diagnostics: [...diagnostics, ...ofValues.map((finding) => toDiagnostic(pod, finding))],
    };
  const desired = translatePod(pod.complete, surroundings);
  const tooLong = [...checkArgumentLimits(pod.complete, desired, surroundings)];
  if (tooLong.length > 0)
    return {
      desired: [],
      diagnostics: [...diagnostics, ...tooLong.map((finding) => toDiagnostic(pod, finding))],
    };
  return {
    desired: [
      {
        pod: desired,
        ports: portReach(pod.complete),
        locate: pod.locate,
        locatePersistentVolume: (name, path) => objects.persistentVolumes.get(name)?.locate(path),
      },
    ],
    diagnostics,
  };
}
