/** What is known of a Job besides its spec and its pods. It is JSON-compatible: a label records it. Times are milliseconds since 1970. */
export interface JobStatus {
  /** Absent before the first look, and while the Job is suspended. */
  readonly startedAt?: number;
  /** The pods that have ended, by name. They count also after they were removed. */
  readonly ended: Readonly<Record<string, EndedPod>>;
  /** The end of the Job. */
  readonly end?: JobEnd;
  /** By `podpose stop`: no pod is created until a start, or the next up. */
  readonly isStopped?: true;
}

export const NEW_JOB: JobStatus = { ended: {} };

export interface EndedPod {
  readonly outcome: 'succeeded' | 'failed';
  readonly at: number;
  /** Of a Job with indexes. */
  readonly index?: number;
  /** By a rule of the podFailurePolicy: the failure does not count, or no other pod gets its index. */
  readonly policy?: 'ignored' | 'fails-index';
}

export interface JobEnd {
  readonly type: 'Complete' | 'Failed';
  readonly reason: JobEndReason;
  readonly message: string;
  readonly at: number;
}

/** The reasons of Kubernetes (pkg/apis/batch/v1 and pkg/controller/job). */
export type JobEndReason =
  | 'CompletionsReached'
  | 'BackoffLimitExceeded'
  | 'DeadlineExceeded'
  | 'PodFailurePolicy'
  | 'FailedIndexes'
  | 'MaxFailedIndexesExceeded';

/** A pod of a Job, as it is now. */
export interface JobPod {
  readonly name: string;
  readonly index?: number;
  readonly state: 'active' | 'succeeded' | 'failed';
  /** An active pod without all of its containers: what created it has ended before. */
  readonly isIncomplete?: true;
  /** When it has ended, or was seen to have ended, in milliseconds since 1970; absent for an active pod. */
  readonly endedAt?: number;
  /** The containers that have failed. */
  readonly failures: readonly { readonly container: string; readonly exitCode: number }[];
  /** The restarts of all of its containers. */
  readonly restarts: number;
}
