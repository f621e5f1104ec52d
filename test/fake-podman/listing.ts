// podman ps, images and volume ls, with the members of podman's rows.
import { PodmanError } from './errors.ts';
import type { Container, Image, Input, Model, Values, Volume } from './model.ts';
import { networksIn } from './networks.ts';
import { isAlive } from './state.ts';
import { renderTemplate } from './template.ts';
import { flag, text, texts } from './values.ts';
import { mountpoint } from './volumes.ts';

/** Every image built by buildah passes this label to its containers. */
export const BUILT_WITH = { 'io.buildah.version': '1.28.2' };

export function ps(model: Model, { values }: Input): number {
  print(
    model,
    values,
    psRows(model, values).map(({ row }) => row),
    2,
  );
  return 0;
}

/** The containers selected by flags, each with its row. */
export function psRows(
  model: Model,
  values: Values,
): readonly { readonly container: Container; readonly row: object }[] {
  return Object.values(model.state.containers)
    .filter((container) => flag(values, 'all') || isAlive(container))
    .filter((container) => texts(values, 'filter').every((filter) => fits(model, container, filter)))
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((container) => ({ container, row: psRow(model, container, values) }));
}

function fits({ state }: Model, container: Container, filter: string): boolean {
  const cut = filter.indexOf('=');
  const [key, value] = [filter.slice(0, cut), filter.slice(cut + 1)];
  switch (key) {
    case 'label': {
      const [name = '', ...wanted] = value.split('=');
      const label = container.labels[name];
      return label !== undefined && (wanted.length === 0 || label === wanted.join('='));
    }
    case 'name':
      return new RegExp(value).test(container.name);
    case 'id':
      return container.id.startsWith(value);
    case 'pod':
      return state.pods[container.podId]?.name === value || container.podId === value;
    case 'status':
      return container.state === value;
    default:
      throw new PodmanError(`${key} is an invalid filter`);
  }
}

function psRow({ state }: Model, container: Container, values: Values): object {
  const status = {
    created: 'Created',
    running: 'Up',
    stopping: 'Stopping',
    paused: 'Paused',
    exited: `Exited (${container.exitCode})`,
  };
  return {
    AutoRemove: flag(container.flags, 'rm'),
    Command: container.command.length === 0 ? null : container.command,
    CreatedAt: 'Less than a second ago',
    Exited: container.state === 'exited',
    ExitedAt: seconds(container.exitedAt),
    ExitCode: container.exitCode,
    Id: container.id,
    Image: container.image,
    ImageID: container.imageId,
    IsInfra: container.isInfra,
    Labels: { ...BUILT_WITH, ...container.labels },
    Mounts: container.volumes,
    Names: [container.name],
    Namespaces: {},
    Networks: container.isInfra ? networksIn(state.pods[container.podId]?.flags ?? {}) : [],
    Pid: isAlive(container) ? container.pid : 0,
    Pod: container.podId,
    PodName: flag(values, 'pod') ? (state.pods[container.podId]?.name ?? '') : '',
    Ports: null,
    Size: null,
    StartedAt: seconds(container.startedAt),
    State: container.state,
    Status: status[container.state],
    Created: seconds(container.createdAt),
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

export function images(model: Model, { values }: Input): number {
  const rows = Object.values(model.state.images).flatMap((image) =>
    image.names.map(() => imageRow(model, image)),
  );
  print(model, values, rows, 4);
  return 0;
}

function imageRow({ state }: Model, image: Image): object {
  const { id, names, digest, createdAt } = image;
  return {
    Id: id,
    ParentId: '',
    RepoTags: null,
    RepoDigests: repoDigests(image),
    Size: 2137523,
    SharedSize: 0,
    VirtualSize: 2137523,
    Labels: BUILT_WITH,
    Containers: Object.values(state.containers).filter(({ imageId }) => imageId === id).length,
    Names: names,
    Digest: digest,
    History: names,
    Created: seconds(createdAt),
    CreatedAt: new Date(createdAt).toISOString(),
  };
}

export function repoDigests({ names, digest }: Image): readonly string[] {
  return [...new Set(names.map((name) => `${name.replace(/:[^/:]*$/, '')}@${digest}`))];
}

/** The part that podpose queries: podman's run directory. */
export function info(model: Model, { values }: Input): number {
  if (values['format'] !== '{{.Store.RunRoot}}') throw new PodmanError('podman info: not played');
  model.out(`${model.directory ?? ''}/run\n`);
  return 0;
}

export function volumeList(model: Model, { values }: Input): number {
  const patterns = texts(values, 'filter')
    .filter((filter) => filter.startsWith('name='))
    .map((filter) => new RegExp(filter.slice('name='.length)));
  print(model, values, volumeRows(model, patterns), 2);
  return 0;
}

export function volumeRows(model: Model, patterns: readonly RegExp[] = []): readonly object[] {
  return Object.values(model.state.volumes)
    .filter(({ name }) => patterns.every((pattern) => pattern.test(name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((volume) => volumeRow(model, volume));
}

export function volumeRow(model: Model, { name, labels, options, mountCount, createdAt }: Volume): object {
  const owner = /uid=(\d+),gid=(\d+)/.exec(options['o'] ?? '');
  return {
    Name: name,
    Driver: 'local',
    Mountpoint: mountpoint(model, name),
    CreatedAt: new Date(createdAt).toISOString(),
    Labels: labels,
    Scope: 'local',
    Options: { ...(owner === null ? {} : { GID: owner[2], UID: owner[1] }), ...options },
    MountCount: mountCount,
    NeedsCopyUp: true,
    ...(owner === null ? { NeedsChown: true } : {}),
  };
}

/** Prints rows as JSON, or through a template. */
function print({ out }: Model, values: Values, rows: readonly object[], indent: number): void {
  const format = text(values, 'format');
  if (format === undefined) throw new Error('this podman prints tables for nobody: ask for a --format');
  if (format === 'json') out(`${JSON.stringify(rows, undefined, indent)}\n`);
  else for (const row of rows) out(`${renderTemplate(format, row)}\n`);
}
