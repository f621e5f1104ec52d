import { desiredSpec, liveSpec } from '../../plan/compare/spec-documents.ts';
import { renderFileDiffs, renderSpecDiff } from '../../view/plan/spec-diff.ts';
import { prepare, withTexts } from '../../engine/prepare.ts';
import { readOnly } from '../questions.ts';
import type { Verb } from '../session.ts';

/** As `kubectl diff` and diff itself have them: 0 for no differences, 1 for some, more for trouble. */
const DIFF_EXIT = { same: 0, different: 1, trouble: 2 } as const;

/** `podpose diff`: a unified diff from what runs to what the files say. Touches nothing. */
export const diff: Verb = readOnly(async (session) => {
  const prepared = await prepare(session);
  if (typeof prepared === 'number') return Math.max(prepared, DIFF_EXIT.trouble);
  const { loaded, observed, plan } = await withTexts(session, prepared);
  const pairs = loaded.pods.map(({ pod }) => ({
    pod: pod.name,
    live: liveSpec(pod, observed),
    desired: desiredSpec(pod),
  }));
  const text = renderSpecDiff(pairs, session.paintOut) + renderFileDiffs(plan.changes, session.paintOut);
  session.platform.stdout.write(text);
  return text === '' ? DIFF_EXIT.same : DIFF_EXIT.different;
});
