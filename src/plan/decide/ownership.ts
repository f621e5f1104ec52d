import type { Ownership } from '../../podman/labels.ts';
import type { KnownState } from '../needs.ts';

/**
 * The observed objects of a project. Objects of other projects are left out, also those of a pod with the same name.
 */
export function ownedBy<T extends KnownState>(project: string, observed: T): T {
  const isOwn = ({ owner }: { readonly owner?: Ownership }) => owner?.project === project;
  return {
    ...observed,
    pods: observed.pods.filter(isOwn),
    containers: observed.containers.filter(isOwn),
    ...(observed.volumes === undefined
      ? {}
      : {
          volumes: observed.volumes.filter(
            (volume) => isOwn(volume) || (volume.claim ?? volume.adoption)?.project === project,
          ),
        }),
  };
}
