/** The facts about a running container that tell whether it is stable. Times are in seconds since 1970. */
export interface RunFacts {
  readonly restarts: number;
  readonly createdAt: number;
  /** The start of the current run. */
  readonly startedAt: number;
}

/** The kubelet's first back-off (initialBackOff in pkg/kubelet/kuberuntime/kuberuntime_container.go). */
const SHORTEST_SECONDS = 10;

/** After running for so long, the kubelet resets the back-off (MaxContainerBackOff in pkg/kubelet/kubelet.go, doubled). */
const LONGEST_SECONDS = 600;

/**
 * Whether a running container was restarted, and has not yet run long enough to be taken as stable: twice as long as its
 * runs were until now, on average. A single look at a container that crashes every 30 seconds finds it running, but never
 * for a minute.
 * @param now seconds since 1970
 */
export function isCrashLooping({ restarts, createdAt, startedAt }: RunFacts, now: number): boolean {
  if (restarts === 0) return false;
  const twice = (2 * (startedAt - createdAt)) / restarts;
  const isLoop = restarts > 1 && twice <= LONGEST_SECONDS;
  return now - startedAt < (isLoop ? Math.max(SHORTEST_SECONDS, twice) : SHORTEST_SECONDS);
}
