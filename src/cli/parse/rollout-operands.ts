import { failure, success, type Result } from '../../base/result.ts';
import { usageError } from '../../engine/failure.ts';
import { kindOfOwner, ownerNamed } from '../../kube/workloads/owner.ts';
import { qualifiedOwner } from '../../kube/workloads/qualified-owner.ts';
import type { WorkloadKind } from '../../manifest/kinds.ts';

/** What `podpose rollout` can do. */
export const ROLLOUT_ACTIONS = ['status', 'restart', 'undo', 'history'] as const;
export type RolloutAction = (typeof ROLLOUT_ACTIONS)[number];

const CHANGES = ['restart', 'undo'] as const;

/** The actions that an option belongs to. */
export const OF_ACTION: Readonly<Record<string, readonly RolloutAction[]>> = {
  'to-revision': ['undo'],
  watch: ['status'],
  timeout: ['status', ...CHANGES],
  'dry-run': CHANGES,
  'infra-image': CHANGES,
  'host-ip': CHANGES,
  network: CHANGES,
};

/** As in kubectl. */
const KINDS: readonly WorkloadKind[] = ['Deployment', 'DaemonSet', 'StatefulSet'];

export interface RolloutOperands {
  /** As the user wrote them, in the form `deploy/web`. */
  readonly workloads: readonly string[];
  /** The same with their namespace: `deploy/staging_web`. */
  readonly owners: ReadonlySet<string>;
  readonly files: readonly string[];
}

/**
 * The workloads and files of `podpose rollout ACTION`. A workload is `deploy/web`, or `deploy web` in two words.
 * @param namespace that of the command line
 */
export function rolloutOperands(
  action: RolloutAction,
  operands: readonly string[],
  namespace?: string,
): Result<RolloutOperands> {
  const [first = '', second, ...rest] = operands;
  const isTwoWords = second !== undefined && ownerNamed(`${first}/x`) !== undefined;
  const words = isTwoWords ? [`${first}/${second}`, ...rest] : operands;
  const named = words.flatMap((word) => ownerNamed(word) ?? []);
  const files = words.filter((word) => ownerNamed(word) === undefined);
  const unsupported = named.filter((owner) => !isSupported(owner));
  if (unsupported.length > 0) return failure(unsupported.map((owner) => notSupported(action, owner)));
  const [, another] = named;
  if (named.length === 0 || (another !== undefined && action !== 'restart'))
    return failure([
      usageError(
        named.length === 0 ? 'missing-argument' : 'option-value',
        named.length === 0 ? `rollout ${action} needs a workload` : `rollout ${action} takes one workload`,
        `For example: podpose rollout ${action} deploy/web`,
      ),
    ]);
  const owners = named.map((owner) => qualifiedOwner(owner, namespace));
  return success({ workloads: named, owners: new Set(owners), files });
}

function isSupported(owner: string): boolean {
  const kind = kindOfOwner(owner);
  return kind !== undefined && KINDS.includes(kind);
}

function notSupported(action: RolloutAction, owner: string) {
  return usageError(
    'option-value',
    `rollout ${action} does not support ${owner}`,
    `It is for ${KINDS.join(', ')}.`,
  );
}
