import { sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import { checkDecodedValues } from './decoded-values.ts';
import { toDiagnostic, type PodCheck, type ReferenceCheck } from './finding.ts';
import type { ObjectSet, ObjectSets } from '../config/object-set.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import { checkClaimReferences, validateDeclared, validateSinglePodClaims } from './storage/claim-use.ts';
import { checkMountedSubPaths } from './storage/volume-annotations.ts';
import { checkEnvReferences } from './config/env-references.ts';
import { checkFileVolumes } from './volume/file-volumes.ts';
import { validateHostPortConflicts } from './network/host-port-conflicts.ts';
import { checkObjectMetadata } from './object-metadata.ts';
import { checkBindMountOptions } from './volume/bind-mount-options.ts';
import { checkMountSupport } from './volume/mount-options.ts';
import { checkNestedMounts } from './volume/nested-mounts.ts';
import { validateJoinedNamesDiffer, validatePodNamesDiffer } from './pod/pod-set.ts';
import { checkPullSecrets } from './config/pull-secrets.ts';
import { checkShownValues } from './config/shown-values.ts';
import { checkNameAsHostname } from './pod/sandbox.ts';
import { checkRestartActions } from './container/restarts.ts';
import { checkSupport } from './pod/support.ts';
import { podTable } from '../support/pod-table.ts';
import { templateChecks } from './template-checks.ts';
import { checkOwnLabels } from './pod/metadata.ts';
import { checkPodmanAnnotations } from './pod/podman-annotations.ts';

const podChecks: readonly PodCheck[] = [
  checkDecodedValues,
  (pod) => checkSupport(pod, podTable),
  checkRestartActions,
  checkObjectMetadata,
  checkNameAsHostname,
  checkOwnLabels,
  checkPodmanAnnotations,
  ...templateChecks,
];

const referenceChecks: readonly ReferenceCheck[] = [
  checkMountSupport,
  checkBindMountOptions,
  checkNestedMounts,
  checkEnvReferences,
  checkPullSecrets,
  checkShownValues,
  checkFileVolumes,
  checkClaimReferences,
  checkMountedSubPaths,
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
  sets: ObjectSets,
  defaultHostIP: string,
): readonly Diagnostic[] {
  return sortDiagnostics([
    ...validatePodNamesDiffer(pods),
    ...validateJoinedNamesDiffer(pods, sets),
    ...sets.namespaces.flatMap((namespace) => {
      const [own, objects] = [podsIn(namespace, pods), sets.in(namespace)];
      return [...validateDeclared(own, objects), ...validateSinglePodClaims(own, objects)];
    }),
    ...validateHostPortConflicts(pods, defaultHostIP),
  ]);
}

function podsIn(namespace: string, pods: readonly PodObject[]): readonly PodObject[] {
  return pods.filter(({ value }) => namespaceOf(value.metadata) === namespace);
}
