import { parseArguments } from './arguments.ts';
import * as containers from './containers.ts';
import { PodmanError } from './errors.ts';
import { events } from './events.ts';
import * as images from './images.ts';
import * as inspect from './inspect.ts';
import { advance } from './lifecycle.ts';
import * as listing from './listing.ts';
import { logs } from './logs.ts';
import type { Command, Model, Running } from './model.ts';
import * as networks from './networks.ts';
import * as pods from './pods.ts';
import * as secrets from './secrets.ts';
import { exec, unshare } from './unshare.ts';
import * as volumes from './volumes.ts';

/** Read-only commands. */
const LOOKING: Readonly<Record<string, Command>> = {
  ps: listing.ps,
  images: listing.images,
  inspect: inspect.inspect,
  'container inspect': inspect.inspectContainers,
  'container exists': inspect.containerExists,
  'image inspect': inspect.inspectImages,
  'image exists': inspect.imageExists,
  'pod inspect': inspect.inspectPods,
  'pod exists': inspect.podExists,
  info: listing.info,
  'volume ls': listing.volumeList,
  'volume inspect': inspect.inspectVolumes,
  'volume exists': inspect.volumeExists,
  'secret ls': secrets.secretList,
  'network ls': networks.networkList,
  'network inspect': networks.inspectNetworks,
  'network exists': networks.networkExists,
  exec,
  logs,
  events,
  top: containers.top,
  wait: containers.wait,
};

const CHANGING: Readonly<Record<string, Command>> = {
  create: containers.create,
  run: containers.run,
  start: containers.startContainers,
  stop: containers.stopContainers,
  kill: containers.killContainers,
  rm: containers.removeContainers,
  rename: containers.rename,
  pause: containers.pause,
  unpause: containers.unpause,
  update: containers.update,
  pull: images.pull,
  unshare,
  'pod create': pods.createPod,
  'pod start': pods.startPods,
  'pod stop': pods.stopPods,
  'pod kill': pods.killPods,
  'pod rm': pods.removePods,
  'network create': networks.createNetwork,
  'network rm': networks.removeNetworks,
  'secret create': secrets.createSecret,
  'secret rm': secrets.removeSecrets,
  'volume create': volumes.createVolume,
  'volume rm': volumes.removeVolumes,
  'volume mount': volumes.mountVolume,
  'volume unmount': volumes.unmountVolume,
};

/** The first words of commands with two words. */
const GROUPS = ['pod', 'volume', 'container', 'image', 'secret', 'network'];

interface Named {
  /** `pod create` */
  readonly name: string;
  readonly args: readonly string[];
}

function nameIn(argv: readonly string[]): Named {
  const { values, words } = parseArguments('', argv);
  if (values['version'] === true) return { name: '--version', args: [] };
  const count = GROUPS.includes(words[0] ?? '') ? 2 : 1;
  return { name: words.slice(0, count).join(' '), args: words.slice(count) };
}

/** Whether a command may change the state. An invalid command changes nothing. */
export function mutates(argv: readonly string[]): boolean {
  try {
    return CHANGING[nameIn(argv).name] !== undefined;
  } catch {
    return false;
  }
}

/**
 * Runs a command on the model. At each yield, its effects so far are visible, others may change the model, and it
 * continues on demand.
 */
export function* runCommand(model: Model, argv: readonly string[]): Running {
  try {
    advance(model);
    const { name, args } = nameIn(argv);
    if (name === '--version') {
      model.out(`podman version ${model.settings.version ?? '4.3.1'}\n`);
      return 0;
    }
    const command = LOOKING[name] ?? CHANGING[name];
    if (command === undefined) throw unknown(name);
    const result = command(model, parseArguments(name, args, model.settings.version));
    return typeof result === 'number' ? result : yield* result;
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
    model.err(`Error: ${error.message}\n`);
    return error.exitCode;
  }
}

function unknown(name: string): PodmanError {
  const group = name.includes(' ') ? `${name.split(' ', 1)[0] ?? ''} ` : '';
  return new PodmanError(
    `unrecognized command \`podman ${name}\`\nTry 'podman ${group}--help' for more information`,
  );
}
