import type { ContainerRole } from '../../kube/spec/desired.ts';
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
  /** The fingerprint of the registry credentials. */
  readonly credentials?: string;
}

/** Fails if an image runs as root, or if its user is not numeric. */
export interface CheckImageUser {
  readonly kind: 'check-image-user';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly image: string;
}

export const IMAGE_OPERATIONS: Definitions<ImageOperation> = {
  'pull-image': {
    command: (operation, _capabilities, podman) => pullCommand(operation, podman),
    describe: ({ image }) => `pull image ${image}`,
    words: ({ image }) => ({
      subject: `image ${image}`,
      doing: 'pulling',
      done: 'pulled',
      group: 'Pull images',
    }),
    target: ({ image }) => ({ image }),
    // A terminated `podman pull` exits with 0, whether the image is present or not.
    policy: () => ({ streams: 'progress', stopped: 'terminate' }),
  },
  'check-image-user': {
    command: checkImageUserCommand,
    describe: ({ pod, container, role }) => `run ${containerSubject(pod, container, role)}`,
    words: ({ pod, container, role }) => ({
      subject: containerSubject(pod, container, role),
      doing: 'checking the user of the image',
      done: 'the image does not run as root',
      isInternal: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
};

/** `podman pull`. The credentials are in an unlinked file: nothing is left behind, however podman ends. */
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
 * Only a numeric user of an image is accepted: any user name can stand for root (verifyRunAsNonRoot in
 * pkg/kubelet/kuberuntime/security_context_others.go).
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
    help: 'Set runAsUser to a number other than 0, or use an image whose USER is such a number.',
  },
};
