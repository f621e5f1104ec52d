import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { Answer, PodmanClient } from '../client/client.ts';
import { ASK_VERSION } from '../client/queries.ts';
import { podmanNotStarted, podmanSilent } from '../errors.ts';
import { formatVersion, isAtLeast, OLDEST_PODMAN, parseVersion, type PodmanVersion } from './version.ts';

/** podman's version. Fails if podman is missing, too old, or another program. */
export async function askVersion(podman: PodmanClient): Promise<Result<PodmanVersion>> {
  const answer = await podman.query(ASK_VERSION);
  if (answer.kind === 'timed-out') return failure([podmanSilent(['--version'], answer.seconds)]);
  if (answer.kind === 'not-started')
    return failure([podmanNotStarted(podman.program, answer.reason, answer.message)]);
  const version = parseVersion(answer.stdout);
  if (version !== undefined && isAtLeast(version, OLDEST_PODMAN.major, OLDEST_PODMAN.minor))
    return success(version);
  return failure([version === undefined ? notPodman(podman.program, answer) : tooOld(version)]);
}

function tooOld(version: PodmanVersion): Diagnostic {
  return {
    code: 'podman-too-old',
    severity: 'error',
    message: `podman ${formatVersion(version)} is too old: podpose needs ${OLDEST_PODMAN.major}.${OLDEST_PODMAN.minor} or newer`,
    help: 'Install a newer podman, or set the path of one with --podman PATH or PODPOSE_PODMAN.',
  };
}

function notPodman(podman: string, answer: Answer): Diagnostic {
  const output = (answer.stdout || answer.stderr).split('\n', 1)[0] ?? '';
  return {
    code: 'podman-unknown',
    severity: 'error',
    message: `'${podman}' is not podman: its --version ${output === '' ? 'prints nothing' : `is '${output}'`}`,
    help: 'Set the path of podman with --podman PATH or PODPOSE_PODMAN.',
  };
}
