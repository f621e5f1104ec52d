import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import { isJob, recordNamespace, type ObservedJobRecord } from '../podman/job-record.ts';
import { decodeOwner } from '../podman/labels.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';
import type { ObservedContainer, ObservedState, ObservedVolume } from '../podman/inspect/observed.ts';
import { stopSeconds, subjectId, type Change, type Reason, type Subject } from './change.ts';
import { canStop, isPaused } from './decide/found-containers.ts';
import { ownedBy } from './decide/ownership.ts';
import type { KnownState } from './needs.ts';
import type { Plan } from './plan.ts';
import { mountedSources } from './compare/last-applied.ts';
import { lastIds, type Step } from './step.ts';
import { removeLeftRecords } from './build/adoptions.ts';
import { removeClaims } from './build/claims.ts';
import { planNetworkRemoval, projectNetwork, unusedNetwork } from './build/network.ts';
import {
  removeContainersSteps,
  closeSubPathsSteps,
  removePodSteps,
  removeVolumeSteps,
} from './build/removal.ts';
import { stopContainersSteps, terminateSteps } from './build/termination.ts';
import { planHeadlessRemoval } from './headless-services.ts';
import { planServiceRemoval } from './build/services.ts';
import { servicePodsOf } from './decide/services.ts';
import { planRecordRemoval } from './build/job-records.ts';
import { podsOfRecord } from './decide/job-records.ts';
import { secretsOf } from './decide/secrets.ts';
import { removeSecretSteps } from './build/secrets.ts';

export interface DownInput {
  readonly project: string;
  readonly observed: ObservedState;
  /** Only these pods of the project; all of them when absent. */
  readonly pods?: readonly string[];
  /** The namespace that these pods are all pods of: its Services are removed, too. */
  readonly namespace?: string;
  /** Seconds; each pod's own grace period when absent. */
  readonly graceSeconds?: number;
  /** Remove volumes of PersistentVolumeClaims and their data, too. */
  readonly volumes?: boolean;
}

/** Plans the removal of a project's pods, and with `volumes` of its PersistentVolumeClaims. */
export function planDown(input: DownInput): Plan {
  const { project, observed, pods, namespace, graceSeconds, volumes = false } = input;
  const own = ownedBy(project, observed);
  const wanted = podsOf(own).filter((pod) => pods === undefined || pods.includes(pod));
  const removal = planRemoval(project, wanted, own, { kind: 'down' }, { graceSeconds });
  const removedServices = servicePodsOf(project, observed).filter(({ service }) =>
    namespace === undefined ? pods === undefined : service?.record.service.namespace === namespace,
  );
  const headless = planHeadlessRemoval(
    project,
    observed,
    (service) => (namespace === undefined ? pods === undefined : service.namespace === namespace),
    { kind: 'down' },
    lastIds(removal.steps, []),
  );
  const gone = new Set([...wanted, ...removedServices.map(({ name }) => name)]);
  const services = planServiceRemoval(removedServices, { kind: 'down' }, lastIds(removal.steps, []));
  const records = planRecordRemoval(
    project,
    observed,
    (record) =>
      namespace === undefined
        ? pods === undefined || isLeftWithout(record, wanted, own)
        : recordNamespace(record) === namespace,
    { kind: 'down' },
    lastIds(removal.steps, []),
  );
  const claims = volumes
    ? removeClaims(claimVolumesOf(input), { kind: 'down' }, lastIds(removal.steps, []))
    : { changes: [], steps: [] };
  const adoptions =
    volumes && pods === undefined ? removeLeftRecords(own.volumes) : { changes: [], steps: [] };
  const network = planNetworkRemoval(
    unusedNetwork(project, observed, (pod) => pods === undefined || gone.has(pod)),
    { kind: 'down' },
    [...removal.steps, ...services.steps],
  );
  return {
    project,
    changes: [
      ...removal.changes,
      ...services.changes,
      ...headless.changes,
      ...records.changes,
      ...network.changes,
      ...claims.changes,
      ...adoptions.changes,
    ],
    steps: [
      ...removal.steps,
      ...services.steps,
      ...headless.steps,
      ...records.steps,
      ...network.steps,
      ...claims.steps,
      ...adoptions.steps,
    ],
    warnings: [],
  };
}

/**
 * The PersistentVolumeClaim volumes to remove with the pods: all of the project. If only some pods are removed, the
 * volumes that no other pod mounts.
 */
export function claimVolumesOf({ project, observed, pods }: DownInput): readonly ObservedVolume[] {
  const own = ownedBy(project, observed);
  const claims = own.volumes.filter(({ claim }) => claim !== undefined);
  if (pods === undefined) return claims;
  const isMountedBy = (containers: readonly ObservedContainer[]) => {
    const mounted = new Set(
      containers.flatMap(({ labels }) => mountedSources(labels).map(([, source]) => source['claimName'])),
    );
    return ({ claim }: ObservedVolume) => mounted.has(claim?.claimName ?? '');
  };
  const isRemoved = ({ owner }: ObservedContainer) => pods.includes(owner?.pod ?? '');
  const isWanted = isMountedBy(own.containers.filter(isRemoved));
  const isKept = isMountedBy(own.containers.filter((container) => !isRemoved(container)));
  return claims.filter((volume) => isWanted(volume) && !isKept(volume));
}

/** Whether all pods of a Job are removed: it would create others. */
function isLeftWithout(
  record: ObservedJobRecord,
  removed: readonly string[],
  own: Pick<ObservedState, 'pods'>,
): boolean {
  const pods = isJob(record) ? podsOfRecord(record, own) : [];
  return pods.length > 0 && pods.every((pod) => removed.includes(pod));
}

/** The network of the project, if `down` keeps it, with the pods and containers of others that are on it. */
export function keptNetworkOf({ project, observed, pods }: DownInput): ReturnType<typeof projectNetwork> {
  const network = projectNetwork(project, observed, (pod) => pods?.includes(pod) ?? true);
  const own = new Set(ownedBy(project, observed).pods.map(({ name }) => `pod/${name}`));
  // The pods of the project that stay are reason enough.
  return network === undefined || network.users.length === 0 || network.users.some((user) => own.has(user))
    ? undefined
    : network;
}

/** Names of pods with any object left, sorted. */
export function podsOf({ pods, containers, volumes = [] }: KnownState): readonly string[] {
  const names = [...pods, ...containers, ...volumes].flatMap(({ owner }) => owner?.pod ?? []);
  return [...new Set(names)].sort();
}

export interface RemovalOptions {
  /** Seconds; each pod's own grace period when absent. */
  readonly graceSeconds?: number | undefined;
  /** Steps that must succeed first. */
  readonly needs?: readonly string[];
}

/**
 * Removes pods with their containers, volumes and secrets, also if an interrupted run has left only some of them.
 * @param observed objects of the project only
 */
export function planRemoval(
  project: string,
  pods: readonly string[],
  observed: ObservedState,
  reason: Reason | ((subject: Subject) => Reason),
  { graceSeconds, needs = [] }: RemovalOptions = {},
): { readonly changes: readonly Change[]; readonly steps: readonly Step[] } {
  const changes: Change[] = [];
  const steps: Step[] = [];
  for (const pod of pods) {
    const containers = observed.containers
      .filter(({ owner }) => owner?.pod === pod)
      .sort((a, b) => compareTexts(a.name, b.name));
    const podId = subjectId({ kind: 'pod', pod });
    const grace = graceSeconds ?? graceOf(containers);
    const current = observed.pods.find(({ name }) => name === pod);
    const exists = current !== undefined;
    const stops = containers.some(canStop);
    const owner = current === undefined ? undefined : decodeOwner(current.labels);
    const remove = (subject: Subject): Change => ({
      subject,
      ...defined({ owner }),
      action: 'remove',
      reason: typeof reason === 'function' ? reason(subject) : reason,
    });
    if (exists) changes.push({ ...remove({ kind: 'pod', pod }), ...stopSeconds(stops, grace) });
    for (const container of containers)
      if (container.owner?.role !== 'note')
        changes.push(
          remove({
            kind: 'container',
            pod,
            role: container.owner?.role === 'init' ? 'init' : 'container',
            name: container.owner?.name ?? '',
          }),
        );
    const misplaced = containers.filter(({ podName }) => podName !== pod);
    const running = misplaced.filter(canStop).map(({ name }) => name);
    const paused = isPaused(pod, observed);
    const stopping = { pod, current, members: containers, graceSeconds: grace, cause: podId, needs };
    const stop = stopContainersSteps(`stop-containers/${pod}`, running, stopping);
    const members = containers.filter(({ podName }) => podName === pod);
    const terminate = exists ? terminateSteps(`terminate/${pod}`, { ...stopping, members }, paused) : [];
    const names = misplaced.map(({ name }) => name);
    const removed = [
      ...terminate,
      ...(exists
        ? removePodSteps(
            { pod, isPaused: paused, containers: members.length },
            grace,
            podId,
            lastIds(terminate, needs),
          )
        : []),
      ...stop,
      ...removeContainersSteps(`remove-containers/${pod}`, names, grace, podId, lastIds(stop, needs)),
    ];
    const ids = lastIds(removed, needs);
    const secrets = secretsOf(project, pod, observed.secrets ?? []);
    steps.push(
      ...removed,
      ...closeSubPathsSteps(pod, containers, podId, ids),
      ...removeVolumeSteps(pod, observed.volumes, podId, ids),
      ...removeSecretSteps(pod, secrets, podId, ids),
    );
  }
  return { changes, steps };
}

/** Longest grace period of the containers. Record containers never run. */
export function graceOf(containers: ObservedState['containers']): number {
  const byDefault = POD_DEFAULTS.terminationGracePeriodSeconds;
  const seconds = containers
    .filter(({ owner }) => owner?.role !== 'note')
    .map(({ labels }) => lastAppliedContainer(labels)?.terminationGracePeriodSeconds ?? byDefault);
  return seconds.length === 0 ? byDefault : Math.max(...seconds);
}
