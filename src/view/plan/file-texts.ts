import { digest } from '../../base/digest.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { isFilesSource } from '../../kube/spec/volume-kinds.ts';
import type { Change } from '../../plan/change.ts';
import { changedFile, textKey } from '../../plan/compare/changed-files.ts';
import type { Difference } from '../../plan/compare/difference.ts';
import type { Plan } from '../../plan/plan.ts';
import { textDiff } from './spec-diff.ts';

/** File contents by `textKey`, which joins the podman volume name and the path. */
export type FileTexts = ReadonlyMap<string, string>;

/**
 * Adds the changed lines of files to a plan. A text is used only if it has the recorded digest: modified and binary
 * files are not shown.
 */
export function withFileTexts(plan: Plan, pods: readonly DesiredPod[], texts: FileTexts): Plan {
  const changes = plan.changes.map((change): Change => {
    const { reason } = change;
    if (reason.kind !== 'settings-differ') return change;
    const differences = reason.differences.map((difference) => withText(change, difference, pods, texts));
    return { ...change, reason: { ...reason, differences } };
  });
  return { ...plan, changes };
}

function withText(
  change: Change,
  difference: Difference,
  pods: readonly DesiredPod[],
  texts: FileTexts,
): Difference {
  const file = changedFile(change, difference);
  if (file === undefined || !('pod' in change.subject)) return difference;
  const { before, after } = difference;
  const old = before === undefined ? '' : texts.get(textKey(file));
  const current = after === undefined ? '' : desiredText(pods, change.subject.pod, file);
  const isOld = before === undefined || (old !== undefined && digest(old) === before);
  return isOld && old !== undefined && current !== undefined
    ? { ...difference, lines: textDiff(old, current) }
    : difference;
}

function desiredText(
  pods: readonly DesiredPod[],
  podName: string,
  { name, path }: { readonly name: string; readonly path: string },
): string | undefined {
  const source = pods
    .find((pod) => pod.name === podName)
    ?.volumes.find((volume) => volume.name === name)?.source;
  if (source === undefined || !isFilesSource(source)) return undefined;
  const content = source.files.find((file) => file.path === path)?.content;
  return content?.type === 'text' ? content.text : undefined;
}
