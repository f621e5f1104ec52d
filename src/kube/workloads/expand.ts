import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { count } from '../../base/text.ts';
import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import { withoutApiAccess } from '../convert/api-access.ts';
import { jobPodPrefix } from '../jobs/desired-job.ts';
import { jobHash } from '../jobs/job-hash.ts';
import { jobSpecOf } from '../jobs/job-spec.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { namespaceOf, qualifiedName, qualifiedNameOf } from '../spec/qualified-name.ts';
import { toDiagnostic } from '../validation/finding.ts';
import { claimObjects, claimsOfPod } from './claims-of-template.ts';
import { historyOf } from './history.ts';
import { jobDiagnostics, jobOfCronJob, jobTemplatePod } from './job.ts';
import { podsOfJob, type Job } from './job-pods.ts';
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
  readonly jobs: readonly ExpandedJob[];
}

/** A Job of the files, or the one of a CronJob. */
export interface ExpandedJob {
  readonly object: Job;
  readonly cronJob?: CheckedObject<'CronJob'>;
  readonly hash: string;
  /** The pod of `pods` that is its template. */
  readonly pod: PodObject;
  /** Only one pod can run at a time. */
  readonly isSingle: boolean;
}

/** Replaces the workloads of a set with the pods that their controllers would create on a cluster of one node. */
export function expandWorkloads(documents: readonly CheckedDocument[]): ExpandedWorkloads {
  const workloads: Workload[] = [];
  const pods: PodObject[] = [];
  const claims: CheckedDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  const jobs: ExpandedJob[] = [];
  const declared = new Set(
    documents
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ value }) => qualifiedNameOf(value.metadata)),
  );
  for (const document of documents) {
    if (document.kind === 'Pod') pods.push(withoutApiAccess(document));
    if (document.kind === 'CronJob' || document.kind === 'Job') {
      const job = expandJob(document, documents, MAX_PODS - pods.length);
      pods.push(job.pod);
      jobs.push(job);
      diagnostics.push(...job.diagnostics);
      workloads.push(...job.workloads);
      continue;
    }
    if (!isWorkload(document)) continue;
    const expanded = expand(document, documents, MAX_PODS - pods.length);
    workloads.push(expanded.workload);
    pods.push(...expanded.pods);
    claims.push(...expanded.claims.filter(({ value }) => !declared.has(qualifiedNameOf(value.metadata))));
    diagnostics.push(...expanded.diagnostics);
  }
  return { workloads, pods, claims, diagnostics, jobs };
}

/** One pod stands for all pods of a Job: when each of them is created is decided later. */
function expandJob(
  document: CheckedObject<'CronJob'> | Job,
  documents: readonly CheckedDocument[],
  room: number,
): ExpandedJob & { readonly diagnostics: readonly Diagnostic[]; readonly workloads: readonly Workload[] } {
  const cronJob = document.kind === 'CronJob' ? document : undefined;
  const object = document.kind === 'CronJob' ? jobOfCronJob(document) : document;
  const { metadata, spec } = object.value;
  const hash = jobHash(templateHash(spec?.template ?? {}), jobSpecOf(spec ?? {}));
  const asked = podsOfJob(object);
  const why = asked > 1 ? singlePodReason(object, documents) : undefined;
  const pod = withoutApiAccess(jobTemplatePod(object, hash, cronJob !== undefined));
  const { template } = pod;
  const workload: Workload = {
    owner: ownerOf('Job', qualifiedNameOf(metadata)),
    podPrefix: jobPodPrefix({ name: qualifiedNameOf(metadata), hash }),
    ...{ replicas: asked, claimPrefixes: [] },
    rollout: rolloutOf(object, asked, why !== undefined),
  };
  return {
    ...{ object, hash, isSingle: why !== undefined },
    pod: template === undefined ? pod : { ...pod, template: withoutApiAccess(template) },
    ...(cronJob === undefined ? {} : { cronJob }),
    workloads: cronJob === undefined ? [workload] : [],
    diagnostics: [
      ...(asked > room ? [tooManyPods(object, asked)] : []),
      ...(why === undefined ? jobDiagnostics(object) : [pendingPods(object, asked, why)]),
    ],
  };
}

function expand(
  object: WorkloadObject,
  documents: readonly CheckedDocument[],
  room: number,
): Omit<ExpandedWorkloads, 'workloads' | 'jobs'> & { readonly workload: Workload } {
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
    ],
  };
}

/** The number of the first pod: Kubernetes counts the pods of a StatefulSet from 0. */
function firstOrdinal(object: WorkloadObject): number {
  return object.kind === 'StatefulSet' ? (object.value.spec?.ordinals?.start ?? 0) : 1;
}

function podOf(object: WorkloadObject, name: string): PodObject {
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
    path: ['spec', object.kind === 'Job' ? 'parallelism' : 'replicas'],
    message: `${count(replicas, 'pod')} are too many: with them, the project would have more than ${MAX_PODS}`,
    help: `${MAX_PODS} pods are as many as a node of Kubernetes runs by default.`,
  });
}

function pendingPods(object: WorkloadObject, asked: number, why: string): Diagnostic {
  return toDiagnostic(object, {
    code: 'pending-pods',
    severity: 'warning',
    path: ['spec', object.kind === 'Job' ? 'parallelism' : 'replicas'],
    message:
      object.kind === 'Job'
        ? `one pod runs at a time, not ${asked}: ${why}`
        : `1 of ${asked} pods is created: the others would be Pending on one node, as ${why}`,
  });
}
