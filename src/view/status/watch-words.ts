import type { WatchNotice } from '../../engine/engine.ts';

/** A line about a container that has ended or was restarted: `web/app ended (exit code 1), restarting in 20 s`. */
export function watchWords(notice: WatchNotice): string {
  const { kind, pod, container, restarts } = notice;
  const name = `${pod}/${container}`;
  switch (kind) {
    case 'restarted':
      return `${name} restarted (restart ${restarts})`;
    case 'ended':
      return `${name} ended (${endWords(notice)})${restartWords(notice)}`;
    case 'probed':
    case 'unhealthy':
    case 'probe-warning':
      return `${name}: ${notice.message ?? ''}`;
    case 'killed':
      return `${name} is stopped, as a probe has failed: ${notice.message ?? ''}`;
    case 'post-start-failed':
      return `${name} is stopped: ${notice.message ?? ''}`;
    case 'restarting-all':
      return `${name} ended with an exit code that restarts all containers of ${pod}`;
    case 'deadline-exceeded':
      return `${pod} is stopped: activeDeadlineSeconds exceeded`;
    case 'pre-stop-failed':
      return `${name}: ${notice.message ?? ''}`;
    case 'start-failed':
      return `${name} failed to start${restartWords(notice)}: ${notice.message ?? 'unknown reason'}`;
  }
}

function endWords({ exitCode = 0, reason }: WatchNotice): string {
  return reason === 'OOMKilled' ? `out of memory, exit code ${exitCode}` : `exit code ${exitCode}`;
}

function restartWords({ waitSeconds }: WatchNotice): string {
  if (waitSeconds === undefined) return '';
  return waitSeconds === 0 ? ', restarting' : `, restarting in ${Math.round(waitSeconds * 10) / 10} s`;
}
