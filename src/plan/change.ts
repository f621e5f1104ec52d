import type { ContainerRole } from '../pod/desired.ts';
import type { ContainerState } from '../podman/observed.ts';
import type { Difference } from './difference.ts';

/**
 * What is to happen to one pod or container, and why. Changes are what a person reads; the steps that carry
 * them out are made from them.
 */
export interface Change {
  readonly subject: Subject;
  readonly action: Action;
  readonly reason: Reason;
}

export type Subject = PodSubject | ContainerSubject;

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

/**
 * - `create`: it is not there and is made
 * - `replace`: it is there and is made anew
 * - `start`: it is there, as it should be, and does not run
 * - `remove`: it is there and should not be
 */
export type Action = 'create' | 'replace' | 'start' | 'remove';

export type Reason =
  | { readonly kind: 'absent' }
  /** What it was made from is not what the manifest says now. */
  | { readonly kind: 'settings-differ'; readonly differences: readonly Difference[] }
  /** Its pod has containers that differ, come or go. */
  | { readonly kind: 'containers-differ'; readonly containers: readonly string[] }
  | { readonly kind: 'pod-replaced' }
  | { readonly kind: 'not-running'; readonly state: ContainerState | 'absent'; readonly exitCode?: number }
  /** An init container that has to run once more, since the whole pod was down. */
  | { readonly kind: 'pod-restarts' }
  /** An init container that did not come to its end, or came to a bad one. */
  | { readonly kind: 'init-unfinished'; readonly exitCode?: number }
  | { readonly kind: 'force-recreate' }
  /** No file of the project has it any more. */
  | { readonly kind: 'orphan' }
  | { readonly kind: 'down' };

/** A stable name for a subject: `pod/web`, `pod/web init/setup`, `pod/web container/nginx`. */
export function subjectId(subject: Subject): string {
  return subject.kind === 'pod' ? `pod/${subject.pod}` : `pod/${subject.pod} ${subject.role}/${subject.name}`;
}
