import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes } from './decode.ts';
import { explainPodmanFailure, podmanNotStarted } from './errors.ts';
import type { ObservedState } from './observed.ts';
import { succeeded, type ProcessEnd, type ProcessOutput, type ProcessRunner } from './process.ts';
import { formatVersion, isAtLeast, OLDEST_PODMAN, parseVersion, type PodmanVersion } from './version.ts';

const QUERIES = [
  ['ps', '--all', '--pod', '--no-trunc', '--format', 'json'],
  ['images', '--no-trunc', '--format', 'json'],
  ['volume', 'ls', '--format', 'json'],
] as const;

/**
 * Looks at everything that podman has, once: three commands side by side, however many pods there are. They
 * are few because they take turns, as podman lets only one of them at its database at a time.
 */
export async function observe(run: ProcessRunner, podman: string): Promise<Result<ObservedState>> {
  const [ps, images, volumes] = await Promise.all([
    run.query(podman, QUERIES[0]),
    run.query(podman, QUERIES[1]),
    run.query(podman, QUERIES[2]),
  ]);
  const unanswered = [ps, images, volumes].findIndex((answer) => !succeeded(answer) || !isJson(answer.stdout));
  if (unanswered >= 0) {
    // Perhaps it is no podman, or one that is too old for the question.
    const version = await askVersion(run, podman);
    if (!version.ok) return version;
    const answer = [ps, images, volumes][unanswered] ?? ps;
    return failure([
      explainPodmanFailure(
        answer.stderr.split('\n'),
        `podman does not answer '${QUERIES[unanswered]?.join(' ') ?? ''}'`,
      ),
    ]);
  }
  return success({
    ...decodeContainersAndPods(ps.stdout),
    images: decodeImages(images.stdout),
    volumes: decodeVolumes(volumes.stdout),
  });
}

/** What any other program prints is not; podman prints nothing at all where there is nothing to list. */
function isJson(text: string): boolean {
  return text.trim() === '' || /^\s*(?:[[{]|null\b)/.test(text);
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
