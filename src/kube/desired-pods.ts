import { isError, sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { withoutApiAccess } from './convert/api-access.ts';
import { checkArgumentLimits } from './validation/container/argument-limits.ts';
import { validatePod, validatePodSet } from './validation/validate-pod.ts';
import { validateObjects } from './validation/objects.ts';
import { checkExpansionLimits, type Growth } from './validation/container/expansion-limits.ts';
import { checkSubPathExpressions } from './validation/volume/sub-path-expressions.ts';
import { validateUse } from './validation/storage/claim-use.ts';
import type { Machine } from '../base/machine.ts';
import { toDiagnostic } from './validation/finding.ts';
import { objectSet, ofKind, type ObjectSet } from './config/object-set.ts';
import type { PodObject } from './spec/pod-object.ts';
import { portReach } from './spec/port-reach.ts';
import type { SourcedPod } from './pod-set.ts';
import type { SecretKeeper } from './config/secret-keeper.ts';
import { convertPod } from './convert/pod.ts';
import { directoryOf, type ConvertContext } from './convert/convert-context.ts';

export interface DesiredPodsOptions {
  /** Where a `hostPort` without a `hostIP` listens. */
  readonly defaultHostIP: string;
  /** Absolute: relative names of manifests start here, and it is the directory of one from standard input. */
  readonly currentDirectory: string;
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
      ...validatePodSet(pods, objects, options.defaultHostIP),
      ...validateObjects(documents, objects),
      ...validateUse(pods, objects),
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
  const diagnostics = validatePod(pod, objects);
  if (pod.complete === undefined || diagnostics.some(isError)) return { desired: [], diagnostics };
  const surroundings: ConvertContext = {
    ...options,
    manifestDirectory: directoryOf(pod.file, options.currentDirectory),
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
  const desired = convertPod(pod.complete, surroundings);
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
