import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourcedJobs } from '../../kube/jobs/sourced-jobs.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { SourcedService } from '../../kube/services/desired-services.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import type { VolumeSource } from '../../kube/spec/desired-volume.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import { recordedNamespace } from '../../podman/inspect/object-name.ts';
import { mountedSources } from '../compare/last-applied.ts';
import type { KnownState } from '../needs.ts';

/*
 * Earlier versions of podpose left the namespace out of podman's names. What they have created keeps its names, so that a
 * new version replaces no pod and loses no volume.
 */

export interface NamedSet extends Partial<SourcedJobs> {
  readonly pods: readonly SourcedPod[];
  readonly workloads: readonly Workload[];
  readonly services: readonly SourcedService[];
}

/** Whether the names depend on the volumes of podman: those of PersistentVolumeClaims in other namespaces than the default one. */
export function namesNeedVolumes(set: Omit<NamedSet, 'workloads' | 'services'>): boolean {
  return withTemplates(set).some(
    ({ pod }) => namespaceIn(pod.name) !== DEFAULT && mountedClaims(pod).length > 0,
  );
}

/** The same set with the names that its objects have in podman, and notes about those. */
export function withKeptNames<T extends NamedSet>(
  set: T,
  project: string,
  observed: KnownState,
): { readonly set: T; readonly notes: readonly Diagnostic[] } {
  const names = withTemplates(set).map(({ pod }) => pod.name);
  const others = [...new Set([...names, ...ownersIn(set)].map(namespaceIn))].filter((one) => one !== DEFAULT);
  if (others.length === 0) return { set, notes: [] };
  const own = observed.pods.filter(({ owner, service }) => (owner ?? service)?.project === project);
  const plain = others.filter((namespace) => isKeptPlain(namespace, set, own));
  const volumes = keptVolumes(withTemplates(set), project, plain, observed);
  if (plain.length + volumes.size === 0) return { set, notes: [] };
  const kept = (name: string) => (plain.includes(namespaceIn(name)) ? objectName(name).name : name);
  const ofClaim = (name: string) => volumes.get(name) ?? kept(name);
  const ofOwner = (owner: string) => ownerWith(owner, kept);
  return {
    set: {
      ...set,
      ...renamedJobs(set, kept, ofClaim),
      pods: set.pods.map((one) => renamedPod(one, kept, ofClaim)),
      workloads: set.workloads.map((workload) => ({
        ...workload,
        owner: ofOwner(workload.owner),
        podPrefix: kept(workload.podPrefix),
        claimPrefixes: workload.claimPrefixes.map(kept),
      })),
      services: set.services.map((one) => ({
        ...one,
        service: { ...one.service, name: kept(one.service.name) },
      })),
    },
    notes: [...plain.map(keptNamespace), ...[...volumes].map(([name, volume]) => keptVolume(name, volume))],
  };
}

/** The pods with the templates of Jobs and CronJobs. */
function withTemplates({
  pods,
  jobs = [],
  cronJobs = [],
}: Omit<NamedSet, 'workloads' | 'services'>): readonly SourcedPod[] {
  return [...pods, ...[...jobs, ...cronJobs].map(({ template }) => template)];
}

function renamedJobs(
  { jobs, cronJobs }: Partial<SourcedJobs>,
  rename: (name: string) => string,
  ofClaim: (name: string) => string,
): Partial<SourcedJobs> {
  return defined({
    jobs: jobs?.map(({ job, spec, template, podOf }) => ({
      spec,
      job: { ...job, name: rename(job.name), template: withNames(job.template, rename, ofClaim) },
      template: renamedPod(template, rename, ofClaim),
      podOf: (suffix: string, index: number | undefined) => renamedPod(podOf(suffix, index), rename, ofClaim),
    })),
    cronJobs: cronJobs?.map(({ cronJob, spec, template }) => ({
      spec,
      cronJob: {
        ...cronJob,
        name: rename(cronJob.name),
        job: { ...cronJob.job, template: withNames(cronJob.job.template, rename, ofClaim) },
      },
      template: renamedPod(template, rename, ofClaim),
    })),
  });
}

const DEFAULT = POD_DEFAULTS.namespace;

function namespaceIn(name: string): string {
  return objectName(name).namespace;
}

/** The qualified names of workloads and Services. */
function ownersIn({ workloads, services }: NamedSet): readonly string[] {
  return [
    ...workloads.map(({ owner }) => owner.slice(owner.indexOf('/') + 1)),
    ...services.map(({ service }) => service.name),
  ];
}

/** Whether podman has objects of the namespace without it in their names, which no other object of the files needs. */
function isKeptPlain(namespace: string, set: NamedSet, own: readonly ObservedPod[]): boolean {
  const names = [...set.pods.map(({ pod }) => pod.name), ...ownersIn(set)];
  const plainNames = new Set(
    names.filter((name) => namespaceIn(name) === namespace).map((name) => objectName(name).name),
  );
  const isNeeded = names.some((name) => namespaceIn(name) === DEFAULT && plainNames.has(name));
  if (isNeeded) return false;
  return own.some((pod) => {
    if (pod.name.includes('_')) return false;
    const recorded = recordedNamespace(pod);
    // A pod without the network of a project records no namespace.
    return recorded === undefined ? plainNames.has(pod.name) : recorded === namespace;
  });
}

/**
 * The volumes of claims that have the name of the claim alone, by the names that they would get: those of this project that
 * no pod of the default namespace mounts.
 */
function keptVolumes(
  pods: readonly SourcedPod[],
  project: string,
  plain: readonly string[],
  { pods: existing, containers, volumes = [] }: KnownState,
): ReadonlyMap<string, string> {
  const ofDefault = new Set([
    ...pods.filter(({ pod }) => namespaceIn(pod.name) === DEFAULT).flatMap(({ pod }) => mountedClaims(pod)),
    ...existing
      .filter((pod) => pod.owner?.project === project && recordedNamespace(pod) === DEFAULT)
      .flatMap(({ name }) => claimsOf(name, containers)),
  ]);
  const has = (name: string) =>
    volumes.some((volume) => volume.name === name && volume.claim?.project === project);
  return new Map(
    pods
      .filter(({ pod }) => namespaceIn(pod.name) !== DEFAULT && !plain.includes(namespaceIn(pod.name)))
      .flatMap(({ pod }) => mountedClaims(pod).filter((name) => namespaceIn(name) === namespaceIn(pod.name)))
      .flatMap((name) => {
        const { name: short } = objectName(name);
        return has(short) && !has(name) && !ofDefault.has(short) ? [[name, short] as const] : [];
      }),
  );
}

function claimsOf(pod: string, containers: KnownState['containers']): readonly string[] {
  return containers
    .filter(({ owner }) => owner?.pod === pod)
    .flatMap(({ labels }) => mountedSources(labels))
    .flatMap(([, source]) => (typeof source['claimName'] === 'string' ? [source['claimName']] : []));
}

function ownerWith(owner: string, rename: (name: string) => string): string {
  const at = owner.indexOf('/') + 1;
  return owner.slice(0, at) + rename(owner.slice(at));
}

function renamedPod(
  sourced: SourcedPod,
  rename: (name: string) => string,
  ofClaim: (name: string) => string,
): SourcedPod {
  const { pod, undeclaredClaims, locateClaim } = sourced;
  const before = new Map(mountedClaims(pod).map((name) => [ofClaim(name), name]));
  return {
    ...sourced,
    pod: withNames(pod, rename, ofClaim),
    undeclaredClaims: new Set([...undeclaredClaims].map(ofClaim)),
    locateClaim: (name, path, at) => locateClaim(before.get(name) ?? name, path, at),
  };
}

function withNames(
  pod: DesiredPod,
  rename: (name: string) => string,
  ofClaim: (name: string) => string,
): DesiredPod {
  const withClaim = <T extends { readonly source: VolumeSource }>(one: T): T =>
    one.source.type === 'persistentVolumeClaim'
      ? { ...one, source: { ...one.source, claimName: ofClaim(one.source.claimName) } }
      : one;
  const withClaims = (container: DesiredContainer): DesiredContainer => ({
    ...container,
    volumeMounts: container.volumeMounts.map(withClaim),
  });
  return {
    ...pod,
    name: rename(pod.name),
    ...(pod.owner === undefined ? {} : { owner: ownerWith(pod.owner, rename) }),
    volumes: pod.volumes.map(withClaim),
    initContainers: pod.initContainers.map(withClaims),
    containers: pod.containers.map(withClaims),
  };
}

function keptNamespace(namespace: string): Diagnostic {
  return {
    code: 'kept-name',
    severity: 'note',
    message: `the objects of namespace '${namespace}' keep podman's names without the namespace: an earlier version of podpose has created some of them`,
    help: `'podpose down' and 'podpose up' give them names such as '${namespace}_web'. Data of PersistentVolumeClaims is kept.`,
  };
}

function keptVolume(name: string, volume: string): Diagnostic {
  const { namespace, name: claim } = objectName(name);
  return {
    code: 'kept-name',
    severity: 'note',
    message: `PersistentVolumeClaim '${claim}' of namespace '${namespace}' uses volume/${volume}: the project has it from an earlier version of podpose`,
    help: `For a new and empty volume, set the annotation 'podpose.io/volume: ${name}' of the PersistentVolumeClaim.`,
  };
}
