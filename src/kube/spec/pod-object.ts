import type { FieldPath } from '../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { Container, Pod } from '../../manifest/schema/generated/kubernetes.ts';
import type { DeclaredFields } from './declared.ts';
import type { ContainerRole } from './desired.ts';

/** A Pod from a manifest, without the parts that the schema rejected; or the template of a workload as one. */
export type PodObject = CheckedObject<'Pod'> & {
  /** Some rules and defaults of Kubernetes hold for pods and not for templates. */
  readonly isTemplate?: true;
  /** For a pod of a workload. */
  readonly origin?: PodOrigin;
  /** Of a Job: the pod that is converted, with words in the place of its number. */
  readonly template?: PodObject;
  /** A pod of a workload with 0 replicas, which is only checked. */
  readonly isUnused?: true;
  /** The proxy of Ingresses, which takes other host ports where its own cannot be had. */
  readonly isProxy?: true;
  /** What each of its containers records besides its own fields. */
  readonly declared?: DeclaredFields;
};

/** Where a pod of a workload comes from. */
export interface PodOrigin {
  /** The workload: `deploy/web`. */
  readonly owner: string;
  /** The path in the workload of a path in the pod. */
  readonly pathOf: (path: FieldPath) => FieldPath;
}

/** A container in a manifest with its path. Any field may be missing. */
export interface ContainerObject {
  readonly role: ContainerRole;
  readonly path: FieldPath;
  readonly value: Incomplete<Container>;
}

/** All containers of a pod in start order: init containers first. */
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

/** Whether any container mounts the volume. */
export function isMounted(volume: string, { spec }: Pod): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name }) => name === volume),
  );
}
