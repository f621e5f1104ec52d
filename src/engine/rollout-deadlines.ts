import { abortController, anyOf } from '../base/abort.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { keepDeadlines } from '../kubelet/deadlines.ts';
import type { Rollout } from './rollout.ts';
import { stopPod } from './stop-pods.ts';

/** The watch over activeDeadlineSeconds of pods. */
export interface Deadlines {
  /** Ends the watch. Returns the pods that exceeded their deadline. */
  readonly end: () => Promise<readonly DesiredPod[]>;
}

/** Stops pods at their deadlines, until it is ended. */
export function startDeadlines({ engine, pods, control, watch }: Rollout): Deadlines {
  const { clock, today } = engine.platform;
  const over = abortController();
  const kept = keepDeadlines(pods, {
    clock,
    today,
    observe: watch.observe,
    stopPod: async (pod) => {
      await stopPod(engine, pod, control);
    },
    over: anyOf(over.signal, control.stop),
  });
  return {
    end: () => {
      over.abort();
      return kept;
    },
  };
}
