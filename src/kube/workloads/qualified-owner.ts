import { POD_DEFAULTS } from '../spec/defaults.ts';
import { qualifiedName } from '../spec/qualified-name.ts';

/** The owner of the pods of a workload that is named without its namespace: `deploy/staging_web` for `deploy/web`. */
export function qualifiedOwner(owner: string, namespace: string = POD_DEFAULTS.namespace): string {
  const at = owner.indexOf('/') + 1;
  return `${owner.slice(0, at)}${qualifiedName({ namespace, name: owner.slice(at) })}`;
}
