import { escapeUnsafe } from '../../base/sanitize.ts';
import { commandOf } from '../../podman/operations/registry.ts';
import { shellLine } from '../../podman/operations/shell.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';
import { subjectId, type Reason } from '../../plan/change.ts';
import { describeReason } from '../../plan/describe.ts';
import { manifestPath } from '../../plan/compare/manifest-form/path.ts';
import { redact } from '../../plan/compare/redact.ts';
import type { Plan } from '../../plan/plan.ts';
import { publishedKind } from '../../podman/operations/registry.ts';
import { ownVariables } from './secret-files.ts';

/**
 * Raised when a program that reads the plan would have to be changed; a new member alone does not raise it.
 */
const FORMAT_VERSION = '1.0';

/** The plan for programs. Same plan, same text, byte for byte. */
export function renderPlanJson(plan: Plan, capabilities: PodmanCapabilities, podman = 'podman'): string {
  const withOwnVariables = ownVariables();
  const document = {
    formatVersion: FORMAT_VERSION,
    project: plan.project,
    changes: plan.changes.map(({ subject, action, reason }) => ({
      subject: subjectId(subject),
      ...subject,
      action,
      reason: { ...reasonMembers(reason), text: describeReason(reason) },
    })),
    steps: plan.steps.map(({ id, needs, cause, operation }) => ({
      id,
      needs,
      ...(cause === undefined ? {} : { cause }),
      kind: publishedKind(operation),
      command: shellLine(withOwnVariables(commandOf(operation, capabilities, podman)), podman),
    })),
  };
  return `${escapeUnsafe(JSON.stringify(document, undefined, 2))}\n`;
}

function reasonMembers(reason: Reason): object {
  if (reason.kind !== 'settings-differ') return reason;
  return {
    kind: reason.kind,
    differences: reason.differences.map(redact).map(({ path, lines, ...values }) => ({
      path: manifestPath(path),
      ...values,
      ...(lines === undefined ? {} : { diff: lines.join('\n') }),
    })),
  };
}
