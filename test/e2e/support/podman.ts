import { at, listAt, parse, textAt } from './json.ts';
import { NEEDED_IMAGES } from './images.ts';
import { run, type Ended } from './program.ts';

export const PODMAN = process.env['PODPOSE_PODMAN'] ?? 'podman';

/** Runs podman and returns its output. If podman fails, the test fails. */
export async function podman(...args: readonly string[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const ended = await tryPodman(...args);
    if (ended.code === 0) return ended.stdout;
    if (attempt === LISTINGS || !isList(args) || !/no such (?:pod|container|volume)/.test(ended.stderr))
      throw new Error(ended.story);
  }
}

/** podman's lists fail if an object of any scenario is removed at the same time. */
const LISTINGS = 10;

function isList(args: readonly string[]): boolean {
  return ['ps', 'ls'].some((word) => args.slice(0, 2).includes(word));
}

export function tryPodman(...args: readonly string[]): Promise<Ended> {
  return run(PODMAN, args);
}

let checked: Promise<void> | undefined;

/** Fails, with instructions, if podman or an image is missing: no test is skipped. */
export function requirePodman(): Promise<void> {
  checked ??= checkPodman();
  return checked;
}

async function checkPodman(): Promise<void> {
  const answer = await tryPodman('images', '--format', 'json').catch((error: unknown) => {
    throw new Error(
      `these tests need a real podman, and '${PODMAN}' does not run: npm run setup sets it up`,
      {
        cause: error,
      },
    );
  });
  if (answer.code !== 0) throw new Error(`these tests need a podman that works: ${answer.story}`);
  const names = new Set(listAt(parse(answer.stdout)).flatMap((image) => at(image, 'Names')));
  const missing = NEEDED_IMAGES.filter((name) => !names.has(name));
  if (missing.length > 0)
    throw new Error(
      `podman does not have ${missing.join(', ')}: npm test -- e2e gets them. By hand, run a scenario by scripts/setup/as-user.sh`,
    );
}

export interface ContainerState {
  readonly id: string;
  readonly status: string;
  readonly exitCode: unknown;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly pid: unknown;
}

/** A container as podman shows it. Times are milliseconds since 1970. */
export async function containerState(name: string): Promise<ContainerState> {
  const inspected = at(parse(await podman('container', 'inspect', name)), 0);
  return {
    id: textAt(inspected, 'Id'),
    // `stopped` comes just before `exited`.
    status: textAt(inspected, 'State', 'Status').replace('stopped', 'exited'),
    exitCode: at(inspected, 'State', 'ExitCode'),
    startedAt: Date.parse(textAt(inspected, 'State', 'StartedAt')),
    finishedAt: Date.parse(textAt(inspected, 'State', 'FinishedAt')),
    pid: at(inspected, 'State', 'Pid'),
  };
}

/** Runs a program in a container and returns its output. */
export async function exec(container: string, ...command: readonly string[]): Promise<string> {
  return podman('exec', container, ...command);
}

export interface Things {
  readonly pods: readonly string[];
  /** Without infra containers, which are removed with their pods. */
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/** podman's objects that belong to a scenario, by their project or name. */
export async function thingsOf(scenario: string): Promise<Things> {
  const [pods, containers, volumes, networks] = await Promise.all(
    [
      ['pod', 'ps'],
      ['ps', '--all'],
      ['volume', 'ls'],
      ['network', 'ls'],
    ].map(async (command) => listAt(parse((await podman(...command, '--format', 'json')) || '[]'))),
  );
  const isOurs = (thing: unknown, name: unknown) =>
    at(thing, 'Labels', 'podpose.project') === scenario || String(name).startsWith(scenario);
  const names = (things: readonly unknown[] = [], ...path: readonly (string | number)[]) =>
    things
      .filter((thing) => isOurs(thing, at(thing, ...path)))
      .map((thing) => textAt(thing, ...path))
      .sort();
  return {
    pods: names(pods, 'Name'),
    containers: names(
      containers?.filter((container) => at(container, 'IsInfra') !== true),
      'Names',
      0,
    ),
    volumes: names(volumes, 'Name'),
    networks: (networks ?? [])
      .map((network) => textAt(network, 'name'))
      .filter((name) => name.startsWith(`podpose-${scenario}`) || name.startsWith(scenario)),
  };
}

/** podman's secrets that belong to a scenario. Those of other scenarios change at any time. */
export async function secretsOf(scenario: string): Promise<readonly string[]> {
  const names = (await podman('secret', 'ls', '--format', '{{.Name}}'))
    .split('\n')
    .filter((name) => name !== '');
  const owners = await Promise.all(
    names.map((name) =>
      tryPodman('secret', 'inspect', '--format', '{{index .Spec.Labels "podpose.project"}}', name),
    ),
  );
  return names.filter((_, index) => owners[index]?.stdout.trim() === scenario);
}

export const NOTHING: Things = { pods: [], containers: [], volumes: [], networks: [] };

/** Removes everything of a scenario, whoever created it. */
export async function removeThingsOf(scenario: string): Promise<void> {
  const { pods } = await thingsOf(scenario);
  if (pods.length > 0) await tryPodman('pod', 'rm', '--force', '--time', '0', ...pods);
  const { containers, volumes, networks } = await thingsOf(scenario);
  if (containers.length > 0) await tryPodman('rm', '--force', '--time', '0', ...containers);
  if (volumes.length > 0) await tryPodman('volume', 'rm', '--force', ...volumes);
  if (networks.length > 0) await tryPodman('network', 'rm', '--force', ...networks);
  const secrets = await secretsOf(scenario);
  if (secrets.length > 0) await tryPodman('secret', 'rm', ...secrets);
}

/**
 * podman 6.1.1 that is killed while it makes the network namespace of rootless containers leaves it incomplete, for other
 * scenarios, too. `podman system migrate` would stop their containers.
 */
export async function completeNetwork(): Promise<void> {
  const directory = `${process.env['XDG_RUNTIME_DIR'] ?? ''}/containers/networks/rootless-netns`;
  const script = '[ ! -d "$0" ] || [ -e "$0/resolv.conf" ] || cp /etc/resolv.conf "$0/resolv.conf"';
  await tryPodman('unshare', 'sh', '-c', script, directory);
}
