import type { ContainerRole } from '../kube/spec/desired.ts';
import type { ContainerState } from '../podman/inspect/observed.ts';
import type { UpdateObstacle } from '../podman/inspect/updates.ts';
import { claimSubject, containerSubject, podSubject, volumeSubject } from '../podman/operations/subjects.ts';
import type { Difference } from './compare/difference.ts';

/**
 * What is to happen to one pod, container or volume, and why. Changes are what a person reads; the steps that carry
 * them out are made from the same decisions.
 */
export interface Change {
  readonly subject: Subject;
  readonly action: Action;
  readonly reason: Reason;
}

export type Subject = PodSubject | ContainerSubject | VolumeSubject | ClaimSubject;

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

/** A volume made of files, in a pod that stays. */
export interface VolumeSubject {
  readonly kind: 'volume';
  readonly pod: string;
  readonly name: string;
}

/** The volume of a claim, which belongs to no pod. */
export interface ClaimSubject {
  readonly kind: 'claim';
  readonly name: string;
}

/**
 * - `create`: it is not there and is made
 * - `replace`: it is there and is made anew
 * - `update`: it is changed as it runs
 * - `restart`: it is there and as it should be, but has to start, or run, once more
 * - `mend`: it runs as it should, and only something about it is put right
 * - `remove`: it is there and should not be
 */
export type Action = 'create' | 'replace' | 'update' | 'restart' | 'mend' | 'remove';

export type Reason =
  | { readonly kind: 'absent' }
  /** What it was made from is not what the manifest says now. */
  | {
      readonly kind: 'settings-differ';
      readonly differences: readonly Difference[];
      /** Why it is made anew, although podman has a command to change it while it runs. */
      readonly notInPlace?: UpdateObstacle | 'limit-removed';
    }
  /** The name of its image means another image by now. */
  | {
      readonly kind: 'image-changed';
      readonly image: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: 'pod-replaced' }
  /** What its init containers prepare is not what they prepared before it was made. */
  | { readonly kind: 'init-chain-differs'; readonly containers: readonly string[] }
  | { readonly kind: 'not-running'; readonly state: ContainerState | 'absent'; readonly exitCode?: number }
  /** An init container that has to run once more, since the whole pod was down. */
  | { readonly kind: 'pod-restarts' }
  /** It runs in the namespaces of an infra container that has ended; the pod has another one by now. */
  | { readonly kind: 'infra-restarted' }
  /** A container that is made or started mounts something in a volume of files, at a place that is not made yet. */
  | { readonly kind: 'mount-points-differ' }
  /** An init container that did not come to its end, or came to a bad one. */
  | { readonly kind: 'init-unfinished'; readonly exitCode?: number }
  /** Somebody has given it another name. */
  | { readonly kind: 'renamed'; readonly name: string }
  /** An earlier run was cut short while it took the place of another, or was to. */
  | { readonly kind: 'interrupted' }
  /** Something else has made it, and it is taken over. */
  | { readonly kind: 'adopted' }
  | { readonly kind: 'force-recreate' }
  /** No file of the project has it any more. */
  | { readonly kind: 'not-in-files' }
  | { readonly kind: 'down' };

/** A stable name: `pod/web`, `pod/web init/setup`, `pod/web container/nginx`, `pod/web volume/config`, `volume/data`. */
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
  }
}
