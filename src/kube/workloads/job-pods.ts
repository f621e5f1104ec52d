import type { CheckedObject } from '../../manifest/checked-document.ts';

export type Job = CheckedObject<'Job'>;

/** The most pods of a Job that run at the same time. */
export function podsOfJob({ value }: Job): number {
  const { completions, parallelism, suspend } = value.spec ?? {};
  if (suspend === true) return 0;
  return Math.min(parallelism ?? 1, completions ?? parallelism ?? 1);
}
