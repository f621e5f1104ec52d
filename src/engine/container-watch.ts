import { abortController } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { observeContainers } from '../podman/inspect/observe-containers.ts';
import type { Engine } from './engine.ts';

/** How a project's containers are looked at, again and again, after a plan has been carried out. */
export interface ContainerWatch {
  /** The containers as podman lists them; none where it does not, which `error` then tells. */
  readonly look: () => Promise<readonly ObservedContainer[]>;
  /** Why the last look has shown nothing; undefined where it has shown what there is. */
  readonly error: () => readonly Diagnostic[] | undefined;
  /** Given once podman has failed to list the containers. */
  readonly failed: AbortSignal;
}

/** A look that fails is repeated: podman fails to list containers, too, while one of them is being removed. */
const LOOKS = 3;
const BETWEEN_LOOKS_MILLISECONDS = 300;

export function containerWatch(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  project: string,
  stop: AbortSignal,
): ContainerWatch {
  const failed = abortController();
  let error: readonly Diagnostic[] | undefined;
  return {
    look: async () => {
      for (let look = 1; ; look++) {
        const found = await observeContainers(podman, project);
        error = found.ok ? undefined : found.error;
        if (found.ok) return found.value;
        if (look === LOOKS || stop.aborted) break;
        await platform.clock.sleep(BETWEEN_LOOKS_MILLISECONDS, stop);
      }
      failed.abort();
      return [];
    },
    error: () => error,
    failed: failed.signal,
  };
}
