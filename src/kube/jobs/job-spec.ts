import { defined } from '../../base/defined.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { JobSpec as ManifestSpec } from '../../manifest/schema/generated/kubernetes.ts';

/** What a Job asks for besides its template, with all defaults. It is JSON-compatible: a label records it. */
export interface JobSpec {
  /** Absent for a work queue: the Job is complete when one of its pods has succeeded, and all have ended. */
  readonly completions?: number;
  readonly parallelism: number;
  readonly isIndexed: boolean;
  readonly suspend: boolean;
  readonly restartPolicy: 'Never' | 'OnFailure';
  /** The most failed pods; with restartPolicy OnFailure, restarts. */
  readonly backoffLimit: number;
  /** The most failed pods of one index. */
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  /** Seconds since the start of the Job. */
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
  /** The rules of the podFailurePolicy that can match here: no pod has the conditions of a cluster. */
  readonly failureRules: readonly FailureRule[];
}

export type FailureAction = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';

export interface FailureRule {
  /** Its position in the manifest. */
  readonly index: number;
  readonly action: FailureAction;
  readonly operator: 'In' | 'NotIn';
  readonly values: readonly number[];
  /** Absent for any container. */
  readonly container?: string;
}

/** SetDefaults_Job in pkg/apis/batch/v1. */
const BACKOFF_LIMIT = 6;
const NO_LIMIT = 2_147_483_647;

/** The spec of a Job that the checks have accepted. */
export function jobSpecOf(spec: Incomplete<ManifestSpec>): JobSpec {
  const { completions, parallelism, backoffLimit, backoffLimitPerIndex } = spec;
  return {
    // Without both, a Job has one completion.
    ...defined({ completions: completions ?? (parallelism === undefined ? 1 : undefined) }),
    parallelism: parallelism ?? 1,
    isIndexed: spec.completionMode === 'Indexed',
    suspend: spec.suspend === true,
    restartPolicy: spec.template?.spec?.restartPolicy === 'OnFailure' ? 'OnFailure' : 'Never',
    backoffLimit: backoffLimit ?? (backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : NO_LIMIT),
    ...defined({
      backoffLimitPerIndex,
      maxFailedIndexes: spec.maxFailedIndexes,
      activeDeadlineSeconds: spec.activeDeadlineSeconds,
      ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished,
    }),
    failureRules: (spec.podFailurePolicy?.rules ?? []).flatMap(({ action, onExitCodes }, index) =>
      action === undefined || onExitCodes?.operator === undefined
        ? []
        : [
            {
              ...{ index, action, operator: onExitCodes.operator, values: onExitCodes.values ?? [] },
              ...defined({ container: onExitCodes.containerName }),
            },
          ],
    ),
  };
}
