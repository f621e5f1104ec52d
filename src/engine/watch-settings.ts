import type { Diagnostic } from '../base/diagnostic.ts';
import { WATCH_DEFAULTS, type WatchSettings } from '../kubelet/watched.ts';
export type { WatchSettings } from '../kubelet/watched.ts';
import type { NoWatcher } from '../plan/decide/no-watcher.ts';
import type { Environment } from '../platform/environment.ts';

/**
 * The settings of the watcher. Undefined if there is none, and podman's restart policy is used: the user has disabled it,
 * or podman is remote, so that its containers outlive any process on this machine.
 * @param env podman's environment
 */
export function watchSettings(env: Environment): WatchSettings | undefined {
  if (noWatcher(env) !== undefined) return undefined;
  const seconds = backOffSeconds(env);
  return seconds === 'invalid' ? WATCH_DEFAULTS : { ...WATCH_DEFAULTS, firstBackOffSeconds: seconds };
}

/** Why podpose has no watcher; undefined if it has one. */
export function noWatcher(env: Environment): NoWatcher | undefined {
  if (isRemotePodman(env)) return 'remote';
  return env['PODPOSE_WATCH'] === 'off' ? 'disabled' : undefined;
}

/** Whether podman runs the containers on another machine, or as another user. */
export function isRemotePodman(env: Environment): boolean {
  return ['CONTAINER_HOST', 'CONTAINER_CONNECTION'].some((name) => (env[name] ?? '') !== '');
}

/** The diagnostic for an invalid PODPOSE_WATCH or PODPOSE_BACK_OFF. */
export function watchFault(env: Environment): Diagnostic | undefined {
  const watch = env['PODPOSE_WATCH'] ?? '';
  if (!['', 'on', 'off'].includes(watch))
    return invalid(
      'PODPOSE_WATCH',
      watch,
      'Use on or off. With off, podman restarts containers, without back-off.',
    );
  if (backOffSeconds(env) !== 'invalid') return undefined;
  return invalid(
    'PODPOSE_BACK_OFF',
    env['PODPOSE_BACK_OFF'] ?? '',
    'Use the seconds of the first back-off, from 0.1 to 10. The default is 10, as on a cluster.',
  );
}

function invalid(name: string, value: string, help: string): Diagnostic {
  return { code: 'option-value', severity: 'error', message: `invalid ${name} '${value}'`, help };
}

function backOffSeconds(env: Environment): number | 'invalid' {
  const text = env['PODPOSE_BACK_OFF'] ?? '';
  if (text === '') return WATCH_DEFAULTS.firstBackOffSeconds;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return seconds >= 0.1 && seconds <= WATCH_DEFAULTS.firstBackOffSeconds ? seconds : 'invalid';
}
