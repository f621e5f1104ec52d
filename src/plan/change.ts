import type { JobEnd } from '../kube/jobs/job-status.ts';
import type { ContainerRole, RestartPolicy } from '../kube/spec/desired.ts';
import type { ContainerState } from '../podman/inspect/observed.ts';
import type { UpdateObstacle } from '../podman/inspect/updates.ts';
import {
  claimSubject,
  containerSubject,
  networkSubject,
  podSubject,
  serviceSubject,
  volumeSubject,
} from '../podman/operations/subjects.ts';
import type { Difference } from './compare/difference.ts';

/**
 * The change of one pod, container, volume or network, with its reason. People read changes; steps are built from the same
 * decisions.
 */
export interface Change {
  readonly subject: Subject;
  /** The workload of its pod: `deploy/web`. Absent for a bare pod, and what belongs to no pod. */
  readonly owner?: string;
  readonly action: Action;
  readonly reason: Reason;
  /** The longest time until what runs has stopped; absent if nothing has to stop. */
  readonly stopSeconds?: number;
}

/** The grace period of containers that stop, as a member of a change. Without one, they are killed. */
export function stopSeconds(stops: boolean, graceSeconds: number): Pick<Change, 'stopSeconds'> {
  return stops && graceSeconds > 0 ? { stopSeconds: graceSeconds } : {};
}

export type Subject =
  PodSubject | ContainerSubject | VolumeSubject | ClaimSubject | NetworkSubject | ServiceSubject | JobSubject;

export interface PodSubject {
  readonly kind: 'pod';
  readonly pod: string;
}

export interface ContainerSubject {
  readonly kind: 'container';
  readonly pod: string;
  readonly role: ContainerRole;
  readonly name: string;
}

/** A volume of files (ConfigMap, Secret, ...) in a pod that is kept. */
export interface VolumeSubject {
  readonly kind: 'volume';
  readonly pod: string;
  readonly name: string;
}

/** The volume of a PersistentVolumeClaim. Belongs to no pod. */
export interface ClaimSubject {
  readonly kind: 'claim';
  readonly name: string;
}

/** The network of the project. */
export interface NetworkSubject {
  readonly kind: 'network';
  /** podman's name. */
  readonly name: string;
}

export interface ServiceSubject {
  readonly kind: 'service';
  readonly name: string;
}

/** A Job or CronJob itself: what is recorded for the watcher. */
export interface JobSubject {
  readonly kind: 'job';
  /** `job/load`, `cronjob/report` */
  readonly owner: string;
}

/**
 * - `create`: create a missing object
 * - `replace`: recreate an existing object
 * - `update`: change it in place
 * - `restart`: start an unchanged object again
 * - `repair`: finish or clean up after an interrupted run; it keeps running
 * - `stop`: stop it, and keep it
 * - `remove`: remove it
 * - `check`: it is up to date, but does not work as it should: reported, and kept
 */
export type Action = 'create' | 'replace' | 'update' | 'restart' | 'repair' | 'stop' | 'remove' | 'check';

export type Reason =
  | { readonly kind: 'absent' }
  /** Its settings differ from the manifest. */
  | {
      readonly kind: 'settings-differ';
      readonly differences: readonly Difference[];
      /** Why it is replaced although podman can update these fields in place. */
      readonly notInPlace?: UpdateObstacle | 'limit-removed';
    }
  /** Its image name refers to another image now. */
  | {
      readonly kind: 'image-changed';
      readonly image: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: 'pod-replaced' }
  /** Its init containers have changed. */
  | { readonly kind: 'init-chain-differs'; readonly containers: readonly string[] }
  | { readonly kind: 'not-running'; readonly state: ContainerState | 'absent'; readonly exitCode?: number }
  /** An init container re-runs because the whole pod was stopped. */
  | { readonly kind: 'pod-restarts' }
  /** It runs in the namespaces of an earlier infra container. */
  | { readonly kind: 'infra-restarted' }
  /** A container to be created or started needs a mount point in a volume of files. */
  | { readonly kind: 'mount-points-differ' }
  /** An init container did not complete, or failed. */
  | { readonly kind: 'init-unfinished'; readonly exitCode?: number }
  /** It was restarted, and has not been running for long. */
  | { readonly kind: 'crash-looping'; readonly restarts: number; readonly restartPolicy: RestartPolicy }
  /** It runs, and is not ready; with the last result of the probe that decides. */
  | { readonly kind: 'not-ready'; readonly probe: string }
  /** A Job that has failed. */
  | { readonly kind: 'job-failed'; readonly end: Pick<JobEnd, 'reason' | 'message'> }
  /** It was renamed by someone else. */
  | { readonly kind: 'renamed'; readonly name: string }
  /** An earlier run was interrupted while it replaced or updated the object. */
  | { readonly kind: 'interrupted' }
  /** Adopted: created by something else. */
  | { readonly kind: 'adopted' }
  | { readonly kind: 'force-recreate' }
  /** Its workload has fewer replicas than before. */
  | { readonly kind: 'replicas-reduced'; readonly replicas: number }
  /** Its Job has fewer completions than before, is suspended, or has ended. */
  | { readonly kind: 'job-reduced'; readonly pods: number }
  /** Its workload has another template now; with what differs, as far as the labels tell. */
  | { readonly kind: 'template-changed'; readonly differences: readonly Difference[] }
  /** An orphan: not in the given files. */
  | { readonly kind: 'not-in-files' }
  /** The rules of a Service do not lead to its pods. */
  | { readonly kind: 'endpoints-differ' }
  /** A network that no pod is on. */
  | { readonly kind: 'unused' }
  /** By `stop` or `restart`. */
  | { readonly kind: 'requested' }
  | { readonly kind: 'down' };

/**
 * Stable ID: `pod/web`, `pod/web init/setup`, `pod/web container/nginx`, `pod/web volume/config`,
 * `volume/data`, `network/podpose-demo`, `svc/web`, `job/load`, `cronjob/report`.
 */
export function subjectId(subject: Subject): string {
  switch (subject.kind) {
    case 'pod':
      return podSubject(subject.pod);
    case 'container':
      return containerSubject(subject.pod, subject.name, subject.role);
    case 'volume':
      return volumeSubject(subject.pod, subject.name);
    case 'claim':
      return claimSubject(subject.name);
    case 'network':
      return networkSubject(subject.name);
    case 'service':
      return serviceSubject(subject.name);
    case 'job':
      return subject.owner;
  }
}

/** The change's object as people read it: `deploy/web pod/web-5c9f1-1 container/nginx`. */
export function changeSubject({ owner, subject }: Pick<Change, 'owner' | 'subject'>): string {
  return owner === undefined ? subjectId(subject) : `${owner} ${subjectId(subject)}`;
}
