import { defined } from '../../base/defined.ts';
import type { JsonObject } from '../../base/json-members.ts';
import { compareTexts } from '../../base/text.ts';
import { templateHash } from '../../kube/workloads/template-hash.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import type { ContainersAndPods } from '../../podman/inspect/decode.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { podRevisions, type Revision, type RevisionRecord } from '../../podman/revisions-record.ts';

/** The record of the newest revision of a workload that has pods; undefined without one. */
export function latestRecord(
  owner: string,
  { pods, containers }: ContainersAndPods,
): RevisionRecord | undefined {
  return pods
    .filter(({ labels }) => decodeOwner(labels) === owner)
    .sort((a, b) => compareTexts(a.name, b.name))
    .flatMap((pod) => podRevisions(pod, containers) ?? [])
    .reduce<RevisionRecord | undefined>(
      (latest, record) => (latest === undefined || record.revision > latest.revision ? record : latest),
      undefined,
    );
}

/**
 * What new pods of a workload record: another template than that of the newest revision is the next revision, also if it has
 * been there before, as on a cluster.
 * @param observed the existing pods of the project
 */
export function nextRecord(
  { owner, history, replicas, rollout: { deadlineSeconds } }: Workload,
  observed: ContainersAndPods,
): RevisionRecord | undefined {
  if (history === undefined) return undefined;
  // The schema has checked the template: it is JSON.
  const template = history.template as JsonObject;
  const { changeCause, fixed } = history;
  const now = { deadlineSeconds, replicas, ...defined({ fixed }) };
  const own = { template, ...now, ...defined({ changeCause }) };
  const latest = latestRecord(owner, observed);
  if (latest === undefined) return { ...own, revision: 1, earlier: [] };
  const hash = templateHash(template);
  if (templateHash(latest.template) === hash) return { ...latest, ...now };
  const earlier = revisionsOf(latest).filter((one) => templateHash(one.template) !== hash);
  return {
    ...own,
    revision: latest.revision + 1,
    earlier: earlier.slice(Math.max(0, earlier.length - history.limit)),
  };
}

/** The revisions of a record, the oldest first. */
export function revisionsOf({
  earlier,
  revision,
  template,
  changeCause,
}: RevisionRecord): readonly Revision[] {
  return [...earlier, { revision, template, ...defined({ changeCause }) }];
}
