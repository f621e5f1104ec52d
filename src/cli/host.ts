import type { Paint } from '../base/paint.ts';
import type { EngineEvent, Host } from '../engine/engine.ts';
import type { Platform } from '../platform/platform.ts';
import { shellLine } from '../podman/operations/shell.ts';
import { openProgress } from '../view/progress/progress.ts';
import type { ProgressKind } from '../view/progress/types.ts';
import type { Messages } from './messages.ts';

export interface HostSettings extends Pick<Messages, 'report' | 'say'>, Pick<Host, 'hideSecrets'> {
  readonly platform: Pick<Platform, 'stderr' | 'clock'>;
  readonly progress: ProgressKind;
  readonly verbose: boolean;
  readonly paint: Paint;
}

/** Shows on a terminal what use cases report. */
export function terminalHost({
  platform,
  progress,
  verbose,
  paint,
  report,
  say,
  hideSecrets,
}: HostSettings): Host {
  return {
    hideSecrets,
    emit: (event) => {
      if (event.kind === 'diagnostics') report(event.diagnostics, event.sources);
      else say(wordsOf(event, paint));
    },
    openApplyView: () =>
      openProgress(progress, { terminal: platform.stderr, clock: platform.clock, paint, verbose }),
  };
}

/** As many words of a command as tell what it asks. */
const SHOWN_WORDS = 3;

function wordsOf(event: Exclude<EngineEvent, { readonly kind: 'diagnostics' }>, paint: Paint): string {
  switch (event.kind) {
    case 'waiting-for-podman': {
      const args = event.args.slice(0, SHOWN_WORDS);
      const command = shellLine({ program: 'podman', args }, event.program);
      return `${paint('faint', `Waiting for an answer of: ${command}`)}\n`;
    }
    case 'waiting-for-lock':
      return paint(
        'faint',
        `Waiting for ${event.holder}, which is at work on the project '${event.project}'.\n`,
      );
    case 'planning-again':
      return 'Something else was at work on the same things: looking again.\n';
    case 'nothing-left':
      return 'Nothing is left to do.\n';
    case 'following-logs':
      return paint('faint', 'Following the logs. Ctrl-C stops the pods.\n');
    case 'stopping-pods':
      return `\nStopping ${event.pods.join(', ')}; Ctrl-C once more kills.\n`;
    case 'pods-stopped':
      return `${event.isKilled ? 'Killed.' : 'Stopped.'} \`podpose up\` starts them again, \`podpose down\` removes them.\n`;
  }
}
