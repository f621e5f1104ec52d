import { argumentBytes, LONGEST_ARGUMENT } from '../base/argument-limits.ts';
import { isObject, listOf, type JsonObject } from '../base/json-members.ts';
import { parseJson } from '../base/parse-json.ts';
import { stableJson, type Json } from '../base/stable-json.ts';
import { DECLARED_REVISIONS } from '../kube/spec/declared.ts';
import type { ObservedContainer, ObservedPod } from './inspect/observed.ts';
import { podMembers } from './inspect/pod-members.ts';
import { decodeDeclared } from './labels.ts';

/**
 * On a pod of a workload: the revision of its template, and the earlier ones, for 'rollout undo'. Templates
 * refer to Secrets by their names: no value of a Secret is in it.
 */
export const REVISIONS_LABEL = 'podpose.revisions';

/** A template that a workload has had. */
export interface Revision {
  /** 1 for the first one. */
  readonly revision: number;
  readonly template: JsonObject;
  /** The annotation kubernetes.io/change-cause of the workload. */
  readonly changeCause?: string;
}

/** What the label of a pod records. */
export interface RevisionRecord extends Revision {
  /** progressDeadlineSeconds of the workload. */
  readonly deadlineSeconds: number;
  /** The number of pods that it asked for when the pod was created. */
  readonly replicas?: number;
  /** The fields of its spec besides the template that cannot change, such as its selector. */
  readonly fixed?: JsonObject;
  /** The revisions before, the oldest first. */
  readonly earlier: readonly Revision[];
}

/** podman lists the labels of a pod twice: more than this would make each of its answers long. In bytes. */
const LONGEST_HISTORY = 49_152;

/** Without the oldest revisions if it would be too long; undefined if the template alone is. */
export function encodeRevisions(record: RevisionRecord): string | undefined {
  const text = shortened(record, LONGEST_HISTORY);
  if (text !== undefined) return text;
  const alone = stableJson({ ...record, earlier: [] });
  return argumentBytes(`${REVISIONS_LABEL}=${alone}`) <= LONGEST_ARGUMENT ? alone : undefined;
}

/** Each of the containers has it, beside its own settings. In bytes. */
const LONGEST_OF_CONTAINER = 16_384;

/** The same for the record of a container, which is created when its pod exists. */
export function revisionsMember(record: RevisionRecord): { readonly [DECLARED_REVISIONS]?: Json } {
  const value = parseJson(shortened(record, LONGEST_OF_CONTAINER) ?? '');
  return isObject(value) ? { [DECLARED_REVISIONS]: value } : {};
}

/** Without the oldest revisions, and undefined if that is not enough. */
function shortened(record: RevisionRecord, longest: number): string | undefined {
  const { earlier } = record;
  for (let first = 0; first <= earlier.length; first++) {
    const text = stableJson({ ...record, earlier: earlier.slice(first) });
    if (argumentBytes(text) <= longest) return text;
  }
  return undefined;
}

/** The record of a pod; undefined if the label is missing or edited. */
export function decodeRevisions(labels: Readonly<Record<string, string>>): RevisionRecord | undefined {
  return decodeRecord(parseJson(labels[REVISIONS_LABEL] ?? ''));
}

/** The newest record of a pod and its containers: a StatefulSet changes its containers, and the labels of a pod stay. */
export function podRevisions(
  { name, labels }: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): RevisionRecord | undefined {
  const ofPod = decodeRevisions(labels);
  return podMembers(name, containers)
    .flatMap((one) => decodeRecord(decodeDeclared(one.labels)?.[DECLARED_REVISIONS]) ?? [])
    .reduce((newest, one) => (one.revision > (newest?.revision ?? 0) ? one : newest), ofPod);
}

function decodeRecord(value: Json | undefined): RevisionRecord | undefined {
  if (!isObject(value)) return undefined;
  const { deadlineSeconds, earlier, fixed, replicas } = value;
  const [own] = decodeRevision(value);
  if (own === undefined || typeof deadlineSeconds !== 'number') return undefined;
  return {
    ...{ ...own, deadlineSeconds, earlier: listOf(earlier).flatMap(decodeRevision) },
    ...(isObject(fixed) ? { fixed } : {}),
    ...(typeof replicas === 'number' ? { replicas } : {}),
  };
}

function decodeRevision(value: Json): readonly Revision[] {
  const { revision, template, changeCause } = isObject(value) ? value : {};
  if (typeof revision !== 'number' || !isObject(template)) return [];
  return [{ revision, template, ...(typeof changeCause === 'string' ? { changeCause } : {}) }];
}
