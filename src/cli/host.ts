import type { Paint } from '../base/paint.ts';
import type { EngineEvent, Host } from '../engine/engine.ts';
import type { Platform } from '../platform/platform.ts';
import { shellLine } from '../podman/operations/shell.ts';
import { containerSubject, podSubject } from '../podman/operations/subjects.ts';
import { watchWords } from '../view/status/watch-words.ts';
import { formatElapsed } from '../view/terminal/duration.ts';
import type { ProgressKind } from '../view/progress/types.ts';
import type { Messages } from './messages.ts';

export interface HostSettings extends Pick<Messages, 'report' | 'say'>, Pick<Host, 'hideSecrets'> {
  readonly platform: Pick<Platform, 'stderr' | 'clock'>;
  readonly progress: ProgressKind;
  readonly verbose: boolean;
  readonly paint: Paint;
}

/** Prints the events of use cases on a terminal. */
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
    openApplyView: async () => {
      const { openProgress } = await import('../view/progress/progress.ts');
      return openProgress(progress, { terminal: platform.stderr, clock: platform.clock, paint, verbose });
    },
  };
}

type WaitEvent = Extract<EngineEvent, { readonly kind: 'waiting-for-pods' }>;

/** Words of a command that are shown: enough to recognize the query. */
const SHOWN_WORDS = 3;

function wordsOf(event: Exclude<EngineEvent, { readonly kind: 'diagnostics' }>, paint: Paint): string {
  switch (event.kind) {
    case 'waiting-for-podman': {
      const args = event.args.slice(0, SHOWN_WORDS);
      const command = shellLine({ program: 'podman', args }, event.program);
      return `${paint('faint', `Waiting for podman: ${command}`)}\n`;
    }
    case 'waiting-for-lock':
      return paint('faint', `Waiting for the lock of project '${event.project}', held by ${event.holder}.\n`);
    case 'planning-again':
      return 'The project changed in the meantime. Planning again.\n';
    case 'nothing-left':
      return 'Nothing is left to do.\n';
    case 'waiting-for-pods':
      return event.waits
        .map((wait) => `${paint('faint', `Waiting for ${waitWords(wait)}${sinceWords(event.seconds)}.`)}\n`)
        .join('');
    case 'waiting-interrupted':
      return '\nNo longer waiting: the pods continue to run.\n';
    case 'following-logs':
      return paint('faint', 'Following the logs. Press Ctrl-C to stop the pods.\n');
    case 'container-ended': {
      const { pod, container, exitCode, isRestarted, isPastDeadline } = event;
      const again = isRestarted ? ' and is being restarted' : '';
      const late =
        isPastDeadline === true ? ': the deadline of its pod has passed (activeDeadlineSeconds)' : '';
      const tone = exitCode === 0 ? 'faint' : 'error';
      return `${paint(tone, `pod/${pod} container/${container} ended with exit code ${exitCode}${again}${late}.`)}\n`;
    }
    case 'watched':
      return `${watchWords(event.notice)}\n`;
    case 'watched-elsewhere':
      return event.isAnswering
        ? `Another podpose watches project '${event.project}' from now on, and restarts its containers.\n`
        : `Another process watches project '${event.project}' and does not answer: containers that end may not be restarted.\n`;
    case 'watching-again':
      return `The other podpose has ended: this one restarts the containers of project '${event.project}' again.\n`;
    case 'stopping-pods':
      return `\nStopping ${event.pods.join(', ')} (up to ${event.seconds} s). Press Ctrl-C again to kill.\n`;
    case 'pods-stopped':
      return `${event.isKilled ? '\nKilled.' : 'Stopped.'} The same command starts what has not completed; 'podpose -p ${event.project} down' removes the pods.\n`;
  }
}

function sinceWords(seconds: number): string {
  return seconds === 0 ? '' : `, ${formatElapsed(seconds).replace('.0', '')} so far`;
}

/** `pod/web container/app (not ready)` */
function waitWords({ pod, container, role, state }: WaitEvent['waits'][number]): string {
  return `${container === undefined ? podSubject(pod) : containerSubject(pod, container, role)} (${state})`;
}
