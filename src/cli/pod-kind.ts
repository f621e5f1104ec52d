import { failure, success, type Result } from '../base/result.ts';
import { usageError } from '../engine/failure.ts';

const WORDS: ReadonlySet<string> = new Set(['pod', 'pods', 'po']);

/** Kinds of kubectl that a user may ask for. podpose has pods only. */
const OTHER_KINDS =
  /^(all|services?|svc|deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|configmaps?|cm|secrets?|nodes?|no|namespaces?|ns|events?|ev|persistentvolumeclaims?|pvc|persistentvolumes?|pv|ingress(es)?|ing)$/;

/**
 * The operands of `get` and `describe` without kubectl's word for the kind: `pods`, `pod web`, `po web db`. Other operands are
 * those of `ps`.
 */
export function podNames(command: string, operands: readonly string[]): Result<readonly string[]> {
  const [first = '', ...rest] = operands;
  if (WORDS.has(first)) return success(rest);
  if (OTHER_KINDS.test(first))
    return failure([
      usageError(
        'no-such-pod',
        `podpose ${command} has pods only, not '${first}'`,
        `Use 'podpose ${command} pods'${rest.length === 0 ? '' : `, or 'podpose ${command} pod/NAME'`}.`,
      ),
    ]);
  return success(operands);
}
