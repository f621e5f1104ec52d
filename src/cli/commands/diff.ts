import { success } from '../../base/result.ts';
import { planProject } from '../../engine/plan-project.ts';
import { desiredSpec, liveSpec } from '../../plan/compare/spec-documents.ts';
import { renderFileDiffs, renderSpecDiff } from '../../view/plan/spec-diff.ts';
import type { Command } from '../command.ts';
import { exitCodeOf } from '../exit-code.ts';
import { planOptions } from '../options.ts';
import { readOnly } from '../read-only.ts';
import { withChangedLines } from '../show-plan.ts';

/** Exit codes of `kubectl diff` and diff(1): 0 no differences, 1 differences, >1 error. */
const DIFF_EXIT = { same: 0, different: 1, trouble: 2 } as const;

/** `podpose diff`: differences between running pods and the manifests (unified diff). Read-only. */
export const diff: Command = {
  exitCodeOf: (kind) => Math.max(exitCodeOf(kind), DIFF_EXIT.trouble),
  run: readOnly(async (context) => {
    const { engine, platform, paintOut } = context;
    const options = planOptions(context);
    if (!options.ok) return options;
    const planned = await planProject(engine, options.value);
    if (!planned.ok) return planned;
    const { pods, observed } = planned.value;
    const { changes } = await withChangedLines(context, planned.value);
    const pairs = pods.map(({ pod }) => ({
      pod: pod.name,
      live: liveSpec(pod, observed),
      desired: desiredSpec(pod, observed),
    }));
    const text = renderSpecDiff(pairs, paintOut) + renderFileDiffs(changes, paintOut);
    platform.stdout.write(text);
    return success(text === '' ? DIFF_EXIT.same : DIFF_EXIT.different);
  }),
};
