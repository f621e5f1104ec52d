import { createEngine, type Engine, type Host } from '../engine/engine.ts';
import type { Platform } from '../platform/platform.ts';
import { commandClient, type PodmanClient } from '../podman/client/client.ts';
import { connectionName, servicePulls } from '../podman/client/environment.ts';
import { servedClient } from '../podman/client/served-client.ts';
import { shellLine } from '../podman/operations/shell.ts';
import type { Messages } from './messages.ts';
import type { CommandLine } from './parse/command-line.ts';
import { podmanSettings } from './podman-settings.ts';

/**
 * The engine of the commands that use podman.
 * @param shown receives each command, and the equivalent command of each API request
 */
export function openEngine(
  platform: Platform,
  host: Host,
  request: CommandLine,
  shown: Pick<Messages, 'showCommand' | 'say'> | undefined,
): Engine {
  return createEngine(platform, openClient(platform, request, shown), host);
}

function openClient(
  platform: Platform,
  request: CommandLine,
  shown: Pick<Messages, 'showCommand' | 'say'> | undefined,
): PodmanClient {
  const { podman, env } = podmanSettings(request, platform.env);
  const { service } = platform;
  const connection = connectionName(env);
  const silent = commandClient(platform.createRunner({ env }), podman, connection);
  const pulls = servicePulls(env);
  if (shown === undefined)
    return service === undefined ? silent : servedClient(silent, service, undefined, pulls);
  const onCommand = (program: string, args: readonly string[]) => {
    shown.showCommand(shellLine({ program: 'podman', args }, program));
  };
  const direct = commandClient(platform.createRunner({ env, onCommand }), podman, connection);
  if (service === undefined) return direct;
  if (service.startedWith !== undefined) onCommand(podman, service.startedWith);
  const onLost = (reason: string) => {
    shown.say(`Running commands instead of requests: ${reason}.\n`);
  };
  return servedClient(direct, service, { onCommand, onLost, silent }, pulls);
}
