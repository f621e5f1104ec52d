import type { StopControl } from './stop-control.ts';
import type { Session } from './session.ts';

const TRY_AGAIN_MILLISECONDS = 200;

/** What keeps two podposes from changing one project at the same time. */
export interface ProjectLock {
  /** Takes it if it is free. */
  readonly take: (project: string) => Promise<boolean>;
  /** Takes it as soon as it is free, and says who is waited for. False when the wait was ended from outside. */
  readonly wait: (project: string) => Promise<boolean>;
  readonly release: () => void;
}

export function projectLock(
  { world, paintErr, say }: Session,
  verb: string,
  control: StopControl,
): ProjectLock {
  let release: () => void = () => undefined;
  const attempt = async (project: string): Promise<string | undefined> => {
    const answer = await world.lock(project, `podpose ${verb}, process ${world.pid}`);
    if (answer.kind === 'busy') return answer.holder;
    release = answer.release;
    return undefined;
  };
  return {
    take: async (project) => (await attempt(project)) === undefined,
    wait: async (project) => {
      let told: string | undefined;
      for (;;) {
        const holder = await attempt(project);
        if (holder === undefined) return true;
        if (holder !== told)
          say(paintErr('faint', `Waiting for ${holder}, which is at work on the project '${project}'.\n`));
        told = holder;
        await world.clock.sleep(TRY_AGAIN_MILLISECONDS, control.stop);
        if (control.stop.aborted) return false;
      }
    },
    release: () => {
      release();
      release = () => undefined;
    },
  };
}
