import { failure, success, type Result } from '../base/result.ts';
import { usageError } from '../engine/failure.ts';
import { ownerNamed } from '../kube/workloads/owner.ts';
import { POD_WORDS } from '../engine/pod-reference.ts';

/** Kinds of kubectl that a user may ask for. podpose has pods only. */
const OTHER_KINDS =
  /^(all|services?|svc|deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj|configmaps?|cm|secrets?|nodes?|no|namespaces?|ns|events?|ev|persistentvolumeclaims?|pvc|persistentvolumes?|pv|ingress(es)?|ing)$/;

function isWorkloadWord(word: string): boolean {
  return ownerNamed(`${word}/a`) !== undefined;
}

/**
 * The operands of `get`, `describe` and `wait` without kubectl's word for the kind: `pods`, `pod web`, `po web db`. Other
 * operands are those of `ps`.
 */
export function podNames(command: string, operands: readonly string[]): Result<readonly string[]> {
  const [first = '', ...rest] = operands;
  // `deploy/web`, `deploy web`: the pods of a workload.
  if (ownerNamed(first) !== undefined) return success(operands);
  if (rest.length > 0 && isWorkloadWord(first)) return success(rest.map((name) => `${first}/${name}`));
  const [resources = '', name] = first.split('/', 2);
  const kinds = resources.split(',');
  const other = kinds.find((kind) => OTHER_KINDS.test(kind));
  const isKinds = kinds.every((kind) => POD_WORDS.has(kind) || OTHER_KINDS.test(kind));
  if (!isKinds || (other === undefined && name !== undefined)) return success(operands);
  if (other === undefined) return success(rest);
  return failure([
    usageError(
      'no-such-pod',
      `podpose ${command} has ${command === 'get' ? 'pods, workloads and Services' : 'pods'} only, not '${other}'`,
      `Use 'podpose ${command} pods'${rest.length === 0 && name === undefined ? '' : `, or 'podpose ${command} pod/NAME'`}.`,
    ),
  ]);
}
