import type { EnginePlatform } from './engine.ts';

/**
 * Tells systemd that the pods are up, if this process is the service of a unit with `Type=notify` (sd_notify(3)). node has
 * no datagram sockets for it.
 */
export async function notifyReady({
  env,
  createRunner,
}: Pick<EnginePlatform, 'env' | 'createRunner'>): Promise<void> {
  if ((env['NOTIFY_SOCKET'] ?? '') !== '') await createRunner({ env }).query('systemd-notify', ['--ready']);
}
