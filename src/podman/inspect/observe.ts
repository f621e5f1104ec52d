import { failure, success, type Result } from '../../base/result.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes, type ContainersAndPods } from './decode.ts';
import { askList } from '../client/ask-list.ts';
import type { Answer, PodmanClient, Query } from '../client/client.ts';
import { inspectImages, listContainers, LIST_VOLUMES } from '../client/queries.ts';
import { explainPodmanFailure, podmanSilent } from '../errors.ts';
import { askVersion } from './ask-version.ts';
import type { ObservedState } from './observed.ts';
import { succeeded } from '../../platform/process.ts';

/**
 * Looks at everything that podman has, once: a few commands side by side, however many pods there are. They are
 * few because they take turns, as podman lets only one of them at its database at a time.
 * @param images the images that matter, by the names that manifests give them
 */
export async function observe(
  podman: PodmanClient,
  images: readonly string[] = [],
): Promise<Result<ObservedState>> {
  const [pods, volumes, found] = await Promise.all([
    observePods(podman),
    observeVolumes(podman),
    observeImages(podman, images),
  ]);
  if (!pods.ok) return pods;
  if (!volumes.ok) return volumes;
  return found.ok ? success({ ...pods.value, volumes: volumes.value, images: found.value }) : found;
}

/** The pods and the containers, in pods and out of them. */
export async function observePods(podman: PodmanClient): Promise<Result<ContainersAndPods>> {
  const ps = await ask(podman, listContainers());
  return ps.ok ? decoded(() => decodeContainersAndPods(ps.value.stdout)) : ps;
}

/**
 * What some names of images mean now. podman resolves them: short names, aliases and ids, and a name with a tag and a
 * digest, of which only the digest counts. Names that mean no image here are left out.
 */
export async function observeImages(
  podman: PodmanClient,
  names: readonly string[],
): Promise<Result<ObservedState['images']>> {
  if (names.length === 0) return success([]);
  const answer = await ask(podman, inspectImages(names), tellsOfAllImages);
  if (!answer.ok) return answer;
  const { stdout, stderr } = answer.value;
  const found = presentNames(names, stderr);
  if (found.length === countLines(stdout) || names.length === 1)
    return decoded(() => decodeImages(stdout, found));
  // It is not clear which line is about which name.
  const each = await Promise.all(names.map((name) => observeImages(podman, [name])));
  const failed = each.find((one) => !one.ok);
  return failed ?? success(each.flatMap((one) => (one.ok ? one.value : [])));
}

/** The names that podman prints a line for, in the order of the lines: all but those that it complains about. */
function presentNames(names: readonly string[], stderr: string): readonly string[] {
  const missing = new Set(stderr.split('\n').flatMap((line) => MISSING_IMAGE.exec(line)?.[1] ?? []));
  return names.filter((name) => !missing.has(name) && !missing.has(withoutIgnoredTag(name)));
}

/** podman complains about `name@digest` where it was asked for `name:tag@digest`. */
function withoutIgnoredTag(name: string): string {
  return name.replace(/:[\w.-]+(?=@)/, '');
}

function countLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

export async function observeVolumes(podman: PodmanClient): Promise<Result<ObservedState['volumes']>> {
  const volumes = await ask(podman, LIST_VOLUMES);
  return volumes.ok ? decoded(() => decodeVolumes(volumes.value.stdout)) : volumes;
}

async function ask(
  podman: PodmanClient,
  query: Query,
  isAnswer: (answer: Answer) => boolean = succeeded,
): Promise<Result<Answer>> {
  const answer = await askList(podman, query, isAnswer);
  if (isAnswer(answer) && isJson(answer.stdout)) return success(answer);
  if (answer.kind === 'timed-out') return failure([podmanSilent(query.args, answer.seconds)]);
  // Perhaps it is no podman, or one that is too old for the question.
  const version = await askVersion(podman);
  if (!version.ok) return version;
  const what = `'podman ${query.args.join(' ')}' failed`;
  return failure([explainPodmanFailure(answer.stderr.split('\n'), what)]);
}

/** For an image that is not there podman complains and fails, and tells of the others all the same. */
function tellsOfAllImages(answer: Answer): boolean {
  const errors = answer.stderr.split('\n').filter((line) => /^error/i.test(line));
  return succeeded(answer) || (errors.length > 0 && errors.every((line) => MISSING_IMAGE.test(line)));
}

/** `Error: inspecting object: NAME: image not known` (podman 4.3.1); from 5.4.2 on `NAME: image not known`, too. */
const MISSING_IMAGE = /(?:^|: )(\S+): (?:image not known|no such image)$/i;

/** What any other program prints is not; podman prints nothing at all where there is nothing to list. */
function isJson(text: string): boolean {
  return text.trim() === '' || /^\s*(?:[[{]|null\b)/.test(text);
}

/** What the function makes of podman's answer; a diagnostic where podman has not answered in its own form. */
export function decoded<T>(decode: () => T): Result<T> {
  try {
    return success(decode());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure([
      {
        code: 'podman-garbled',
        severity: 'error',
        message: `what podman answers cannot be read: ${why}`,
        help: "Run the command again; 'podman ps --all --format json' shows what podman answers.",
      },
    ]);
  }
}

/** podman's names of all its secrets. */
export async function observeSecrets(podman: PodmanClient): Promise<Result<readonly string[]>> {
  const answer = await askList(podman, { args: ['secret', 'ls', '--format', '{{.Name}}'] });
  if (answer.kind === 'timed-out') return failure([podmanSilent(['secret', 'ls'], answer.seconds)]);
  if (!succeeded(answer))
    return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman secret ls' failed")]);
  return success(answer.stdout.split('\n').filter((name) => name !== ''));
}
