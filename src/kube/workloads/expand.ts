import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { count } from '../../base/text.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { withoutApiAccess } from '../convert/api-access.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { namespaceOf, qualifiedName, qualifiedNameOf } from '../spec/qualified-name.ts';
import { toDiagnostic } from '../validation/finding.ts';
import { claimObjects, claimsOfPod } from './claims-of-template.ts';
import { historyOf } from './history.ts';
import { jobDiagnostics, podOfJob } from './job.ts';
import { podOfTemplate } from './pod-of-template.ts';
import { singlePodReason } from './single-pod.ts';
import { rolloutOf } from './strategy.ts';
import { templateHash } from './template-hash.ts';
import { ownerOf } from './owner.ts';
import { isWorkload, replicasOf, type Workload, type WorkloadObject } from './workload.ts';

/** The most pods of a project: as many as a kubelet runs by default (maxPods of KubeletConfiguration). */
const MAX_PODS = 110;

export interface ExpandedWorkloads {
  readonly workloads: readonly Workload[];
  /** The pods of the files and those of the workloads, in the order of the files. */
  readonly pods: readonly PodObject[];
  /** The PersistentVolumeClaims of the pods of StatefulSets. */
  readonly claims: readonly CheckedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Replaces the workloads of a set with the pods that their controllers would create on a cluster of one node. */
export function expandWorkloads(documents: readonly CheckedDocument[]): ExpandedWorkloads {
  const workloads: Workload[] = [];
  const pods: PodObject[] = [];
  const claims: CheckedDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  const declared = new Set(
    documents
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ value }) => qualifiedNameOf(value.metadata)),
  );
  for (const document of documents) {
    if (document.kind === 'Pod') pods.push(withoutApiAccess(document));
    if (!isWorkload(document)) continue;
    const expanded = expand(document, documents, MAX_PODS - pods.length);
    workloads.push(expanded.workload);
    pods.push(...expanded.pods);
    claims.push(...expanded.claims.filter(({ value }) => !declared.has(qualifiedNameOf(value.metadata))));
    diagnostics.push(...expanded.diagnostics);
  }
  return { workloads, pods, claims, diagnostics };
}

function expand(
  object: WorkloadObject,
  documents: readonly CheckedDocument[],
  room: number,
): Omit<ExpandedWorkloads, 'workloads'> & { readonly workload: Workload } {
  const { metadata, spec } = object.value;
  const name = metadata?.name ?? '';
  const asked = Math.max(0, replicasOf(object));
  const why = asked > 1 ? singlePodReason(object, documents) : undefined;
  const replicas = why === undefined ? asked : 1;
  const isTooMany = replicas > room;
  const podPrefix =
    object.kind === 'StatefulSet' ? `${name}-` : `${name}-${templateHash(spec?.template ?? {})}-`;
  // Without a pod, mistakes in the template would not be found.
  const created = isTooMany ? 1 : Math.max(1, replicas);
  const names = Array.from(
    { length: name === '' ? 0 : created },
    (_, index) => `${podPrefix}${firstOrdinal(object) + index}`,
  );
  const pods = names.map((podName) => withoutApiAccess(podOf(object, podName)));
  const namespace = namespaceOf(metadata);
  const inNamespace = (own: string) => qualifiedName({ namespace, name: own });
  const workload: Workload = {
    owner: ownerOf(object.kind, inNamespace(name)),
    podPrefix: inNamespace(podPrefix),
    replicas,
    claimPrefixes:
      object.kind === 'StatefulSet'
        ? claimsOfPod(object, podPrefix).map(({ claimName }) => inNamespace(claimName))
        : [],
    rollout: rolloutOf(object, replicas, singlePodReason(object, documents) !== undefined),
    ...defined({ history: historyOf(object) }),
  };
  return {
    workload,
    pods: replicas === 0 ? pods.map(asUnused) : pods,
    claims: object.kind === 'StatefulSet' ? names.flatMap((podName) => claimObjects(object, podName)) : [],
    diagnostics: [
      ...(isTooMany ? [tooManyPods(object, asked)] : []),
      ...(why === undefined ? [] : [pendingPods(object, asked, why)]),
      ...(object.kind === 'Job' && why === undefined ? jobDiagnostics(object) : []),
    ],
  };
}

/** The number of the first pod: Kubernetes counts the pods of a StatefulSet and of a Job from 0. */
function firstOrdinal(object: WorkloadObject): number {
  if (object.kind === 'Job') return 0;
  return object.kind === 'StatefulSet' ? (object.value.spec?.ordinals?.start ?? 0) : 1;
}

function podOf(object: WorkloadObject, name: string): PodObject {
  if (object.kind === 'Job') return podOfJob(object, name);
  if (object.kind !== 'StatefulSet') return podOfTemplate(object, { name });
  const { serviceName = '' } = object.value.spec ?? {};
  return podOfTemplate(object, {
    name,
    // newStatefulSetPod and updateIdentity in pkg/controller/statefulset.
    labels: {
      'apps.kubernetes.io/pod-index': name.slice(name.lastIndexOf('-') + 1),
      'statefulset.kubernetes.io/pod-name': name,
    },
    hostname: name,
    subdomain: serviceName,
    claims: claimsOfPod(object, name),
  });
}

function asUnused(pod: PodObject): PodObject {
  return { ...pod, isUnused: true };
}

function tooManyPods(object: WorkloadObject, replicas: number): Diagnostic {
  return toDiagnostic(object, {
    code: 'too-many-pods',
    path: ['spec', object.kind === 'Job' ? 'completions' : 'replicas'],
    message: `${count(replicas, 'pod')} are too many: with them, the project would have more than ${MAX_PODS}`,
    help: `${MAX_PODS} pods are as many as a node of Kubernetes runs by default.`,
  });
}

function pendingPods(object: WorkloadObject, asked: number, why: string): Diagnostic {
  return toDiagnostic(object, {
    code: 'pending-pods',
    severity: 'warning',
    path: ['spec', object.kind === 'Job' ? 'completions' : 'replicas'],
    message:
      object.kind === 'Job'
        ? `1 of ${asked} pods is created: all pods of a Job run at once, and ${why}`
        : `1 of ${asked} pods is created: the others would be Pending on one node, as ${why}`,
  });
}
