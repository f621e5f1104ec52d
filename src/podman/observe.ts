import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes } from './decode.ts';
import { explainPodmanFailure, podmanNotStarted } from './errors.ts';
import { look } from './look.ts';
import type { ObservedState } from './observed.ts';
import { succeeded, type ProcessEnd, type ProcessOutput, type ProcessRunner } from './process.ts';
import { formatVersion, isAtLeast, OLDEST_PODMAN, parseVersion, type PodmanVersion } from './version.ts';

const PS = ['ps', '--all', '--pod', '--no-trunc', '--format', 'json'] as const;
const IMAGES = ['images', '--no-trunc', '--format', 'json'] as const;
const VOLUMES = ['volume', 'ls', '--format', 'json'] as const;

/**
 * Looks at everything that podman has, once: a few commands side by side, however many pods there are. They are
 * few because they take turns, as podman lets only one of them at its database at a time.
 */
export async function observe(run: ProcessRunner, podman: string): Promise<Result<ObservedState>> {
  const [first, volumes] = await Promise.all([
    observeContainersAndImages(run, podman),
    observeVolumes(run, podman),
  ]);
  if (!first.ok) return first;
  return volumes.ok ? success({ ...first.value, volumes: volumes.value }) : volumes;
}

/** What is needed to see that nothing has to be done. */
export async function observeContainersAndImages(
  run: ProcessRunner,
  podman: string,
): Promise<Result<Omit<ObservedState, 'volumes'>>> {
  const [ps, images] = await Promise.all([ask(run, podman, PS), ask(run, podman, IMAGES)]);
  if (!ps.ok) return ps;
  if (!images.ok) return images;
  return decoded(() => ({ ...decodeContainersAndPods(ps.value), images: decodeImages(images.value) }));
}

export async function observeVolumes(
  run: ProcessRunner,
  podman: string,
): Promise<Result<ObservedState['volumes']>> {
  const volumes = await ask(run, podman, VOLUMES);
  return volumes.ok ? decoded(() => decodeVolumes(volumes.value)) : volumes;
}

async function ask(run: ProcessRunner, podman: string, args: readonly string[]): Promise<Result<string>> {
  const answer = await look(run, podman, args);
  if (succeeded(answer) && isJson(answer.stdout)) return success(answer.stdout);
  // Perhaps it is no podman, or one that is too old for the question.
  const version = await askVersion(run, podman);
  if (!version.ok) return version;
  const what = `podman does not answer '${args.join(' ')}'`;
  return failure([explainPodmanFailure(answer.stderr.split('\n'), what)]);
}

/** What any other program prints is not; podman prints nothing at all where there is nothing to list. */
function isJson(text: string): boolean {
  return text.trim() === '' || /^\s*(?:[[{]|null\b)/.test(text);
}

function decoded<T>(decode: () => T): Result<T> {
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

function notPodman(podman: string, answer: ProcessEnd & ProcessOutput): Diagnostic {
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
  if (!succeeded(answer))
    return failure([explainPodmanFailure(answer.stderr.split('\n'), "podman does not answer 'secret ls'")]);
  return success(answer.stdout.split('\n').filter((name) => name !== ''));
}
