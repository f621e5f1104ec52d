// podpose's requests to podman's API, and the equivalent commands. Any other request is a 404.
import { rename } from './containers.ts';
import { PodmanError } from './errors.ts';
import { containerDetails, imageDetails } from './inspect.ts';
import { advance } from './lifecycle.ts';
import { psRows, volumeRow, volumeRows } from './listing.ts';
import type { Model, Running } from './model.ts';
import { networkRow, networkRows } from './networks.ts';
import { containerNamed, findImage } from './state.ts';

export interface Request {
  readonly method: string;
  /** Including its parameters. */
  readonly path: string;
}

interface Route {
  readonly method: string;
  /** With the name of an object as its group. */
  readonly pattern: RegExp;
  readonly command: (name: string, parameters: URLSearchParams) => readonly string[];
  /** Prints the body of the answer and returns the status. */
  readonly answer: (model: Model, name: string, parameters: URLSearchParams) => number;
}

const IMAGE_FORMAT = '{"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}}';

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^\/_ping$/,
    command: () => ['--version'],
    answer: (model) => {
      model.out('OK');
      return 200;
    },
  },
  {
    method: 'GET',
    pattern: /^\/containers\/json$/,
    command: (_, parameters) => [
      ...['ps', '--all', '--pod', '--no-trunc'],
      ...filtersOf(parameters).flatMap((filter) => ['--filter', filter]),
      ...['--format', 'json'],
    ],
    answer: (model, _, parameters) => {
      const values = {
        all: parameters.get('all') === 'true',
        pod: parameters.get('pod') === 'true',
        filter: filtersOf(parameters),
      };
      const rows = psRows(model, values).map(({ container, row }) => ({
        ...row,
        // A request returns raw times, and no text for people.
        Created: new Date(container.createdAt).toISOString(),
        CreatedAt: '',
        Status: '',
      }));
      return json(model, 200, rows);
    },
  },
  {
    method: 'GET',
    pattern: /^\/volumes\/json$/,
    command: () => ['volume', 'ls', '--format', 'json'],
    answer: (model) => json(model, 200, volumeRows(model)),
  },
  {
    method: 'GET',
    pattern: /^\/networks\/json$/,
    command: () => ['network', 'ls', '--format', 'json'],
    answer: (model) => json(model, 200, networkRows(model)),
  },
  {
    method: 'GET',
    pattern: /^\/networks\/([^/]+)\/json$/,
    command: (name) => ['network', 'inspect', name],
    answer: (model, name) => {
      const found = model.state.networks[name];
      if (found === undefined)
        throw new PodmanError(`unable to find network with name or ID ${name}: network not found`);
      return json(model, 200, networkRow(found));
    },
  },
  {
    method: 'GET',
    pattern: /^\/secrets\/json$/,
    command: () => ['secret', 'ls', '--format', '{{.Name}}'],
    answer: (model) =>
      json(
        model,
        200,
        Object.values(model.state.secrets).map(({ id, name }) => ({ ID: id, Spec: { Name: name } })),
      ),
  },
  {
    method: 'GET',
    pattern: /^\/volumes\/([^/]+)\/json$/,
    command: (name) => ['volume', 'inspect', '--format', '{{.Mountpoint}}', name],
    answer: (model, name) => {
      const volume = model.state.volumes[name];
      if (volume === undefined) throw new PodmanError(`inspecting object: no such volume ${name}`);
      return json(model, 200, volumeRow(model, volume));
    },
  },
  {
    method: 'GET',
    pattern: /^\/images\/(.+)\/json$/,
    command: (name) => ['image', 'inspect', '--format', IMAGE_FORMAT, name],
    answer: (model, name) => {
      const image = findImage(model.state, name);
      if (image === undefined)
        throw new PodmanError(`failed to find image ${name}: ${name}: image not known`);
      return json(model, 200, imageDetails(image));
    },
  },
  {
    method: 'GET',
    pattern: /^\/containers\/([^/]+)\/json$/,
    command: (name) => ['container', 'inspect', name],
    answer: (model, name) => json(model, 200, containerDetails(model, containerNamed(model.state, name))),
  },
  {
    method: 'POST',
    pattern: /^\/containers\/([^/]+)\/rename$/,
    command: (name, parameters) => ['rename', name, parameters.get('name') ?? ''],
    answer: (model, name, parameters) => {
      rename(model, { values: {}, words: [name, parameters.get('name') ?? ''] });
      return 204;
    },
  },
];

/** `label=a=b` for the parameter `filters={"label":["a=b"]}`. */
function filtersOf(parameters: URLSearchParams): readonly string[] {
  const filters = JSON.parse(parameters.get('filters') ?? '{}') as Readonly<
    Record<string, readonly string[]>
  >;
  return Object.entries(filters).flatMap(([key, values]) => values.map((value) => `${key}=${value}`));
}

function json(model: Model, status: number, value: unknown): number {
  model.out(`${JSON.stringify(value)}\n`);
  return status;
}

export interface Routed {
  /** The equivalent command. */
  readonly command: readonly string[];
  /** Answers the request: its result is the status, and its output the body. */
  readonly begin: (model: Model) => Running;
}

/** Undefined for an unknown request. */
export function routed({ method, path }: Request): Routed | undefined {
  const { pathname, searchParams } = new URL(path.replace(/^\/v[\d.]+\/libpod(?=\/)/, ''), 'http://podman');
  for (const route of ROUTES) {
    const found = route.method === method ? route.pattern.exec(pathname) : null;
    if (found === null) continue;
    const name = decodeURIComponent(found[1] ?? '');
    return {
      command: route.command(name, searchParams),
      begin: (model) => answer(model, () => route.answer(model, name, searchParams)),
    };
  }
  return undefined;
}

function* answer(model: Model, act: () => number): Running {
  try {
    advance(model);
    return act();
  } catch (error) {
    if (!(error instanceof PodmanError)) throw error;
    const status = statusOf(error.message);
    return json(model, status, refusal(status, error.message));
  }
}

/** An error in the form of podman's API. */
export function refusal(status: number, message: string): object {
  return { cause: message.replace(/^.*: /s, ''), message, response: status };
}

function statusOf(message: string): number {
  if (/no such container$|not known$|network not found$/.test(message)) return 404;
  return /already exists$/.test(message) ? 409 : 500;
}
