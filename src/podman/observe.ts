import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes } from './decode.ts';
import { explainPodmanFailure, podmanNotStarted } from './errors.ts';
import type { ObservedState } from './observed.ts';
import { succeeded, type ProcessRunner } from './process.ts';
import { formatVersion, isAtLeast, OLDEST_PODMAN, parseVersion } from './version.ts';

const QUERIES = {
  version: ['--version'],
  containers: ['ps', '--all', '--pod', '--no-trunc', '--format', 'json'],
  pods: ['pod', 'ps', '--no-trunc', '--format', 'json'],
  volumes: ['volume', 'ls', '--format', 'json'],
  images: ['images', '--no-trunc', '--format', 'json'],
} as const;

/**
 * Looks at everything podman has, once, with a fixed handful of commands side by side, however many pods
 * there are. Gives a diagnostic where podman is missing, too old, or does not answer.
 */
export async function observe(run: ProcessRunner, podman: string): Promise<Result<ObservedState>> {
  const ask = async (name: keyof typeof QUERIES) => ({ name, ...(await run.query(podman, QUERIES[name])) });
  const [version, containers, pods, volumes, images] = await Promise.all([
    ask('version'),
    ask('containers'),
    ask('pods'),
    ask('volumes'),
    ask('images'),
  ]);
  if (version.kind === 'not-started')
    return failure([podmanNotStarted(podman, version.reason, version.message)]);
  const parsed = parseVersion(version.stdout);
  if (parsed === undefined || !isAtLeast(parsed, OLDEST_PODMAN.major, OLDEST_PODMAN.minor))
    return failure([unfitVersion(podman, version.stdout || version.stderr)]);
  for (const answer of [containers, pods, volumes, images])
    if (!succeeded(answer))
      return failure([
        explainPodmanFailure(answer.stderr.split('\n'), `'podman ${QUERIES[answer.name].join(' ')}'`),
      ]);
  return success({
    version: parsed,
    ...decodeContainersAndPods(containers.stdout, pods.stdout),
    volumes: decodeVolumes(volumes.stdout),
    images: decodeImages(images.stdout),
  });
}

function unfitVersion(podman: string, answer: string): Diagnostic {
  const found = parseVersion(answer);
  const least = `${OLDEST_PODMAN.major}.${OLDEST_PODMAN.minor}`;
  return {
    code: 'podman-too-old',
    severity: 'error',
    message:
      found === undefined
        ? `'${podman} --version' does not answer like podman: ${firstLine(answer)}`
        : `podman ${formatVersion(found)} is too old: podpose needs ${least} or newer`,
    help:
      found === undefined
        ? 'Name the podman to run with --podman PATH or PODPOSE_PODMAN.'
        : 'Install a newer podman, or name one with --podman PATH or PODPOSE_PODMAN.',
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
