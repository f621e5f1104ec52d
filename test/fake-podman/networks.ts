// podman network create, ls, inspect, exists and rm.
import { PodmanError } from './errors.ts';
import type { Input, Model, Network, Values } from './model.ts';
import { renderTemplate } from './template.ts';
import { flag, pairs, text, texts } from './values.ts';

/** podman's default network, which is always there. */
const DEFAULT: Network = { name: 'podman', labels: {}, number: 0, resolvesNames: false };

export function createNetwork({ state, out }: Model, { values, words }: Input): number {
  const [name = `podman${networks(state).length}`] = words;
  if (words.length > 1) throw new PodmanError(`accepts at most 1 arg(s), received ${words.length}`);
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
    throw new PodmanError(
      `network name ${name} invalid: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument`,
    );
  if (networkNamed(state, name) !== undefined)
    throw new PodmanError(`network name ${name} already used: network already exists`);
  const number = Math.max(...networks(state).map((network) => network.number)) + 1;
  const labels = pairs(texts(values, 'label'));
  state.networks[name] = { name, labels, number, resolvesNames: !flag(values, 'disable-dns') };
  out(`${name}\n`);
  return 0;
}

export function networkRows({ state }: Model): readonly NetworkRow[] {
  return networks(state)
    .map(networkRow)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface NetworkRow {
  readonly name: string;
  readonly network_interface: string;
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string }[];
}

export function networkRow({ name, labels, number, resolvesNames }: Network): NetworkRow {
  const block = number === 0 ? '10.88.0' : `10.89.${number - 1}`;
  const row = {
    name,
    driver: 'bridge',
    network_interface: `podman${number}`,
    subnets: [{ subnet: `${block}.0/${number === 0 ? 16 : 24}`, gateway: `${block}.1` }],
    ipv6_enabled: false,
    internal: false,
    dns_enabled: resolvesNames,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ipam_options: { driver: 'host-local' },
  };
  return row;
}

export function networkList(model: Model, { values }: Input): number {
  const patterns = texts(values, 'filter').map((filter) => new RegExp(filter.replace(/^name=/, '')));
  if (text(values, 'format') !== 'json')
    throw new Error('this podman prints tables for nobody: ask for JSON');
  const rows = networkRows(model).filter((row) => patterns.every((pattern) => pattern.test(row.name)));
  model.out(`${JSON.stringify(rows, undefined, 5)}\n`);
  return 0;
}

/** Templates use the names of the members in Go. */
export function inspectNetworks({ state, out }: Model, { values, words }: Input): number {
  for (const word of words) {
    const row = networkRow(needNetwork(state, word, 125));
    const [first] = row.subnets;
    const format = text(values, 'format') ?? '{{.Name}}';
    const gateway = format.replace('{{(index .Subnets 0).Gateway}}', first?.gateway ?? '');
    out(`${renderTemplate(gateway, { Name: row.name, NetworkInterface: row.network_interface })}\n`);
  }
  return 0;
}

export function networkExists({ state }: Model, { words }: Input): number {
  return networkNamed(state, words[0] ?? '') === undefined ? 1 : 0;
}

/** Removes as many as possible, even if one fails. */
export function removeNetworks({ state, out, err }: Model, { words }: Input): number {
  let exitCode = 0;
  for (const word of words) {
    try {
      needNetwork(state, word, 1);
      if (Object.values(state.pods).some(({ flags }) => networksIn(flags).includes(word)))
        throw new PodmanError(
          `"${word}" has associated containers with it. Use -f to forcibly delete containers and pods: network is being used`,
          2,
        );
      Reflect.deleteProperty(state.networks, word);
      out(`${word}\n`);
    } catch (error) {
      if (!(error instanceof PodmanError)) throw error;
      err(`Error: ${error.message}\n`);
      ({ exitCode } = error);
    }
  }
  return exitCode;
}

/** The networks that `--network` names: `NAME:alias=a,alias=b`, and no mode such as `host`. */
export function networksIn(flags: Values): readonly string[] {
  return texts(flags, 'network')
    .map((network) => network.split(':', 1)[0] ?? '')
    .filter((name) => !['', 'host', 'none', 'bridge', 'pasta', 'slirp4netns', 'private'].includes(name));
}

export function needNetworks({ state }: Model, flags: Values): void {
  for (const name of networksIn(flags)) needNetwork(state, name, 125);
}

function needNetwork(state: Model['state'], name: string, exitCode: number): Network {
  const network = networkNamed(state, name);
  if (network === undefined)
    throw new PodmanError(`unable to find network with name or ID ${name}: network not found`, exitCode);
  return network;
}

function networkNamed(state: Model['state'], name: string): Network | undefined {
  return networks(state).find((network) => network.name === name);
}

function networks({ networks: created }: Model['state']): readonly Network[] {
  return [DEFAULT, ...Object.values(created)];
}
