import type { WatchedFacts } from './facts.ts';

/**
 * The last result of the probe that keeps a container from being ready, as in `readiness GET :8080/ -> 503, 2 of 3 failed`.
 * Undefined if it is ready, or if nothing is known.
 */
export function missingProbe({ started, ready, probes = [] }: WatchedFacts): string | undefined {
  if (ready !== false && started !== false) return undefined;
  const kind = started === false ? 'startup' : 'readiness';
  return probes.find((words) => words.startsWith(`${kind} `)) ?? `${kind} probe`;
}
