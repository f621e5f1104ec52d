import type { FieldPath } from '../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { Container, Pod } from '../../manifest/schema/generated/kubernetes.ts';
import type { ContainerRole } from './desired.ts';

/** A Pod as it was read: what was wrong with its structure has been taken out and reported. */
export type PodObject = CheckedObject<'Pod'>;

/** A container as it stands in a manifest, with its place. Any field may be missing. */
export interface ContainerObject {
  readonly role: ContainerRole;
  readonly path: FieldPath;
  readonly value: Incomplete<Container>;
}

/** All containers of a pod in the order in which they start: first the init containers. */
export function containersOf(pod: PodObject): readonly ContainerObject[] {
  return [
    ...(pod.value.spec?.initContainers ?? []).map((value, index) => ({
      role: 'init' as const,
      path: ['spec', 'initContainers', index],
      value,
    })),
    ...(pod.value.spec?.containers ?? []).map((value, index) => ({
      role: 'container' as const,
      path: ['spec', 'containers', index],
      value,
    })),
  ];
}

/** Whether any container has a volume. */
export function isMounted(volume: string, { spec }: Pod): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name }) => name === volume),
  );
}
