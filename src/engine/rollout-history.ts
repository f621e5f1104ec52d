import { success } from '../base/result.ts';
import { latestRecord, revisionsOf } from '../plan/decide/revisions.ts';
import type { Revision } from '../podman/revisions-record.ts';
import type { Engine } from './engine.ts';
import type { EngineResult } from './failure.ts';
import { findWorkload } from './find-workload.ts';
import type { TargetOptions } from './target.ts';

export interface RolloutHistory {
  readonly owner: string;
  /** The oldest first; the last one is that of the newest pods. */
  readonly revisions: readonly Revision[];
}

/** The revisions that the pods of a workload record. */
export async function rolloutHistory(
  engine: Engine,
  options: TargetOptions,
): Promise<EngineResult<RolloutHistory>> {
  const found = await findWorkload(engine, options);
  if (!found.ok) return found;
  const { owner } = found.value;
  const latest = latestRecord(owner, found.value);
  return success({ owner, revisions: latest === undefined ? [] : revisionsOf(latest) });
}
