import { LABEL, WATCHED_LABEL } from '../labels.ts';
import type { ObservedContainer } from './observed.ts';

/**
 * Gives containers that were updated the label `podpose.watched` of their record containers: an update can hand the
 * restarts of a container to the watcher, or to podman.
 */
export function withWatchedLabels(containers: readonly ObservedContainer[]): readonly ObservedContainer[] {
  const recorded = new Map(
    containers.flatMap(({ owner, labels }) => {
      const [id, watched] = [labels[LABEL.recordOf], labels[WATCHED_LABEL]];
      return owner?.role === 'note' && id !== undefined && watched !== undefined ? [[id, watched]] : [];
    }),
  );
  if (recorded.size === 0) return containers;
  return containers.map((container) => {
    const watched = recorded.get(container.id);
    return watched === undefined
      ? container
      : { ...container, labels: { ...container.labels, [WATCHED_LABEL]: watched } };
  });
}
