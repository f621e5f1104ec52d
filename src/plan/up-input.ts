import type { SourcedJobs } from '../kube/jobs/sourced-jobs.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import type { Workload } from '../kube/workloads/workload.ts';
import type { HostPathToCreate } from './build/pod.ts';
import type { PullOption } from './decide/images.ts';
import type { NoWatcher } from './decide/no-watcher.ts';
import type { KnownState } from './needs.ts';
import type { JobPlan } from './plan-jobs.ts';

export interface UpOptions {
  readonly pull?: PullOption;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  /** Adopt pods and volumes created by `podman kube play`. */
  readonly adopt: boolean;
  readonly infraImage?: string;
  /** Whether podpose's watcher restarts the containers, or why podman does. By default, podman does, without a report. */
  readonly watcher?: 'available' | NoWatcher;
  /** Changes only pods of these workloads, such as `deploy/web`; all pods of the project by default. */
  readonly only?: ReadonlySet<string>;
  /** The existing network that pods join, instead of that of the project. */
  readonly network?: string;
  /** The namespace of the command line: pods and Services of others are no orphans. */
  readonly namespace?: string | undefined;
}

/** Whether the plan keeps a pod, or has it from the files. */
export function isWanted({ pods, held }: Pick<UpInput, 'pods' | 'held'>, name: string): boolean {
  return held?.has(name) === true || pods.some(({ pod }) => pod.name === name);
}

export interface UpInput extends Partial<SourcedJobs> {
  readonly project: string;
  /** In the order of the files. */
  readonly pods: readonly SourcedPod[];
  /** The owners of pods. By default, none: all pods are bare. */
  readonly workloads?: readonly Workload[];
  readonly services?: readonly SourcedService[];
  /** Names of existing pods that are neither changed nor removed, although the files have no pod of their settings. */
  readonly held?: ReadonlySet<string>;
  /** Observed state so far. */
  readonly observed: KnownState;
  readonly options: UpOptions;
  /** Host paths to create, by pod name; for the pods of a Job, by the Job: `job/load`. */
  readonly hostPaths: ReadonlyMap<string, readonly HostPathToCreate[]>;
}

/** With the pods of Jobs among the pods. */
export interface PlannedInput extends UpInput {
  readonly ofJobs: JobPlan;
}
