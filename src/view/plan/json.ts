import { defined } from '../../base/defined.ts';
import { escapeUnsafe } from '../../base/sanitize.ts';
import { commandOf } from '../../podman/operations/registry.ts';
import { shellLine } from '../../podman/operations/shell.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';
import { subjectId, type Action, type Reason } from '../../plan/change.ts';
import { describeReason } from '../../plan/describe.ts';
import { manifestPath } from '../../plan/compare/manifest-form/path.ts';
import { redact } from '../../plan/compare/redact.ts';
import type { Plan } from '../../plan/plan.ts';
import { publishedKind } from '../../podman/operations/registry.ts';
import { ownVariables } from './secret-files.ts';

/** Changed only if programs that read the plan have to change, not for a new member. */
const FORMAT_VERSION = '1.0';

/** The plan as JSON. The same plan gives the same bytes. */
export function renderPlanJson(plan: Plan, capabilities: PodmanCapabilities, podman = 'podman'): string {
  const withOwnVariables = ownVariables();
  const document = {
    formatVersion: FORMAT_VERSION,
    project: plan.project,
    changes: plan.changes.map(({ subject, owner, action, reason, stopSeconds }) => ({
      subject: subjectId(subject),
      ...subject,
      ...defined({ owner }),
      action: publishedAction(action),
      reason: { ...reasonMembers(reason), text: describeReason(reason) },
      ...defined({ stopSeconds }),
    })),
    steps: plan.steps.map(({ id, needs, after, cause, operation }) => ({
      id,
      needs,
      ...defined({ after, cause }),
      kind: publishedKind(operation),
      command: shellLine(withOwnVariables(commandOf(operation, capabilities, podman)), podman),
    })),
  };
  return `${escapeUnsafe(JSON.stringify(document, undefined, 2))}\n`;
}

/** The name of an action in the JSON format: programs rely on `mend`, the former name of `repair`. */
function publishedAction(action: Action): string {
  return action === 'repair' ? 'mend' : action;
}

function reasonMembers(reason: Reason): object {
  if (!('differences' in reason)) return reason;
  return {
    kind: reason.kind,
    differences: reason.differences.map(redact).map(({ path, lines, ...values }) => ({
      path: manifestPath(path),
      ...values,
      ...defined({ diff: lines?.join('\n') }),
    })),
  };
}
