import { noSuchContainer, PodmanError } from './errors.ts';
import type { Container, Image, ImageSettings, Pod, State, Volume } from './model.ts';

/** The time of an event that has not happened: podman uses the year 1. Milliseconds. */
export const NEVER = -62135596800000;

/** A podman with these images and no other objects. */
export function emptyState(images: readonly (string | ImageSettings)[] = []): State {
  const state: State = {
    counter: 0,
    pods: {},
    containers: {},
    volumes: {},
    networks: {},
    secrets: {},
    images: {},
    exitCodes: {},
    starts: {},
    rules: [],
  };
  for (const image of images) storeImage(state, typeof image === 'string' ? { name: image } : image, 0);
  return state;
}

/** An ID like podman's, with 64 digits; the same for the same state. */
export function newId(state: State, kind: string): string {
  state.counter += 1;
  return idOf(`${kind} ${state.counter}`);
}

/** 64 hexadecimal digits, derived from a text. */
export function idOf(text: string): string {
  return Array.from({ length: 8 }, (_, part) => {
    let hash = Math.imul(part + 1, 0x9e3779b1);
    for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
  }).join('');
}

/** By name, ID, or a prefix of the ID. */
function find<T extends { readonly name: string; readonly id: string }>(
  things: Readonly<Record<string, T>>,
  word: string,
): T | undefined {
  const all = Object.values(things);
  return (
    all.find(({ name, id }) => name === word || id === word) ??
    (/^[0-9a-f]{12,}$/.test(word) ? all.find(({ id }) => id.startsWith(word)) : undefined)
  );
}

export function findContainer({ containers }: State, word: string): Container | undefined {
  return find(containers, word);
}

/** @param exitCode podman's exit code if it does not exist */
export function containerNamed(state: State, word: string, exitCode?: number): Container {
  const found = findContainer(state, word);
  if (found === undefined) throw noSuchContainer(word, exitCode);
  return found;
}

export function findPod({ pods }: State, word: string): Pod | undefined {
  return find(pods, word);
}

export function podNamed(state: State, word: string, exitCode?: number): Pod {
  const found = findPod(state, word);
  if (found === undefined)
    throw new PodmanError(`no pod with name or ID ${word} found: no such pod`, exitCode);
  return found;
}

export function volumeNamed({ volumes }: State, word: string): Volume {
  const found = volumes[word];
  if (found === undefined) throw new PodmanError(`no volume with name "${word}" found: no such volume`);
  return found;
}

export function infraOf({ containers }: State, pod: Pod): Container {
  const infra = containers[pod.infraId];
  if (infra === undefined) throw new Error(`the pod ${pod.name} has lost its infra container`);
  return infra;
}

/** The containers of a pod without its infra container. */
export function membersOf({ containers }: State, pod: Pod): readonly Container[] {
  return Object.values(containers).filter(({ podId, isInfra }) => podId === pod.id && !isInfra);
}

/** Whether it has a process. */
export function isAlive({ state }: Container): boolean {
  return state === 'running' || state === 'stopping' || state === 'paused';
}

/** The image for a name, an ID, or a prefix of one; undefined if it does not exist. */
export function findImage({ images }: State, word: string): Image | undefined {
  const names = namesOfImage(word);
  return Object.values(images).find(
    (image) =>
      image.names.some((name) => names.includes(name)) ||
      (/^[0-9a-f]{12,}$/.test(word) && image.id.startsWith(word)),
  );
}

/** The full names that a short name can stand for, the most likely last: podman tries them on existing images. */
function namesOfImage(word: string): readonly string[] {
  const tagged = withTag(word);
  if (hasRegistry(tagged)) return [tagged.replace(/^docker\.io\/(?=[^/]+$)/, 'docker.io/library/')];
  return [
    `localhost/${tagged}`,
    tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`,
  ];
}

export function withTag(image: string): string {
  return image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`;
}

export function hasRegistry(image: string): boolean {
  const cut = image.indexOf('/');
  const first = image.slice(0, Math.max(0, cut));
  return /[.:]/.test(first) || first === 'localhost';
}

/** Gives an image a name, like a pull or a build; another image loses that name. Two generations are two images. */
export function storeImage(
  state: State,
  { name, generation = 1, user = '' }: ImageSettings,
  now: number,
): Image {
  const full = namesOfImage(name).at(-1) ?? name;
  const key = `${full} ${generation}`;
  for (const image of Object.values(state.images))
    image.names = image.names.filter((other) => other !== full);
  const image = (state.images[idOf(key)] ??= {
    id: idOf(key),
    names: [],
    user,
    digest: `sha256:${idOf(`digest of ${key}`)}`,
    createdAt: now,
  });
  image.names.push(full);
  return image;
}
