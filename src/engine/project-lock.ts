import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import type { StopControl } from './stop-control.ts';
import type { Session } from '../cli/session.ts';

const TRY_AGAIN_MILLISECONDS = 200;

/** What keeps two podposes from changing one project at the same time. */
export interface ProjectLock {
  /** Takes it if it is free. Gives an exit code instead, and has said why, where there can be no lock. */
  readonly take: (project: string) => Promise<'taken' | 'busy' | ExitCode>;
  /** Takes it as soon as it is free, and says who is waited for. Gives an exit code where the wait has come to another end. */
  readonly wait: (project: string) => Promise<'taken' | ExitCode>;
  readonly release: () => void;
}

export function projectLock(
  { platform, paintErr, report, say }: Session,
  command: string,
  control: StopControl,
): ProjectLock {
  let release: () => void = () => undefined;
  const attempt = async (project: string): Promise<'taken' | { readonly holder: string } | ExitCode> => {
    const answer = await platform.lock(project, `podpose ${command}, process ${platform.pid}`);
    if (!answer.ok) {
      report(answer.error);
      return EXIT.failed;
    }
    if (answer.value.kind === 'busy') return answer.value;
    release = answer.value.release;
    return 'taken';
  };
  return {
    take: async (project) => {
      const outcome = await attempt(project);
      return typeof outcome === 'object' ? 'busy' : outcome;
    },
    wait: async (project) => {
      let told: string | undefined;
      for (;;) {
        const outcome = await attempt(project);
        if (typeof outcome !== 'object') return outcome;
        if (outcome.holder !== told)
          say(
            paintErr(
              'faint',
              `Waiting for ${outcome.holder}, which is at work on the project '${project}'.\n`,
            ),
          );
        told = outcome.holder;
        await platform.clock.sleep(TRY_AGAIN_MILLISECONDS, control.stop);
        if (control.stop.aborted) return EXIT.interrupted;
      }
    },
    release: () => {
      release();
      release = () => undefined;
    },
  };
}
