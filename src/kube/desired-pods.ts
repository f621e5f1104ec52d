import { defined } from '../base/defined.ts';
import { isError, sortDiagnostics, type Diagnostic } from '../base/diagnostic.ts';
import type { CheckedDocument } from '../manifest/checked-document.ts';
import { checkArgumentLimits } from './validation/container/argument-limits.ts';
import { validatePod, validatePodSet } from './validation/validate-pod.ts';
import { validateObjects } from './validation/objects.ts';
import { checkExpansionLimits, type Growth } from './validation/container/expansion-limits.ts';
import { checkSubPathExpressions } from './validation/volume/sub-path-expressions.ts';
import { checkPodHostPaths, checkVolumeHostPath } from './validation/volume/host-path-texts.ts';
import { validateUse } from './validation/storage/claim-use.ts';
import type { Machine } from '../base/machine.ts';
import { toDiagnostic } from './validation/finding.ts';
import { objectSets, ofKind, withObjects, type ObjectSet } from './config/object-set.ts';
import { namespaceOf } from './spec/qualified-name.ts';
import type { PodObject } from './spec/pod-object.ts';
import type { DeclaredFields } from './spec/declared.ts';
import type { DesiredPod } from './spec/desired.ts';
import { mountedClaims } from './spec/volume-kinds.ts';
import { withObjectRenames } from './fix/object-renames.ts';
import { volumeOfClaim } from './storage/claim-volume.ts';
import { portReach } from './spec/port-reach.ts';
import type { SourcedPod } from './pod-set.ts';
import { expandWorkloads } from './workloads/expand.ts';
import { withoutRepetitions } from './workloads/diagnostics.ts';
import type { Workload } from './workloads/workload.ts';
import { sourcedJobs, type SourcedJobs } from './jobs/sourced-jobs.ts';
import type { SecretKeeper } from './config/secret-keeper.ts';
import { convertPod } from './convert/pod.ts';
import { desiredIngress } from './ingress/desired-ingress.ts';
import { DEFAULT_INGRESS_IMAGE } from './ingress/proxy-pod.ts';
import { desiredServices, type SourcedService } from './services/desired-services.ts';
import { validateServiceTargets } from './services/targets.ts';

import { directoryOf, type ConvertContext } from './convert/convert-context.ts';

export interface DesiredPodsOptions {
  /** The host address of a `hostPort` without a `hostIP`. */
  readonly defaultHostIP: string;
  /** Absolute path: the base of relative manifest names, and the directory of a manifest from standard input. */
  readonly currentDirectory: string;
  /** The home directory of the user, for suggestions. */
  readonly home?: string | undefined;
  readonly keeper: SecretKeeper;
  readonly project: string;
  readonly machine: Machine;
  /** The image of the proxy for Ingresses. */
  readonly ingressImage?: string | undefined;
}

export interface DesiredPods extends SourcedJobs {
  /** The pods without errors of their own, in the order of the manifests. */
  readonly pods: readonly SourcedPod[];
  /** The owners of pods, with or without pods. */
  readonly workloads: readonly Workload[];
  /** The Services without errors, in the order of the manifests. */
  readonly services: readonly SourcedService[];
  /** Errors and warnings, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Validates the objects of a set, each by itself and against the others, and converts the valid pods. */
export function desiredPods(documents: readonly CheckedDocument[], options: DesiredPodsOptions): DesiredPods {
  const expanded = expandWorkloads(documents);
  const { workloads } = expanded;
  const services = desiredServices(documents, options.defaultHostIP);
  const declared = objectSets([...documents, ...expanded.claims], options.keeper);
  const ingress = desiredIngress({
    ...{ documents, objects: declared, project: options.project, pods: expanded.pods },
    image: options.ingressImage ?? DEFAULT_INGRESS_IMAGE,
    services: services.map(({ service }) => service),
  });
  const { proxy } = ingress;
  const pods = proxy === undefined ? expanded.pods : [...expanded.pods, proxy.pod];
  const objects = proxy === undefined ? declared : withObjects(declared, proxy.configMap, proxy.secrets);
  const growth: Growth = { added: 0 };
  const checked = pods.map((pod) =>
    validateAndConvert(pod, objects.in(namespaceOf(pod.value.metadata)), options, growth),
  );
  const used = pods.filter(({ isUnused }) => isUnused !== true);
  const ofObjects = validateObjects(documents, objects);
  const found = [
    ...expanded.diagnostics,
    ...ingress.warnings,
    ...withoutRepetitions(
      [
        ...checked.map(({ diagnostics }, index) => ({
          isCreated: pods[index]?.origin !== undefined,
          diagnostics,
        })),
        { isCreated: true, diagnostics: validateObjects(expanded.claims, objects) },
        ...validatePodSet(used, objects, options.defaultHostIP).map((one) => ({
          isCreated: false,
          diagnostics: [one],
        })),
      ],
      ofObjects,
    ),
    ...ofObjects,
    ...validateUse(pods, objects),
    ...validateServiceTargets(documents, expanded.pods),
    ...ofKind(documents, 'PersistentVolume').flatMap((volume) =>
      [...checkVolumeHostPath(volume, options)].map((finding) => toDiagnostic(volume, finding)),
    ),
  ];
  const ofPod = new Map(pods.map((pod, index) => [pod, checked[index]?.desired[0]]));
  return {
    ...sourcedJobs(expanded.jobs, ({ pod }) => ofPod.get(pod), options.keeper),
    pods: checked.flatMap(({ desired }, index) =>
      pods[index]?.isUnused === true || pods[index]?.template !== undefined ? [] : desired,
    ),
    workloads,
    services,
    diagnostics: withObjectRenames(sortDiagnostics(found), documents, objects),
  };
}

interface CheckedPod {
  /** Empty for a pod with errors. */
  readonly desired: readonly SourcedPod[];
  readonly diagnostics: readonly Diagnostic[];
}

function validateAndConvert(
  pod: PodObject,
  objects: ObjectSet,
  options: DesiredPodsOptions,
  growth: Growth,
): CheckedPod {
  const diagnostics = [
    ...validatePod(pod, objects),
    ...[...checkPodHostPaths(pod, options)].map((finding) => toDiagnostic(pod, finding)),
  ];
  if (pod.complete === undefined || diagnostics.some(isError)) return { desired: [], diagnostics };
  const context: ConvertContext = {
    ...options,
    manifestDirectory: directoryOf(pod.file, options.currentDirectory),
    objects,
  };
  // The lengths are checked before any reference is expanded: expansion could exhaust the memory.
  const lengthFindings = [...checkExpansionLimits(pod.complete, context, growth)];
  const valueFindings =
    lengthFindings.length > 0 ? lengthFindings : [...checkSubPathExpressions(pod.complete, context)];
  if (valueFindings.length > 0)
    return {
      desired: [],
      diagnostics: [...diagnostics, ...valueFindings.map((finding) => toDiagnostic(pod, finding))],
    };
  const converted = pod.template?.complete ?? pod.complete;
  const desired = {
    ...withDeclared(convertPod(converted, context), pod.declared),
    ...defined({ owner: pod.origin?.owner }),
  };
  const tooLong = [...checkArgumentLimits(pod.complete, desired, context)];
  if (tooLong.length > 0)
    return {
      desired: [],
      diagnostics: [...diagnostics, ...tooLong.map((finding) => toDiagnostic(pod, finding))],
    };
  return {
    desired: [
      {
        pod: desired,
        ...defined({ isProxy: pod.isProxy }),
        ports: portReach(pod.complete),
        undeclaredClaims: undeclaredClaims(desired, objects),
        locate: pod.locate,
        locateClaim: (name, path, at) => {
          const claim = [...objects.claims.values()].find(
            (one) => volumeOfClaim(one.value.metadata?.name ?? '', objects) === name,
          );
          return at === 'key' ? claim?.locateKey(path) : claim?.locate(path);
        },
        locatePersistentVolume: (name, path) => objects.persistentVolumes.get(name)?.locate(path),
      },
    ],
    diagnostics,
  };
}

/** The volumes of the PersistentVolumeClaims that no file declares. */
/** @param fields what each of its containers records besides its own fields */
function withDeclared(pod: DesiredPod, fields: DeclaredFields | undefined): DesiredPod {
  if (fields === undefined) return pod;
  const containers = pod.containers.map((one) => ({ ...one, declared: { ...one.declared, ...fields } }));
  return { ...pod, containers };
}

function undeclaredClaims(pod: DesiredPod, objects: ObjectSet): ReadonlySet<string> {
  const declared = new Set([...objects.claims.keys()].map((name) => volumeOfClaim(name, objects)));
  return new Set(mountedClaims(pod).filter((name) => !declared.has(name)));
}
