import type { ContainerRole } from '../../kube/spec/desired.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { secretVariable } from './input.ts';
import { pullChange } from './requests/image.ts';
import { withRequests } from './requests/requests.ts';
import { reportScript, type ReportTable } from './report.ts';
import { SHELL } from './secret-words.ts';
import { imageUser } from './security.ts';
import { containerSubject } from './subjects.ts';

export type ImageOperation = PullImage | CheckImageUser | CheckImageShell;

export interface PullImage {
  readonly kind: 'pull-image';
  readonly image: string;
  /** The fingerprint of the registry credentials. */
  readonly credentials?: string;
  /** podman's ID of the image that has the name now, if it is pulled again. */
  readonly presentId?: string;
}

/** Fails if an image runs as root, or if its user is not numeric. */
export interface CheckImageUser {
  readonly kind: 'check-image-user';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly image: string;
}

/** Fails if an image has no shell, which a command with secrets needs. */
export interface CheckImageShell {
  readonly kind: 'check-image-shell';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly image: string;
}

const USE_PRESENT = {
  code: 'registry-unreachable',
  help: 'With --pull missing, the image of this machine is used.',
} as const;

export const IMAGE_OPERATIONS: Definitions<ImageOperation> = {
  'pull-image': {
    command: pullCommand,
    describe: ({ image }) => `pull image ${image}`,
    words: ({ image }) => ({
      subject: `image ${image}`,
      doing: 'pulling',
      done: 'pulled',
      group: 'Pull images',
    }),
    target: ({ image }) => ({ image }),
    // A terminated `podman pull` exits with 0, whether the image is present or not.
    policy: ({ presentId }) => ({
      streams: 'progress',
      stopped: 'terminate',
      ...(presentId === undefined ? {} : { failureHelp: USE_PRESENT }),
    }),
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
  'check-image-shell': {
    command: ({ image }, _capabilities, podman) => ({
      program: 'podman',
      args: ['unshare', 'sh', '-c', CHECK_SHELL, podman, image],
    }),
    describe: ({ pod, container, role }) => `run ${containerSubject(pod, container, role)}`,
    words: ({ pod, container, role }) => ({
      subject: containerSubject(pod, container, role),
      doing: 'checking the shell of the image',
      done: 'the image has a shell',
      isInternal: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
};

/**
 * `podman pull`. Credentials of imagePullSecrets are in an unlinked file: nothing is left behind, however podman ends. Not
 * by request: podman's service writes them to a file, which a killed service leaves.
 */
function pullCommand(
  { image, credentials, presentId }: PullImage,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  if (credentials === undefined)
    return {
      ...withRequests(podmanWith(['pull', image]), capabilities, () => [[pullChange(image, presentId)]]),
      isPull: true,
    };
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

/**
 * An image that cannot be mounted is not reported: the start of the container tells more. Neither is a symbolic link,
 * which may be absolute: the container resolves it.
 */
const CHECK_SHELL = `root=$("$0" image mount "$1") || exit 0
[ -e "$root${SHELL}" ] || [ -L "$root${SHELL}" ]
found=$?
"$0" image unmount "$1" >/dev/null
[ "$found" -eq 0 ] || { ${reportScript('image-without-shell', '"$1"')}; }`;

export const IMAGE_REPORTS: ReportTable = {
  'image-without-shell': {
    fields: 1,
    message: ([image = '']) =>
      `image '${image}' has no ${SHELL}, which inserts the secret into the command of the container`,
    help: 'Pass the secret to the program in a variable or a mounted file, or use an image with a shell.',
  },
  'image-runs-as-root': {
    fields: 1,
    message: ([user = '']) =>
      /^0*$/.test(user)
        ? 'runAsNonRoot is set, but the image runs as root'
        : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root`,
    help: 'Set runAsUser to a number other than 0, or use an image whose USER is such a number.',
  },
};
