import { stableJson, type Json } from '../../base/stable-json.ts';
import {
  recordOwner,
  type JobRecord,
  type ObservedJob,
  type ObservedJobRecord,
  type RunOptions,
} from '../../podman/job-record.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { jobSecretName } from '../../podman/operations/job.ts';
import type { Reason } from '../change.ts';
import { differences } from '../compare/difference.ts';
import type { KnownState } from '../needs.ts';

/** What becomes of the record of a Job or CronJob. */
export type RecordDecision =
  | { readonly kind: 'keep'; readonly owner: string }
  | {
      readonly kind: 'create' | 'replace' | 'update';
      readonly owner: string;
      readonly record: JobRecord;
      readonly reason: Reason;
      /** The podman secrets of the record before. */
      readonly oldSecrets: readonly string[];
    }
  | {
      readonly kind: 'remove';
      readonly owner: string;
      readonly record: ObservedJobRecord;
      readonly reason: Reason;
    };

export interface RecordInput {
  readonly project: string;
  readonly forceRecreate: boolean;
  /** Recorded for the pods that a watcher creates. */
  readonly runOptions: RunOptions;
}

/** Decides whether the record of a Job or CronJob is created, and what replaces it. */
export function recordDecision(
  given: JobRecord,
  before: ObservedJobRecord | undefined,
  { project, forceRecreate, runOptions: options }: RecordInput,
): RecordDecision {
  const record: JobRecord = Object.keys(options).length === 0 ? given : { ...given, options };
  const owner = recordOwner(record);
  if (before === undefined)
    return { kind: 'create', owner, record, reason: { kind: 'absent' }, oldSecrets: [] };
  const oldSecrets = [jobSecretName(project, before)].flatMap((name) =>
    name === undefined || name === jobSecretName(project, record) ? [] : [name],
  );
  if (forceRecreate && record.kind === 'job')
    return { kind: 'replace', owner, record, reason: { kind: 'force-recreate' }, oldSecrets };
  if (isReplaced(record, before))
    return {
      kind: 'replace',
      owner,
      record,
      reason: { kind: 'template-changed', differences: [] },
      oldSecrets,
    };
  const isSame = stableJson(recorded(record)) === stableJson(recorded(before));
  if (isSame && before.status.isStopped === true)
    return { kind: 'update', owner, record, reason: { kind: 'not-running', state: 'stopped' }, oldSecrets };
  if (isSame) return { kind: 'keep', owner };
  const changed = differences(shown(before), shown(record), ['spec']);
  const reason: Reason =
    changed.length === 0
      ? { kind: 'template-changed', differences: [] }
      : { kind: 'settings-differ', differences: changed };
  return { kind: 'update', owner, record, reason, oldSecrets };
}

function isReplaced(record: JobRecord, before: ObservedJobRecord): boolean {
  return record.kind === 'job' && before.kind === 'job' && record.job.hash !== before.job.hash;
}

function recorded(record: JobRecord): unknown {
  const { options = {} } = record;
  return { options, asked: record.kind === 'job' ? record.job : record.cronJob };
}

function shown(record: JobRecord): Json {
  const { spec } = record.kind === 'job' ? record.job : record.cronJob;
  return { ...spec } as unknown as Json;
}

/** The Job of a record with its pods. */
export function podsOfRecord({ job }: ObservedJob, { pods }: Pick<KnownState, 'pods'>): readonly string[] {
  return pods.filter(({ labels }) => decodeOwner(labels) === `job/${job.name}`).map(({ name }) => name);
}
