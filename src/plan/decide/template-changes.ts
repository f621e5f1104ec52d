import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { memberOf } from '../../base/json-members.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { compareTexts } from '../../base/text.ts';
import {
  isPaused,
  isRolledOut,
  ownerOfObject,
  RESTARTED_AT,
  type RolledOut,
  type TemplateChange,
  type TemplateChanges,
} from '../../kube/workloads/template-changes.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { ContainersAndPods } from '../../podman/inspect/decode.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { lastAppliedSettings } from '../../podman/last-applied.ts';
import { latestRecord, revisionsOf } from './revisions.ts';

/** What a user asks for instead of the templates in the files, until the next `up`. */
export interface RevisionRequest {
  /** The workloads: `deploy/web`. */
  readonly owners: ReadonlySet<string>;
  readonly action:
    | { readonly kind: 'restart'; readonly at: string }
    // Without a number, that before the newest one.
    | { readonly kind: 'undo'; readonly revision?: number };
}

/** What a command asks for besides the files. */
export interface TemplateWishes {
  readonly revision?: RevisionRequest | undefined;
  /** The workloads that keep the template of their pods. */
  readonly scaled?: ReadonlySet<string> | undefined;
}

/**
 * The templates that differ from those in the files: those that a user asks for; those of the pods of a paused Deployment, or
 * of one that is only scaled; and those of restarted pods, which keep the time of their restart, as the API server keeps the
 * annotation in 'kubectl apply'.
 * @param observed the existing pods of the project
 */
export function templateChanges(
  documents: readonly CheckedDocument[],
  observed: ContainersAndPods,
  { revision: asked, scaled = new Set() }: TemplateWishes = {},
): Result<TemplateChanges> {
  const workloads = documents.filter(isRolledOut);
  const owners = new Set(workloads.map(ownerOfObject));
  const unknown = [...(asked?.owners ?? [])].filter((owner) => !owners.has(owner));
  if (unknown.length > 0) return failure(unknown.map((owner) => unknownWorkload(owner, owners)));
  const changes = workloads.map((workload): readonly [string, Result<TemplateChange | undefined>] => {
    const owner = ownerOfObject(workload);
    const isAsked = asked?.owners.has(owner) === true;
    return [
      owner,
      isAsked
        ? askedChange(workload, observed, asked.action)
        : success(kept(workload, observed, scaled.has(owner))),
    ];
  });
  const mistakes = changes.flatMap(([, change]) => (change.ok ? [] : change.error));
  if (mistakes.length > 0) return failure(mistakes);
  return success(
    new Map(
      changes.flatMap(([owner, change]) =>
        change.ok && change.value !== undefined ? [[owner, change.value]] : [],
      ),
    ),
  );
}

/** The change that the pods of a workload keep. */
function kept(
  workload: CheckedDocument & RolledOut,
  observed: ContainersAndPods,
  isScaled: boolean,
): TemplateChange | undefined {
  const owner = ownerOfObject(workload);
  if (isPaused(workload) || isScaled) {
    const template = latestRecord(owner, observed)?.template;
    if (template !== undefined) return { kind: 'revision', template };
    if (isPaused(workload)) return { kind: 'no-pods' };
  }
  const at = restartOf(owner, observed);
  const written = workload.value.spec?.template?.metadata?.annotations?.[RESTARTED_AT] ?? '';
  return at > written ? { kind: 'restarted', at } : undefined;
}

/** The time of the last restart of the pods of a workload; empty for none. */
function restartOf(owner: string, { pods }: ContainersAndPods): string {
  const times = pods
    .filter(({ labels }) => decodeOwner(labels) === owner)
    .map(({ labels }) => memberOf(lastAppliedSettings(labels), 'metadata', 'annotations', RESTARTED_AT));
  return (
    times
      .filter((time) => typeof time === 'string')
      .sort(compareTexts)
      .at(-1) ?? ''
  );
}

function askedChange(
  workload: CheckedDocument & RolledOut,
  observed: ContainersAndPods,
  action: RevisionRequest['action'],
): Result<TemplateChange> {
  const owner = ownerOfObject(workload);
  if (isPaused(workload)) return failure([paused(owner, action.kind)]);
  if (action.kind === 'restart') return success({ kind: 'restarted', at: action.at });
  const latest = latestRecord(owner, observed);
  const { revision: number = latest?.earlier.at(-1)?.revision } = action;
  const revisions = latest === undefined ? [] : revisionsOf(latest);
  const found = revisions.find(({ revision }) => revision === number);
  return found === undefined
    ? failure([
        noSuchRevision(
          owner,
          action.revision,
          revisions.map(({ revision }) => revision),
        ),
      ])
    : success({ kind: 'revision', template: found.template });
}

function unknownWorkload(owner: string, owners: ReadonlySet<string>): Diagnostic {
  return {
    code: 'no-such-workload',
    severity: 'error',
    message: `no ${owner} in the given files`,
    ...defined({ suggestion: suggest(owner, owners) }),
  };
}

function paused(owner: string, action: string): Diagnostic {
  return {
    code: 'workload-paused',
    severity: 'error',
    message: `cannot ${action} ${owner}: it is paused, and keeps the template of its pods`,
    help: "Remove 'paused: true' from the file.",
  };
}

function noSuchRevision(owner: string, wanted: number | undefined, revisions: readonly number[]): Diagnostic {
  return {
    code: 'no-such-revision',
    severity: 'error',
    message:
      wanted === undefined
        ? `no earlier revision of ${owner} to return to`
        : `no revision ${wanted} of ${owner}`,
    help:
      revisions.length === 0
        ? 'Its pods record no revisions. podpose up creates pods that do.'
        : `Its pods record: ${revisions.join(', ')}. 'podpose rollout history ${owner}' lists them.`,
  };
}
