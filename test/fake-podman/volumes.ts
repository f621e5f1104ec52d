// podman volume create, rm, mount and unmount, and the directories of volumes.
import { mkdirSync, rmSync } from 'node:fs';
import { PodmanError } from './errors.ts';
import type { Input, Labels, Model } from './model.ts';
import { volumeNamed } from './state.ts';
import { flag, pairs, texts } from './values.ts';

export function createVolume(model: Model, { values, words }: Input): number {
  const name = words[0] ?? `nameless-${Object.keys(model.state.volumes).length}`;
  if (words.length > 1) throw new PodmanError('too many arguments, create takes at most 1 argument');
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
    throw new PodmanError(
      'running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument',
    );
  if (model.state.volumes[name] !== undefined)
    throw new PodmanError(`volume with name ${name} already exists: volume already exists`);
  makeVolume(model, name, pairs(texts(values, 'label')), pairs(texts(values, 'opt')));
  model.out(`${name}\n`);
  return 0;
}

export function makeVolume(model: Model, name: string, labels: Labels = {}, options: Labels = {}): void {
  model.state.volumes[name] = { name, labels, options, mountCount: 0, createdAt: model.now() };
  if (model.directory !== undefined) mkdirSync(mountpoint(model, name), { recursive: true });
}

export function mountpoint({ directory }: Model, name: string): string {
  return `${directory ?? '/var/lib/fake-podman'}/volumes/${name}/_data`;
}

/** Removes as many as possible, even if one fails. */
export function removeVolumes(model: Model, { values, words }: Input): number {
  if (words.length === 0) throw new PodmanError('choose either one or more volumes or all');
  let exitCode = 0;
  const complain = (message: string, code: number) => {
    model.err(`Error: ${message}\n`);
    exitCode = code;
  };
  for (const word of words) {
    const users = Object.values(model.state.containers).filter(({ volumes }) => volumes.includes(word));
    if (model.state.volumes[word] === undefined) {
      if (!flag(values, 'force')) complain(`no volume with name "${word}" found: no such volume`, 1);
    } else if (users.length > 0) {
      const ids = users.map(({ id }) => id).join(', ');
      complain(`volume ${word} is being used by the following container(s): ${ids}: volume is being used`, 2);
    } else {
      Reflect.deleteProperty(model.state.volumes, word);
      if (model.directory !== undefined)
        rmSync(`${model.directory}/volumes/${word}`, { recursive: true, force: true });
      model.out(`${word}\n`);
    }
  }
  return exitCode;
}

export function mountVolume(model: Model, { words }: Input): number {
  needUnshare(model, 'mount');
  for (const word of words) {
    const volume = volumeNamed(model.state, word);
    // Only a volume with its own file system is mounted, and counted.
    if (volume.options['type'] !== undefined) volume.mountCount += 1;
    model.out(`${mountpoint(model, word)}\n`);
  }
  return 0;
}

export function unmountVolume(model: Model, { words }: Input): number {
  needUnshare(model, 'unmount');
  for (const word of words) {
    const volume = volumeNamed(model.state, word);
    volume.mountCount = Math.max(0, volume.mountCount - 1);
    if (volume.mountCount === 0 && volume.options['type'] === 'tmpfs') forget(model, word);
    model.out(`${word}\n`);
  }
  return 0;
}

/** The contents of an in-memory volume are lost when nothing mounts it any more. */
function forget(model: Model, name: string): void {
  if (model.directory === undefined) return;
  rmSync(mountpoint(model, name), { recursive: true });
  mkdirSync(mountpoint(model, name));
}

function needUnshare({ isUnshared }: Model, command: string): void {
  if (isUnshared !== true)
    throw new PodmanError(
      `cannot run command "podman volume ${command}" in rootless mode, must execute \`podman unshare\` first`,
    );
}
