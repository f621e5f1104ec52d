import type { Paint } from '../../base/paint.ts';
import type { RolloutHistory } from '../../engine/rollout-history.ts';
import { renderTable } from '../terminal/table.ts';

/** The revisions of a workload in the columns of kubectl. */
export function renderHistory({ owner, revisions }: RolloutHistory, paint: Paint): string {
  if (revisions.length === 0) return `${owner} records no revisions.\n`;
  return renderTable(
    ['REVISION', 'CHANGE-CAUSE'],
    revisions.map(({ revision, changeCause = '<none>' }) => [
      { text: revision.toString() },
      { text: changeCause },
    ]),
    paint,
  );
}
