import type { Endpoint, HostEndpoint } from '../../src/kube/services/endpoints.ts';
import { runsToEnd } from '../../src/kube/spec/restart-policy.ts';
import { createHash } from 'node:crypto';
import type { Plan } from '../../src/plan/plan.ts';
import type { SetServiceRules } from '../../src/podman/operations/service.ts';
import { commandOf } from '../../src/podman/operations/registry.ts';
import type { Argument } from '../../src/podman/operations/argument.ts';
import { imageNames } from './image-names.ts';
import type { ProcessRunner } from '../../src/platform/process.ts';
import type { LimitedResource } from '../../src/podman/inspect/limits.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';

/** podman's state in a compact form. */
export interface PodmanState {
  readonly version: string;
  /** Full names with registry and tag, and the image ID of each. */
  readonly images: Readonly<Record<string, string>>;
  readonly pods: Readonly<Record<string, PodState>>;
  readonly containers: Readonly<Record<string, ContainerState>>;
  readonly volumes: Readonly<Record<string, VolumeState>>;
  readonly networks: Readonly<Record<string, NetworkState>>;
  /** Names. */
  readonly secrets: readonly string[];
}

export interface PodState {
  readonly labels: Labels;
  /** State of the infra container. */
  readonly infra: string;
  /** Its last start, in seconds since 1970. By default, the same as for everything else. */
  readonly infraStartedAt?: number;
  /** Names of the networks that it is connected to. */
  readonly networks?: readonly string[];
  /** The rules in its network namespace, in the notation of nft: those of a Service. */
  readonly rules?: readonly string[];
}

export interface NetworkState {
  readonly labels: Labels;
  readonly dns: boolean;
}

export interface ContainerState {
  readonly labels: Labels;
  readonly state: string;
  readonly exitCode: number;
  /** Seconds since 1970; 0 if it was never started. */
  readonly startedAt: number;
  readonly image: string;
  readonly imageId: string;
  /** Absent for a container outside of pods. */
  readonly pod?: string;
  readonly networks?: readonly string[];
}

export interface VolumeState {
  readonly labels: Labels;
  readonly mountCount: number;
  readonly driver?: string;
  /** As in the output of podman, without those it derives from `o`. */
  readonly options?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

export const EMPTY_PODMAN: PodmanState = {
  version: '4.3.1',
  images: {},
  pods: {},
  containers: {},
  volumes: {},
  networks: {},
  secrets: [],
};

/** The start time of everything, including objects of others. Seconds since 1970. */
export const STARTED_AT = 1_750_000_000;

/**
 * podman's state after a successful plan that only creates: the init containers have completed, and the others are
 * running. Labels are taken from the commands of the plan.
 */
export function stateAfter(plan: Plan, version = EMPTY_PODMAN.version): PodmanState {
  const images: Record<string, string> = {};
  const pods: Record<string, PodState> = {};
  const containers: Record<string, ContainerState> = {};
  const volumes: Record<string, VolumeState> = {};
  const networks: Record<string, NetworkState> = {};
  const secrets: string[] = [];
  for (const { operation } of plan.steps) {
    const args = commandOf(operation, capabilitiesOf(OLDEST_PODMAN)).args.map(plainText);
    const labels = labelsIn(args);
    const last = args.at(-1) ?? '';
    if (operation.kind === 'pull-image') images[fullName(operation.image)] = idOf(fullName(operation.image));
    if (operation.kind === 'create-volume') volumes[last] = { labels, mountCount: 0 };
    if (operation.kind === 'create-claim-volume')
      volumes[operation.claimName] = { labels, mountCount: 0, options: optionsIn(args) };
    if (operation.kind === 'adopt-claim-volume') volumes[last] = { labels, mountCount: 0 };
    if (operation.kind === 'mount-volume') volumes[last] = { labels: {}, ...volumes[last], mountCount: 1 };
    if (operation.kind === 'create-secret') secrets.push(args.at(-2) ?? '');
    if (operation.kind === 'create-job-secret') secrets.push(args.at(-2) ?? '');
    if (operation.kind === 'record-job')
      containers[args[3] ?? ''] = {
        ...{ labels, image: '', imageId: '', state: 'created', exitCode: 0, startedAt: 0 },
      };
    if (operation.kind === 'record-headless-service')
      containers[after('--name', args)] = {
        ...{ labels, image: '', imageId: '', state: 'created', exitCode: 0, startedAt: 0 },
      };
    if (operation.kind === 'create-network') networks[operation.network] = { labels, dns: true };
    if (operation.kind === 'create-pod')
      pods[after('--name', args)] = {
        labels,
        infra: 'running',
        ...(operation.network === undefined ? {} : { networks: [operation.network.name] }),
      };
    if (operation.kind === 'create-service')
      pods[after('--name', args)] = { labels, infra: 'running', networks: [operation.network] };
    if (operation.kind === 'set-service-rules') {
      const name = `${operation.service}-svc`;
      const found = pods[name];
      if (found !== undefined) pods[name] = { ...found, rules: rulesOf(operation) };
    }
    if (operation.kind === 'run-container')
      containers[after('--name', args)] = {
        labels,
        pod: after('--pod', args),
        image: operation.container.image,
        imageId: idOf(fullName(operation.container.image)),
        state: runsToEnd(operation.container) ? 'exited' : 'running',
        exitCode: 0,
        startedAt: STARTED_AT,
      };
  }
  return { version, images, pods, containers, volumes, networks, secrets };
}

/** What nft lists after the rules of a Service were set. */
function rulesOf({ ports, isSticky }: SetServiceRules): readonly string[] {
  return ports
    .filter(({ endpoints }) => endpoints.length > 0)
    .map((served) => {
      const map = served.endpoints.map((one, index) => `${index} : ${addressWord(one)}`);
      const choose = isSticky ? 'jhash ip saddr' : 'numgen random';
      const match = served.protocol === 'all' ? '' : `${served.protocol} dport ${served.port} `;
      return `\t\t${match}dnat ip to ${choose} mod ${map.length} map { ${map.join(', ')} }`;
    });
}

function addressWord(endpoint: Endpoint | HostEndpoint): string {
  const port = 'port' in endpoint ? ` . ${endpoint.port}` : '';
  if ('address' in endpoint) return endpoint.address + port;
  return addressOf('pod' in endpoint ? endpoint.pod : `${endpoint.service}-svc`) + port;
}

/** An invented address, derived from the name of a pod. */
function addressOf(pod: string): string {
  return `10.89.0.${2 + (Number.parseInt(idOf(pod).slice(0, 6), 16) % 90)}`;
}

/** The answer about rules and addresses: words of what is asked, each with the name of a pod and its process. */
function servedNow({ pods }: PodmanState, asked: readonly string[]): string {
  const lines: string[] = [];
  for (let index = 0; index + 2 < asked.length; index += 3) {
    const [what = '', name = ''] = asked.slice(index);
    lines.push(`${what} ${name}`, ...(what === 'rules' ? (pods[name]?.rules ?? []) : [addressOf(name)]));
  }
  return lines.join('\n');
}

/** podman's name of an image that was pulled by a name, which may be short. */
function fullName(image: string): string {
  return imageNames(image)[0] ?? image;
}

/** Of the queried arguments, only image IDs matter here: they are in labels. */
function plainText(argument: Argument): string {
  if (typeof argument === 'string') return argument;
  const { args } = argument.ask;
  const [command, verb] = args;
  const isImageId = command === 'image' && verb === 'inspect' && args.includes('{{.Id}}');
  return isImageId ? argument.before + idOf(fullName(args.at(-1) ?? '')) : '';
}

function labelsIn(args: readonly string[]): Labels {
  return Object.fromEntries(
    args
      .filter((_, index) => args[index - 1] === '--label')
      .map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]),
  );
}

function optionsIn(args: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args
      .filter((_, index) => args[index - 1] === '--opt')
      .map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]),
  );
}

function after(flag: string, args: readonly string[]): string {
  return args[args.indexOf(flag) + 1] ?? '';
}

/** Changes the order of the rows of podman's lists. */
export type Shuffle = <T>(rows: readonly T[]) => readonly T[];

/** A podman that answers queries about its state like podman 4.3.1, and nothing else. */
export function answeringPodman(
  state: PodmanState,
  shuffle: Shuffle = (rows) => rows,
  cannotLimit: readonly LimitedResource[] = [],
): ProcessRunner {
  return {
    query: (_program, args) => {
      switch (args[0]) {
        case 'ps':
          return answered(list(shuffle(psRows(state))));
        case 'volume':
          return answered(list(shuffle(volumeRows(state))));
        case 'network':
          return answered(list(shuffle(networkRows(state))));
        case 'image':
          return inspectImages(state, args.slice(4));
        case 'secret':
          return answered(shuffle(state.secrets).join('\n'));
        case 'info':
          return answered(info(args, cannotLimit));
        case 'unshare':
          return answered(POD_RESOLV_CONF);
        // sh -c
        case '-c':
          return answered(servedNow(state, args.slice(3)));
        default:
          return answered(`podman version ${state.version}`);
      }
    },
    execute: (_program, args) => refuse(args),
    start: (_program, args) => refuse(args),
    read: (_program, args) => refuse(args),
    attach: ({ args }) => refuse(args),
  };
}

function refuse(args: readonly string[]): never {
  throw new Error(`only questions are answered here, not: ${args.join(' ')}`);
}

/** The delegated cgroup controllers. */
export function info(args: readonly string[], cannotLimit: readonly LimitedResource[] = []): string {
  const controllers = ['cpu', 'cpuset', 'io', 'memory', 'pids'].filter(
    (one) => !cannotLimit.some((no) => no === one),
  );
  const rootless = args.some((arg) => arg.includes('Rootless')) ? 'true ' : '';
  return `${rootless}v2 [${controllers.join(' ')}]`;
}

/** As slirp4netns derives it from that of the machine. */
const POD_RESOLV_CONF =
  'search home.test\nnameserver 10.0.2.3\nnameserver 192.0.2.1\noptions ndots:1 timeout:3\n';

/** The year 1: podman's value for never. */
const NEVER = -62135596800;

function psRows({ pods, containers }: PodmanState): readonly object[] {
  const infra = Object.entries(pods).map(
    ([name, { labels, infra, infraStartedAt = STARTED_AT, networks }]) => ({
      ...psRow(`${idOf(name).slice(0, 12)}-infra`, name, infra, labels),
      Networks: networks ?? [],
      ...(infra === 'running' ? { Pid: 4000 } : {}),
      Image: 'localhost/podman-pause:4.3.1-0',
      IsInfra: true,
      StartedAt: infraStartedAt,
    }),
  );
  const others = Object.entries(containers).map(([name, container]) => ({
    ...psRow(name, container.pod, container.state, container.labels),
    Networks: container.networks ?? [],
    ExitCode: container.exitCode,
    StartedAt: container.startedAt === 0 ? NEVER : container.startedAt,
    Image: container.image,
    ImageID: container.imageId,
  }));
  return [...infra, ...others];
}

function psRow(name: string, pod: string | undefined, state: string, labels: Labels): object {
  return {
    Created: STARTED_AT,
    Exited: state === 'exited',
    ExitedAt: state === 'exited' ? STARTED_AT + 10 : NEVER,
    ExitCode: 0,
    Id: idOf(`container ${name}`),
    IsInfra: false,
    Labels: labels,
    Names: [name],
    Pod: pod === undefined ? '' : idOf(pod),
    PodName: pod ?? '',
    StartedAt: STARTED_AT,
    State: state,
  };
}

function networkRows({ networks }: PodmanState): readonly object[] {
  return Object.entries(networks).map(([name, { labels, dns }]) => ({ name, labels, dns_enabled: dns }));
}

function volumeRows({ volumes }: PodmanState): readonly object[] {
  return Object.entries(volumes).map(([name, { labels, mountCount, driver = 'local', options = {} }]) => ({
    Name: name,
    Driver: driver,
    CreatedAt: new Date(STARTED_AT * 1000).toISOString(),
    Options: { ...options, ...ownerIn(options) },
    Labels: labels,
    MountCount: mountCount,
  }));
}

/** podman shows the owner of the option `o` in options of its own, too. */
function ownerIn({ o = '' }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...o.matchAll(/\b([ug]id)=(\d+)/g)].map(([, name = '', id = '']) => [name.toUpperCase(), id]),
  );
}

function list(rows: readonly object[]): string {
  return JSON.stringify(rows, undefined, 2);
}

/** One line for each existing image, in the order of the names. */
export function inspectImages({ images }: Pick<PodmanState, 'images'>, names: readonly string[]): Answer {
  const idOfImage = (name: string) => imageNames(name).flatMap((full) => images[full] ?? [])[0];
  const stdout = names
    .flatMap((name) => idOfImage(name) ?? [])
    .map((id) =>
      JSON.stringify({
        Id: id,
        RepoTags: Object.keys(images).filter((other) => images[other] === id),
        RepoDigests: [],
      }),
    )
    .join('\n');
  const [first, ...others] = names.filter((name) => idOfImage(name) === undefined);
  return first === undefined
    ? answered(stdout)
    : answered(
        stdout,
        125,
        [
          ...others.map((name) => `error inspecting object: ${name}: image not known`),
          `Error: inspecting object: ${first}: image not known`,
        ].join('\n'),
      );
}

export type Answer = ReturnType<ProcessRunner['query']>;

export function answered(stdout: string, exitCode = 0, stderr = ''): Answer {
  return Promise.resolve({ kind: 'exited', exitCode, stdout, stderr });
}

/** An invented ID, derived from a text. */
export function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
