import type { PullImage } from './operation.ts';
import type { Command } from './argument.ts';

/**
 * `podman pull`. Credentials are in a file that has no name any more when podman begins to read it: whatever ends
 * podman, nothing is left behind.
 */
export function pullCommand({ image, credentials }: PullImage, podman: string): Command {
  if (credentials === undefined) return { program: 'podman', args: ['pull', image] };
  return {
    program: 'sh',
    args: ['-c', WITH_CREDENTIALS, podman, image],
    input: { kind: 'secret', fingerprint: credentials, variable: 'SECRET_REGISTRY_CREDENTIALS' },
  };
}

const WITH_CREDENTIALS = [
  'umask 077',
  'f=$(mktemp "${XDG_RUNTIME_DIR:-/tmp}/podpose.XXXXXX")',
  'exec 3<>"$f"',
  'rm "$f"',
  'cat >&3',
  'exec "$0" pull --authfile /proc/self/fd/3 "$1"',
].join(' && ');
