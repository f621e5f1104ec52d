import { success } from '../base/result.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import type { StopControl } from './stop-control.ts';

const TRY_AGAIN_MILLISECONDS = 200;

/** Keeps two podpose processes from changing one project at the same time. */
export interface ProjectLock {
  /** Acquires the lock if it is free. Fails if locks do not work here. */
  readonly take: (project: string) => Promise<EngineResult<'taken' | 'busy'>>;
  /** Waits for the lock and acquires it. Reports its holder. */
  readonly wait: (project: string) => Promise<EngineResult<'taken'>>;
  readonly release: () => void;
}

/** @param command shown to other processes that wait for the lock: `up` */
export function projectLock(
  { platform, host }: Pick<Engine, 'platform' | 'host'>,
  command: string,
  { stop }: Pick<StopControl, 'stop'>,
): ProjectLock {
  let release: () => void = () => undefined;
  const attempt = async (project: string) => {
    const answer = await platform.lock(project, `podpose ${command}, process ${platform.pid}`);
    if (answer.ok && answer.value.kind === 'taken') ({ release } = answer.value);
    return answer;
  };
  return {
    take: async (project) => {
      const answer = await attempt(project);
      return answer.ok ? success(answer.value.kind) : failed('failed', answer.error);
    },
    wait: async (project) => {
      let reported: string | undefined;
      for (;;) {
        const answer = await attempt(project);
        if (!answer.ok) return failed('failed', answer.error);
        if (answer.value.kind === 'taken') return success('taken');
        const { holder } = answer.value;
        if (holder !== reported) host.emit({ kind: 'waiting-for-lock', project, holder });
        reported = holder;
        await platform.clock.sleep(TRY_AGAIN_MILLISECONDS, stop);
        if (stop.aborted) return failed('interrupted', []);
      }
    },
    release: () => {
      release();
      release = () => undefined;
    },
  };
}
