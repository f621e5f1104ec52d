// podman inspect of containers, images, volumes and pods, and podman exists.
import { existsSync, writeFileSync } from 'node:fs';
import { BUILT_WITH, repoDigests, volumeRow } from './listing.ts';
import type { Container, Image, Input, Model, Values } from './model.ts';
import { findContainer, findImage, findPod, infraOf, isAlive, membersOf, NEVER } from './state.ts';
import { renderTemplate } from './template.ts';
import { text, texts } from './values.ts';
import { mountpoint } from './volumes.ts';

export function inspect(model: Model, input: Input): number {
  return inspectAll(model, input, (word) => {
    const container = findContainer(model.state, word);
    if (container !== undefined) return containerDetails(model, container);
    const image = findImage(model.state, word);
    return image === undefined ? `no such object: "${word}"` : imageDetails(image);
  });
}

export function inspectContainers(model: Model, input: Input): number {
  return inspectAll(model, input, (word) => {
    const container = findContainer(model.state, word);
    return container === undefined ? `no such container ${word}` : containerDetails(model, container);
  });
}

export function inspectImages(model: Model, input: Input): number {
  return inspectAll(model, input, (word) => {
    const image = findImage(model.state, word);
    return image === undefined ? `${word}: image not known` : imageDetails(image);
  });
}

export function inspectVolumes(model: Model, input: Input): number {
  return inspectAll(model, input, (word) => {
    const volume = model.state.volumes[word];
    return volume === undefined ? `no such volume ${word}` : volumeRow(model, volume);
  });
}

export function inspectPods(model: Model, input: Input): number {
  return inspectAll(model, input, (word) => {
    const pod = findPod(model.state, word);
    if (pod === undefined) return `no such pod ${word}`;
    const members = [infraOf(model.state, pod), ...membersOf(model.state, pod)];
    return {
      Id: pod.id,
      Name: pod.name,
      Labels: pod.labels,
      InfraContainerID: pod.infraId,
      ExitPolicy: pod.exitPolicy,
      NumContainers: members.length,
      Containers: members.map(({ id, name, state }) => ({ Id: id, Name: name, State: state })),
    };
  });
}

/** Prints all objects that exist, then the errors for missing ones. */
function inspectAll(model: Model, { values, words }: Input, look: (word: string) => object | string): number {
  const found = words.map(look);
  show(
    model,
    values,
    found.filter((one) => typeof one === 'object'),
  );
  const [missing, ...others] = found.filter((one) => typeof one === 'string');
  if (missing === undefined) return 0;
  for (const other of others) model.err(`error inspecting object: ${other}\n`);
  model.err(`Error: inspecting object: ${missing}\n`);
  return 125;
}

/** /etc/hosts of a pod with the names of the machine, until it is rewritten. */
function hostsFile({ directory }: Model, { id, name }: Container): string {
  if (directory === undefined) return '';
  const path = `${directory}/hosts-${id}`;
  const lines = ['203.0.113.99\tof-the-machine', '10.0.2.2\thost.containers.internal', `10.0.2.100\t${name}`];
  if (!existsSync(path)) writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function show({ out }: Model, values: Values, details: readonly object[]): void {
  const format = text(values, 'format');
  if (format === undefined || format === 'json') out(`${JSON.stringify(details, undefined, 5)}\n`);
  else for (const one of details) out(`${renderTemplate(format, one)}\n`);
}

export function containerDetails(model: Model, container: Container): object {
  const { flags, state } = container;
  return {
    Id: container.id,
    Created: time(container.createdAt),
    Name: container.name,
    State: {
      Status: state,
      Running: state === 'running',
      Paused: state === 'paused',
      Pid: isAlive(container) ? container.pid : 0,
      ExitCode: container.exitCode,
      StartedAt: time(container.startedAt),
      FinishedAt: time(container.exitedAt),
      Error: '',
    },
    OCIConfigPath: container.startedAt === NEVER ? '' : `/config/${container.id}/config.json`,
    HostnamePath: container.startedAt === NEVER ? '' : `/config/${container.id}/hostname`,
    Image: container.imageId,
    ImageName: container.image,
    Pod: container.podId,
    RestartCount: container.restarts,
    IsInfra: container.isInfra,
    HostsPath: hostsFile(model, container),
    Mounts: container.volumes.map((name) => ({
      Type: 'volume',
      Name: name,
      Source: mountpoint(model, name),
    })),
    Config: {
      Labels: { ...BUILT_WITH, ...container.labels },
      Env: texts(flags, 'env'),
      Cmd: container.command,
      User: text(flags, 'user') ?? '',
      StopTimeout: container.stopTimeout,
    },
    HostConfig: { RestartPolicy: { Name: container.restart, MaximumRetryCount: 0 } },
  };
}

function time(milliseconds: number): string {
  return milliseconds === NEVER ? '0001-01-01T00:00:00Z' : new Date(milliseconds).toISOString();
}

export function imageDetails(image: Image): object {
  return {
    Id: image.id,
    Digest: image.digest,
    RepoTags: image.names,
    RepoDigests: repoDigests(image),
    Config: { User: image.user },
    Labels: BUILT_WITH,
  };
}

export function containerExists({ state }: Model, { words }: Input): number {
  return findContainer(state, words[0] ?? '') === undefined ? 1 : 0;
}

export function imageExists({ state }: Model, { words }: Input): number {
  return findImage(state, words[0] ?? '') === undefined ? 1 : 0;
}

export function podExists({ state }: Model, { words }: Input): number {
  return findPod(state, words[0] ?? '') === undefined ? 1 : 0;
}

export function volumeExists({ state }: Model, { words }: Input): number {
  return state.volumes[words[0] ?? ''] === undefined ? 1 : 0;
}
