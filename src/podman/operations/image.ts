import type { Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { secretVariable } from './input.ts';
import { reportScript, type ReportTable } from './report.ts';
import { imageUser } from './security.ts';
import { containerSubject } from './subjects.ts';

export type ImageOperation = PullImage | CheckImageUser;

export interface PullImage {
  readonly kind: 'pull-image';
  readonly image: string;
  /** The fingerprint of the credentials for its registry. */
  readonly credentials?: string;
}

/** Fails where an image would run as root, or where that cannot be told from what the image says of its user. */
export interface CheckImageUser {
  readonly kind: 'check-image-user';
  readonly pod: string;
  readonly container: string;
  readonly image: string;
}

export const IMAGE_OPERATIONS: Definitions<ImageOperation> = {
  'pull-image': {
    command: (operation, _capabilities, podman) => pullCommand(operation, podman),
    describe: ({ image }) => `pull the image ${image}`,
    words: ({ image }) => ({
      subject: `image ${image}`,
      doing: 'pulling',
      done: 'pulled',
      group: 'Pull images',
    }),
    target: ({ image }) => ({ image }),
    // `podman pull` ends with 0 when it is told to stop: nothing says then that the image is there.
    policy: () => ({ streams: 'progress', stopped: 'terminate' }),
  },
  'check-image-user': {
    command: checkImageUserCommand,
    describe: ({ pod, container }) => `run container ${container} of pod ${pod}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod, container),
      doing: 'checking the user of its image',
      done: 'user of its image checked',
      isPlumbing: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
};

/**
 * `podman pull`. Credentials are in a file that has no name any more when podman begins to read it: whatever ends
 * podman, nothing is left behind.
 */
function pullCommand({ image, credentials }: PullImage, podman: string): Command {
  if (credentials === undefined) return { program: 'podman', args: ['pull', image] };
  return {
    program: 'sh',
    args: ['-c', WITH_CREDENTIALS, podman, image],
    input: {
      kind: 'secret',
      fingerprint: credentials,
      variable: secretVariable('registry', 'credentials'),
      holds: `credentials for image ${image}, in the format of ~/.docker/config.json`,
    },
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

/**
 * The user of an image is told by its number alone: whoever a name stands for can be root
 * (verifyRunAsNonRoot in pkg/kubelet/kuberuntime/security_context_others.go).
 */
function checkImageUserCommand({ image }: CheckImageUser): Command {
  return { program: 'sh', args: ['-c', CHECK_USER, 'sh', imageUser(image)] };
}

const CHECK_USER = `case $1 in
"" | *[!0-9]*) ;;
*) [ "$1" -eq 0 ] || exit 0 ;;
esac
${reportScript('image-runs-as-root', '"$1"')}`;

export const IMAGE_REPORTS: ReportTable = {
  'image-runs-as-root': {
    fields: 1,
    message: ([user = '']) =>
      /^0*$/.test(user)
        ? 'runAsNonRoot is set, but the image runs as root'
        : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root`,
    help: 'Give the container a runAsUser other than 0, or take an image whose USER is such a number.',
  },
};
