import { stableUuid } from '../../base/digest.ts';
import { defined } from '../../base/defined.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import type { ObjectName } from '../../kube/spec/qualified-name.ts';

/** The name of an object, with its namespace unless that is the default one. */
export function nameMembers({ namespace, name }: ObjectName): object {
  return { name, ...defined({ namespace: namespace === POD_DEFAULTS.namespace ? undefined : namespace }) };
}

/** The uid of a workload: the same in every output, as no API server gives it one. @param owner `deploy/web` */
export function ownerUid(project: string, owner: string): string {
  return stableUuid(project, owner);
}
