import {
  jobRecords,
  recordOwner,
  recordSecrets,
  type JobRecord,
  type ObservedJobRecord,
} from '../../podman/job-record.ts';
import { jobSecretName } from '../../podman/operations/job.ts';
import type { Change, Reason } from '../change.ts';
import type { RecordDecision } from '../decide/job-records.ts';
import type { KnownState } from '../needs.ts';
import { lastIds, type Step } from '../step.ts';

/** Changes of the records of Jobs and CronJobs, with their steps. */
export interface RecordPlan {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/** The steps for the records. The pods of a Job come after its record, which a watcher would create them from. */
export function recordSteps(
  project: string,
  decisions: readonly RecordDecision[],
  secrets: readonly string[],
  needs: readonly string[],
): RecordPlan {
  const plans = decisions.map((decision) => stepsOf(project, decision, secrets, needs));
  return {
    changes: plans.flatMap(({ changes }) => changes),
    steps: plans.flatMap(({ steps }) => steps),
  };
}

function stepsOf(
  project: string,
  decision: RecordDecision,
  secrets: readonly string[],
  needs: readonly string[],
): RecordPlan {
  const { owner } = decision;
  if (decision.kind === 'keep') return { changes: [], steps: [] };
  const { kind, record, reason } = decision;
  const changes: readonly Change[] = [{ subject: { kind: 'job', owner }, action: kind, reason }];
  if (decision.kind === 'remove')
    return { changes, steps: removeRecord(project, decision.record, secrets, needs) };
  const old = decision.oldSecrets.filter((one) => secrets.includes(one));
  const creation = recordCreation(project, record, secrets, needs);
  return { changes, steps: [...creation, ...secretRemoval(owner, old, [owner])] };
}

/** Records a Job or CronJob, after its secret values. The ID of the last step is the owner: `job/load`. */
export function recordCreation(
  project: string,
  record: JobRecord,
  secrets: readonly string[],
  needs: readonly string[],
): readonly Step[] {
  const owner = recordOwner(record);
  const name = jobSecretName(project, record);
  const fingerprint = recordSecrets(record);
  const secret: readonly Step[] =
    name === undefined || fingerprint === undefined || secrets.includes(name)
      ? []
      : [
          {
            ...{ id: `secret/${owner}`, needs, cause: owner },
            operation: { kind: 'create-job-secret', project, owner, fingerprint },
          },
        ];
  const recording: Step = {
    ...{ id: owner, needs: lastIds(secret, needs), cause: owner },
    operation: { kind: 'record-job', project, record },
  };
  return [...secret, recording];
}

function secretRemoval(owner: string, secrets: readonly string[], needs: readonly string[]): readonly Step[] {
  if (secrets.length === 0) return [];
  return [
    { id: `remove-secrets/${owner}`, needs, cause: owner, operation: { kind: 'remove-secrets', secrets } },
  ];
}

/** Removes a record with its secret values. */
export function removeRecord(
  project: string,
  record: ObservedJobRecord,
  secrets: readonly string[],
  needs: readonly string[],
): readonly Step[] {
  const owner = recordOwner(record);
  const id = `remove/${owner}`;
  const name = jobSecretName(project, record);
  return [
    { id, needs, cause: owner, operation: { kind: 'remove-job-record', owner, container: record.container } },
    ...secretRemoval(owner, name !== undefined && secrets.includes(name) ? [name] : [], [id]),
  ];
}

/**
 * Removes the records of Jobs and CronJobs.
 * @param isWanted whether a record is to be removed
 */
export function planRecordRemoval(
  project: string,
  { containers, secrets = [] }: KnownState,
  isWanted: (record: ObservedJobRecord) => boolean,
  reason: Reason,
  needs: readonly string[],
): RecordPlan {
  const records = jobRecords(project, containers).filter(isWanted);
  return {
    changes: records.map((record) => ({
      ...{ subject: { kind: 'job', owner: recordOwner(record) }, action: 'remove', reason },
    })),
    steps: records.flatMap((record) => removeRecord(project, record, secrets, needs)),
  };
}
