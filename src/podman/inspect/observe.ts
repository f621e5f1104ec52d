import { failure, success, type Result } from '../../base/result.ts';
import {
  decodeContainersAndPods,
  decodeImages,
  decodeNetworks,
  decodeVolumes,
  type ContainersAndPods,
} from './decode.ts';
import { askList } from '../client/ask-list.ts';
import type { Answer, PodmanClient, Query } from '../client/client.ts';
import {
  LIST_NETWORKS,
  LIST_SECRETS,
  inspectImages,
  listContainers,
  LIST_VOLUMES,
} from '../client/queries.ts';
import { explainPodmanFailure, podmanSilent } from '../errors.ts';
import { askVersion } from './ask-version.ts';
import type { ObservedNetwork, ObservedState } from './observed.ts';
import { succeeded } from '../../platform/process.ts';

/**
 * Queries podman's state once, with a few parallel commands for any number of pods. Few, because podman processes wait
 * for each other at the database.
 * @param images the relevant images, by their names in manifests
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

/** All pods and all containers, including those outside of pods. */
export async function observePods(podman: PodmanClient): Promise<Result<ContainersAndPods>> {
  const ps = await ask(podman, listContainers());
  return ps.ok ? decoded(() => decodeContainersAndPods(ps.value.stdout)) : ps;
}

/**
 * The images that names refer to. podman resolves short names, aliases and IDs, and for a name with tag and digest uses
 * only the digest. Missing images are omitted.
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
  // Which line belongs to which name is ambiguous.
  const each = await Promise.all(names.map((name) => observeImages(podman, [name])));
  const failed = each.find((one) => !one.ok);
  return failed ?? success(each.flatMap((one) => (one.ok ? one.value : [])));
}

/** The names for which podman prints a line, in order: all names without an error. */
function presentNames(names: readonly string[], stderr: string): readonly string[] {
  const missing = new Set(stderr.split('\n').flatMap((line) => MISSING_IMAGE.exec(line)?.[1] ?? []));
  return names.filter((name) => !missing.has(name) && !missing.has(withoutIgnoredTag(name)));
}

/** podman reports an error about `name@digest` for `name:tag@digest`. */
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

export async function observeNetworks(podman: PodmanClient): Promise<Result<readonly ObservedNetwork[]>> {
  const networks = await ask(podman, LIST_NETWORKS);
  return networks.ok ? decoded(() => decodeNetworks(networks.value.stdout)) : networks;
}

async function ask(
  podman: PodmanClient,
  query: Query,
  isAnswer: (answer: Answer) => boolean = succeeded,
): Promise<Result<Answer>> {
  const answer = await askList(podman, query, isAnswer);
  if (isAnswer(answer) && isJson(answer.stdout)) return success(answer);
  if (answer.kind === 'timed-out') return failure([podmanSilent(query.args, answer.seconds)]);
  // The program may not be podman, or may be too old for this query.
  const version = await askVersion(podman);
  if (!version.ok) return version;
  const what = `'podman ${query.args.join(' ')}' failed`;
  return failure([explainPodmanFailure(answer.stderr.split('\n'), what)]);
}

/** podman fails if an image is missing, but prints the others. */
function tellsOfAllImages(answer: Answer): boolean {
  const errors = answer.stderr.split('\n').filter((line) => /^error/i.test(line));
  return succeeded(answer) || (errors.length > 0 && errors.every((line) => MISSING_IMAGE.test(line)));
}

/** `Error: inspecting object: NAME: image not known` (podman 4.3.1); also `NAME: image not known` from 5.4.2 on. */
const MISSING_IMAGE = /(?:^|: )(\S+): (?:image not known|no such image)$/i;

/** Whether the output can be podman's. For an empty list, podman may print nothing. */
function isJson(text: string): boolean {
  return text.trim() === '' || /^\s*(?:[[{]|null\b)/.test(text);
}

/** The decoded answer, or a diagnostic if the decoder fails. */
export function decoded<T>(decode: () => T): Result<T> {
  try {
    return success(decode());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure([
      {
        code: 'podman-garbled',
        severity: 'error',
        message: `cannot read the output of podman: ${why}`,
        help: 'Check what this podman prints, a wrapper script included: podman ps --all --format json',
      },
    ]);
  }
}

/** The names of all podman secrets. */
export async function observeSecrets(podman: PodmanClient): Promise<Result<readonly string[]>> {
  const answer = await askList(podman, LIST_SECRETS);
  if (answer.kind === 'timed-out') return failure([podmanSilent(['secret', 'ls'], answer.seconds)]);
  if (!succeeded(answer))
    return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman secret ls' failed")]);
  return success(answer.stdout.split('\n').filter((name) => name !== ''));
}
