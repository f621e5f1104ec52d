import type { PodmanAnnotation } from '../../spec/podman-annotations.ts';
import type { Finding } from '../finding.ts';

/** An annotation of podman that podpose does not use. */
interface Unused {
  /** Why; follows "ignored: ". */
  readonly why: string;
  /** What to write instead. */
  readonly help: (annotation: PodmanAnnotation) => string;
  /** Values that need no warning: podpose does the same without the annotation. */
  readonly silent?: readonly string[];
}

const PREFIX = 'io.podman.annotations.';
const FALSE = ['FALSE', 'false', 'False', 'F', 'f', '0'];
const RECORD = 'podman writes it, and reads it for inspect only';
const REMOVE = () => 'Remove the annotation.';

/** Where a field of a container goes. */
function inContainer({ target }: PodmanAnnotation): string {
  return target === undefined ? 'the containers' : `container '${target}'`;
}

const UNUSED: Readonly<Record<string, Unused>> = {
  [`${PREFIX}apparmor`]: {
    why: RECORD,
    help: ({ value, ...of }) =>
      `Set securityContext.appArmorProfile in ${inContainer({ value, ...of })}: ${
        value === 'unconfined' ? '{type: Unconfined}' : `{type: Localhost, localhostProfile: ${value}}`
      }.`,
  },
  [`${PREFIX}autoremove`]: {
    why: 'a container that has exited is kept for its logs and exit code',
    help: () => "Remove the annotation: 'podpose down' removes the containers.",
    silent: FALSE,
  },
  [`${PREFIX}autoremove-image`]: {
    why: 'images are kept',
    help: () => "Remove the annotation: 'podman image prune' removes unused images.",
    silent: FALSE,
  },
  [`${PREFIX}cid-file`]: { why: RECORD, help: REMOVE },
  [`${PREFIX}init.container.type`]: {
    why: 'init containers run whenever the pod starts, as on a cluster',
    help: REMOVE,
    silent: ['always'],
  },
  // kube play sets it itself.
  [`${PREFIX}kube.health.check`]: { why: RECORD, help: REMOVE, silent: ['true'] },
  [`${PREFIX}kube.image.automount`]: imageVolume(),
  [`${PREFIX}kube.image.volumes.mount`]: imageVolume(),
  [`${PREFIX}privileged`]: {
    why: RECORD,
    help: (annotation) => `Set 'securityContext: {privileged: true}' in ${inContainer(annotation)}.`,
    silent: FALSE,
  },
  [`${PREFIX}publish-all`]: {
    why: 'ports are published one by one',
    help: () => 'Set hostPort beside each containerPort that is to be published.',
    silent: FALSE,
  },
  [`${PREFIX}seccomp`]: {
    why: RECORD,
    help: ({ value, ...of }) =>
      `Set securityContext.seccompProfile in ${inContainer({ value, ...of })}: ${
        value === 'unconfined' ? '{type: Unconfined}' : `{type: Localhost, localhostProfile: ${value}}`
      }.`,
  },
  [`${PREFIX}volumes-from`]: {
    why: 'containers share volumes by name',
    help: (annotation) => {
      const sources = annotation.value.split(';').map((one) => `'${one.split(':')[0] ?? ''}'`);
      const whose = sources.length === 1 ? 'container' : 'containers';
      return `Repeat the volumeMounts of ${whose} ${sources.join(' and ')} in ${inContainer(annotation)}.`;
    },
    silent: [''],
  },
  'io.containers.sdnotify': {
    why: 'podpose does not notify systemd',
    help: () =>
      "In a systemd unit, use 'Type=oneshot', 'RemainAfterExit=yes' and 'ExecStart=podpose up --wait pod.yaml'.",
    silent: ['ignore'],
  },
};

/** Checkpoints have some ten annotations. */
const CHECKPOINT = `${PREFIX}checkpoint.`;
const OF_CHECKPOINT: Unused = { why: 'of a checkpoint image, not of a pod', help: REMOVE };

export const UNUSED_ANNOTATIONS: readonly string[] = Object.keys(UNUSED);

export function isUnusedAnnotation(name: string): boolean {
  return name.startsWith(CHECKPOINT) || Object.hasOwn(UNUSED, name);
}

/** The warning for an unused annotation; undefined if podpose does the same without it. */
export function unusedAnnotation(annotation: PodmanAnnotation): Finding | undefined {
  const { key, name, value } = annotation;
  const unused = UNUSED[name] ?? OF_CHECKPOINT;
  if (unused.silent?.includes(value) === true) return undefined;
  return {
    code: 'podman-annotation',
    severity: 'warning',
    path: ['metadata', 'annotations', key],
    at: 'key',
    message: `ignored: ${unused.why}`,
    help: unused.help(annotation),
  };
}

/** Deprecated by podman, too: https://docs.podman.io/en/latest/markdown/podman-kube-play.1.html */
function imageVolume(): Unused {
  return {
    why: 'images are mounted as volumes',
    help: (annotation) => {
      const image = annotation.value.split(';')[0] ?? '';
      return `Add the volume '{name: files, image: {reference: ${image}}}', and mount it in ${inContainer(annotation)}.`;
    },
  };
}
