import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes, type ContainersAndPods } from './decode.ts';
import { explainPodmanFailure, podmanNotStarted, podmanSilent } from '../errors.ts';
import { look } from '../client/look.ts';
import type { ObservedState } from './observed.ts';
import { IMAGE_FORMAT } from '../client/conversation.ts';
import {
  succeeded,
  type ProcessEnd,
  type ProcessOutput,
  type ProcessRunner,
} from '../../platform/process.ts';
import { formatVersion, isAtLeast, OLDEST_PODMAN, parseVersion, type PodmanVersion } from './version.ts';

type Answer = ProcessEnd & ProcessOutput;

const PS = ['ps', '--all', '--pod', '--no-trunc', '--format', 'json'] as const;
const VOLUMES = ['volume', 'ls', '--format', 'json'] as const;

/** `podman images` works out the size of every image there is, and takes three times as long. */
const IMAGES = ['image', 'inspect', '--format', IMAGE_FORMAT] as const;

/**
 * Looks at everything that podman has, once: a few commands side by side, however many pods there are. They are
 * few because they take turns, as podman lets only one of them at its database at a time.
 * @param images the images that matter, by the names that manifests give them
 */
export async function observe(
  run: ProcessRunner,
  podman: string,
  images: readonly string[] = [],
): Promise<Result<ObservedState>> {
  const [pods, volumes, found] = await Promise.all([
    observePods(run, podman),
    observeVolumes(run, podman),
    observeImages(run, podman, images),
  ]);
  if (!pods.ok) return pods;
  if (!volumes.ok) return volumes;
  return found.ok ? success({ ...pods.value, volumes: volumes.value, images: found.value }) : found;
}

/** The pods and the containers, in pods and out of them. */
export async function observePods(run: ProcessRunner, podman: string): Promise<Result<ContainersAndPods>> {
  const ps = await ask(run, podman, PS);
  return ps.ok ? decoded(() => decodeContainersAndPods(ps.value.stdout)) : ps;
}

/**
 * What some names of images mean now. podman resolves them: short names, aliases and ids, and a name with a tag and a
 * digest, of which only the digest counts. Names that mean no image here are left out.
 */
export async function observeImages(
  run: ProcessRunner,
  podman: string,
  names: readonly string[],
): Promise<Result<ObservedState['images']>> {
  if (names.length === 0) return success([]);
  const answer = await ask(run, podman, [...IMAGES, ...names], tellsOfAllImages);
  if (!answer.ok) return answer;
  const { stdout, stderr } = answer.value;
  const found = presentNames(names, stderr);
  if (found.length === countLines(stdout) || names.length === 1)
    return decoded(() => decodeImages(stdout, found));
  // It is not clear which line is about which name.
  const each = await Promise.all(names.map((name) => observeImages(run, podman, [name])));
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

export async function observeVolumes(
  run: ProcessRunner,
  podman: string,
): Promise<Result<ObservedState['volumes']>> {
  const volumes = await ask(run, podman, VOLUMES);
  return volumes.ok ? decoded(() => decodeVolumes(volumes.value.stdout)) : volumes;
}

async function ask(
  run: ProcessRunner,
  podman: string,
  args: readonly string[],
  isAnswer: (answer: Answer) => boolean = succeeded,
): Promise<Result<Answer>> {
  const answer = await look(run, podman, args, isAnswer);
  if (isAnswer(answer) && isJson(answer.stdout)) return success(answer);
  if (answer.kind === 'timed-out') return failure([podmanSilent(args, answer.seconds)]);
  // Perhaps it is no podman, or one that is too old for the question.
  const version = await askVersion(run, podman);
  if (!version.ok) return version;
  const what = `podman does not answer '${args.join(' ')}'`;
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
        help: 'Run the command again; `podman ps --all --format json` shows what podman answers.',
      },
    ]);
  }
}

/** Which podman it is. Gives a diagnostic when there is none, or one that podpose cannot work with. */
export async function askVersion(run: ProcessRunner, podman: string): Promise<Result<PodmanVersion>> {
  const answer = await run.query(podman, ['--version']);
  if (answer.kind === 'timed-out') return failure([podmanSilent(['--version'], answer.seconds)]);
  if (answer.kind === 'not-started')
    return failure([podmanNotStarted(podman, answer.reason, answer.message)]);
  const version = parseVersion(answer.stdout);
  if (version !== undefined && isAtLeast(version, OLDEST_PODMAN.major, OLDEST_PODMAN.minor))
    return success(version);
  return failure([version === undefined ? notPodman(podman, answer) : tooOld(version)]);
}

function tooOld(version: PodmanVersion): Diagnostic {
  return {
    code: 'podman-too-old',
    severity: 'error',
    message: `podman ${formatVersion(version)} is too old: podpose needs ${OLDEST_PODMAN.major}.${OLDEST_PODMAN.minor} or newer`,
    help: 'Install a newer podman, or name one with --podman PATH or PODPOSE_PODMAN.',
  };
}

function notPodman(podman: string, answer: Answer): Diagnostic {
  const said = (answer.stdout || answer.stderr).split('\n', 1)[0] ?? '';
  return {
    code: 'podman-unknown',
    severity: 'error',
    message: `'${podman} --version' does not answer as podman does: ${said === '' ? 'it says nothing' : said}`,
    help: 'Name the podman to run with --podman PATH or PODPOSE_PODMAN.',
  };
}

/** podman's names of all its secrets. */
export async function observeSecrets(run: ProcessRunner, podman: string): Promise<Result<readonly string[]>> {
  const answer = await look(run, podman, ['secret', 'ls', '--format', '{{.Name}}']);
  if (answer.kind === 'timed-out') return failure([podmanSilent(['secret', 'ls'], answer.seconds)]);
  if (!succeeded(answer))
    return failure([explainPodmanFailure(answer.stderr.split('\n'), "podman does not answer 'secret ls'")]);
  return success(answer.stdout.split('\n').filter((name) => name !== ''));
}
