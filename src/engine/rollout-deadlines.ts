import { abortController, anyOf } from '../base/abort.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { keepDeadlines } from '../kubelet/deadlines.ts';
import type { ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';
import type { StopControl } from './stop-control.ts';
import { stopPod } from './stop-pods.ts';

/** The pods whose deadlines are kept, and what observes them. */
export interface DeadlinePods {
  readonly engine: Engine;
  readonly project: string;
  readonly pods: readonly DesiredPod[];
  readonly control: StopControl;
  readonly watch: Pick<ContainerWatch, 'observe'>;
}

/** The watch over activeDeadlineSeconds of pods. */
export interface Deadlines {
  /** Whether a pod has been, or is being, stopped at its deadline. */
  readonly hasStopped: (pod: string) => boolean;
  /** Ends the watch. Returns the pods that exceeded their deadline. */
  readonly end: () => Promise<readonly DesiredPod[]>;
}

/** Stops pods at their deadlines, until it is ended. */
export function startDeadlines({ engine, project, pods, control, watch }: DeadlinePods): Deadlines {
  const { clock, today } = engine.platform;
  const over = abortController();
  const stopped = new Set<string>();
  const kept = keepDeadlines(pods, {
    clock,
    today,
    observe: watch.observe,
    stopPod: async (pod) => {
      stopped.add(pod.name);
      await stopPod(engine, project, pod, control);
    },
    over: anyOf(over.signal, control.stop),
  });
  return {
    hasStopped: (pod) => stopped.has(pod),
    end: () => {
      over.abort();
      return kept;
    },
  };
}
