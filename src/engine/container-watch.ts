import { abortController } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { observeProject } from '../podman/inspect/observe-containers.ts';
import type { Engine } from './engine.ts';

/** Polls the containers of a project after a plan was applied. */
export interface ContainerWatch {
  /** Lists the containers and pods. Empty if podman failed: see `error`. */
  readonly observe: () => Promise<ContainersAndPods>;
  /** Lists the containers only. */
  readonly poll: () => Promise<readonly ObservedContainer[]>;
  /** Error of the last poll. Undefined if it succeeded. */
  readonly error: () => readonly Diagnostic[] | undefined;
  /** Aborted when podman failed to list the containers. */
  readonly failed: AbortSignal;
}

/** A failed poll is retried: podman fails to list containers while one of them is being removed. */
const POLL_ATTEMPTS = 3;
const RETRY_MILLISECONDS = 300;

export function containerWatch(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  project: string,
  stop: AbortSignal,
): ContainerWatch {
  const failed = abortController();
  let error: readonly Diagnostic[] | undefined;
  const observe = async (): Promise<ContainersAndPods> => {
    for (let attempt = 1; ; attempt++) {
      const found = await observeProject(podman, project);
      error = found.ok ? undefined : found.error;
      if (found.ok) return found.value;
      if (attempt === POLL_ATTEMPTS || stop.aborted) break;
      await platform.clock.sleep(RETRY_MILLISECONDS, stop);
    }
    failed.abort();
    return { pods: [], containers: [] };
  };
  return {
    observe,
    poll: async () => (await observe()).containers,
    error: () => error,
    failed: failed.signal,
  };
}
