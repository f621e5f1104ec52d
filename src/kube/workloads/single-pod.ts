import { formatPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { namespaceOf, qualifiedName, qualifiedNameOf, type ObjectName } from '../spec/qualified-name.ts';
import type { WorkloadObject } from './workload.ts';

/** Why only one pod of a template can run on one node, as a clause; undefined if several can. */
export function singlePodReason(
  { value }: WorkloadObject,
  documents: readonly CheckedDocument[],
): string | undefined {
  const template = value.spec?.template?.spec;
  const namespace = namespaceOf(value.metadata);
  if (template === undefined) return undefined;
  if (template.hostNetwork === true) return 'only one can use the ports of the host network';
  for (const list of ['initContainers', 'containers'] as const)
    for (const [index, { ports = [] }] of (template[list] ?? []).entries())
      for (const [port, { hostPort = 0 }] of ports.entries())
        if (hostPort !== 0)
          return `only one can use the hostPort ${hostPort} (${formatPath(['spec', 'template', 'spec', list, index, 'ports', port])})`;
  const claim = template.volumes?.find(
    ({ persistentVolumeClaim }) =>
      persistentVolumeClaim?.claimName !== undefined &&
      isForOnePod({ namespace, name: persistentVolumeClaim.claimName }, documents),
  )?.persistentVolumeClaim?.claimName;
  return claim === undefined
    ? undefined
    : `PersistentVolumeClaim '${claim}' allows a single pod (ReadWriteOncePod)`;
}

function isForOnePod(claim: ObjectName, documents: readonly CheckedDocument[]): boolean {
  return documents.some(
    (document) =>
      document.kind === 'PersistentVolumeClaim' &&
      qualifiedNameOf(document.value.metadata) === qualifiedName(claim) &&
      document.value.spec?.accessModes?.includes('ReadWriteOncePod') === true,
  );
}
