import type { CheckedObject } from '../../manifest/checked-document.ts';

export type Job = CheckedObject<'Job'>;

/** The number of pods that the manifest asks for: all completions, or one for each worker of a work queue. */
export function podsOfJob({ value }: Job): number {
  const { completions, parallelism, suspend } = value.spec ?? {};
  return suspend === true || parallelism === 0 ? 0 : (completions ?? parallelism ?? 1);
}
