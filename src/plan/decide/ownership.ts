import type { Ownership } from '../../podman/labels.ts';
import type { KnownState } from '../needs.ts';

/**
 * What podman has of a project. Another project may have left something of a pod of the same name, and that is
 * none of this one's business.
 */
export function ownedBy<T extends KnownState>(project: string, observed: T): T {
  const isOwn = ({ owner }: { readonly owner?: Ownership }) => owner?.project === project;
  return {
    ...observed,
    pods: observed.pods.filter(isOwn),
    containers: observed.containers.filter(isOwn),
    ...(observed.volumes === undefined
      ? {}
      : { volumes: observed.volumes.filter((volume) => isOwn(volume) || volume.claim?.project === project) }),
  };
}
