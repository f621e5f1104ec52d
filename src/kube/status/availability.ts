/** A container without a probe is ready as soon as it runs; one that crashes at its start has ended by then. */
const SECONDS_WITHOUT_PROBE = 1;
/** One that crashes again and again is ready between its crashes. */
const SECONDS_AFTER_RESTART = 10;

/** How many seconds a new container must have been ready until it counts as available. */
export function secondsUntilAvailable({
  isProbed,
  restarts,
  minReadySeconds,
}: {
  readonly isProbed: boolean;
  readonly restarts: number;
  readonly minReadySeconds: number;
}): number {
  return Math.max(
    minReadySeconds,
    isProbed ? 0 : SECONDS_WITHOUT_PROBE,
    restarts === 0 ? 0 : SECONDS_AFTER_RESTART,
  );
}
