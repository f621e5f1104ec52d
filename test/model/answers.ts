import type { ProcessEnd, ProcessOutput } from '../../src/platform/process.ts';
import { info, inspectImages, answered, type Shuffle } from '../support/podman-state.ts';
import { mountCountOf } from './commands.ts';
import type { ModelState, Release } from './state.ts';

/** The version of each release. */
export const VERSIONS: Readonly<Record<Release, string>> = { oldest: '4.3.1', newer: '5.4.2' };

/**
 * What podman answers to a query about a state.
 * @param shuffle the order of the rows of lists
 */
export function answer(
  state: ModelState,
  args: readonly string[],
  shuffle: Shuffle = (rows) => rows,
): Promise<ProcessEnd & ProcessOutput> {
  const list = (rows: readonly object[]) => answered(JSON.stringify(shuffle(rows)));
  const [command, verb] = args;
  switch (command) {
    case '--version':
      return answered(`podman version ${VERSIONS[state.release]}`);
    case 'ps':
      return list(psRows(state));
    case 'secret':
      return answered(shuffle(state.secrets).join('\n'));
    case 'volume':
      return verb === 'ls' ? list(volumeRows(state)) : answerArgument(args, volumeFault(state, args.at(-1)));
    case 'network':
      return verb === 'ls'
        ? list(networkRows(state))
        : answerArgument(args, networkFault(state, args.at(-1)));
    case 'image':
      return args[3]?.startsWith('{"Id"') === true
        ? inspectImages(state, args.slice(4))
        : answerArgument(args);
    case 'container':
      // No container of the model crashes.
      return answered(args.slice(4).map(neverRestarted).join('\n'));
    case 'info':
      return args.includes(RUN_ROOT) ? answerArgument(args) : answered(info(args));
    case 'pod':
      return answerArgument(args, podFault(state, args.at(-1)));
    case 'unshare':
      return answerKey(state, args);
    default:
      throw new Error(`the model has no answer to: podman ${args.join(' ')}`);
  }
}

function neverRestarted(id: string): string {
  return JSON.stringify({ Id: id, Restarts: 0, Error: '', Config: '/config.json' });
}

const RUN_ROOT = '{{.Store.RunRoot}}';

/**
 * The value of an argument that podman is asked for. It depends on the question alone: so a command is recognized
 * whenever it was resolved.
 */
export function valueOf(ask: readonly string[]): string {
  return `<podman ${ask.join(' ')}>`;
}

/** @param fault why there is no value */
function answerArgument(ask: readonly string[], fault?: string): Promise<ProcessEnd & ProcessOutput> {
  return fault === undefined ? answered(valueOf(ask)) : answered('', 125, `Error: ${fault}`);
}

/** The value of a key in a file of a volume. Its end is marked by a full stop, which podpose removes. */
function answerKey(state: ModelState, ask: readonly string[]): Promise<ProcessEnd & ProcessOutput> {
  const fault = readFault(state, ask[6] ?? '');
  return fault === undefined ? answered(`${valueOf(ask)}.`) : answered('', 125, `Error: ${fault}`);
}

function volumeFault({ volumes }: ModelState, name = ''): string | undefined {
  return volumes[name] === undefined ? `no volume with name "${name}" found` : undefined;
}

function networkFault({ networks }: ModelState, name = ''): string | undefined {
  return networks[name] === undefined ? `network ${name}: network not found` : undefined;
}

function podFault({ pods }: ModelState, name = ''): string | undefined {
  return pods[name] === undefined ? `no pod with name or ID ${name} found` : undefined;
}

/** Of a tmpfs that nobody has mounted there is nothing left to read. */
function readFault(state: ModelState, name: string): string | undefined {
  const isLost = state.volumes[name]?.isTmpfs === true && mountCountOf(state, name) === 0;
  return isLost ? `the files of volume ${name} are lost` : volumeFault(state, name);
}

/** The year 1: podman's word for never. */
const NEVER = -62135596800;

function psRows({ pods, containers }: ModelState): readonly object[] {
  const infras = Object.entries(pods).map(([name, pod]) => ({
    Id: `${pod.id}-infra`,
    Names: [`${pod.id}-infra`],
    IsInfra: true,
    Pod: pod.id,
    PodName: name,
    Labels: pod.labels,
    Networks: pod.network === undefined ? [] : [pod.network],
    State: pod.infra,
    StartedAt: pod.infraStartedAt || NEVER,
  }));
  const others = Object.entries(containers).map(([name, container]) => ({
    Id: container.id,
    Names: [name],
    IsInfra: false,
    Pod: pods[container.pod ?? '']?.id ?? '',
    PodName: container.pod ?? '',
    Labels: container.labels,
    State: container.state,
    ExitCode: container.exitCode,
    StartedAt: container.startedAt || NEVER,
    ExitedAt: container.exitedAt || NEVER,
    Image: container.image,
    ImageID: container.imageId,
  }));
  return [...infras, ...others];
}

function networkRows({ networks }: ModelState): readonly object[] {
  return Object.entries(networks).map(([name, { labels }]) => ({ name, labels, dns_enabled: true }));
}

function volumeRows(state: ModelState): readonly object[] {
  return Object.entries(state.volumes).map(([name, { labels }]) => ({
    Name: name,
    Labels: labels,
    MountCount: mountCountOf(state, name),
  }));
}
