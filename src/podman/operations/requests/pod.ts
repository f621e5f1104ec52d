import { succeeded } from '../../../platform/process.ts';
import { post, segment } from '../../client/api-call.ts';
import type { ApiChange } from '../../client/client.ts';
import { askInfraContainer, askPod } from '../../client/queries.ts';
import { LABEL } from '../../labels.ts';
import type { ValueOf } from '../argument.ts';
import { bodyOf, type Setting } from '../setting.ts';
import { CHANGE_SECONDS, isAbsent } from './requests.ts';

/** `podman pod create`. */
export function createPodChange(
  name: string,
  settings: readonly Setting[],
  valueOf: ValueOf,
  podman: string,
): ApiChange {
  const words = ['pod', 'create', ...settings.flatMap(({ flags }) => flags).map(valueOf)];
  return {
    request: {
      ...post('/pods/create'),
      body: JSON.stringify({
        ...POD_DEFAULTS,
        ...bodyOf(settings, valueOf),
        pod_create_command: ['podman', ...words],
      }),
      limitSeconds: CHANGE_SECONDS,
    },
    command: { program: 'podman', args: words },
    // An interrupted creation leaves a pod without an infra container.
    verify: {
      query: askInfraContainer(name),
      isMade: (answer) => succeeded(answer) && answer.stdout.trim() !== '',
    },
    resume: { program: 'sh', args: ['-c', RESUME, podman, name, ...words] },
  };
}

/** `$0` is podman, `$1` the pod; the other arguments create it. Only an incomplete pod of podpose is removed. */
const RESUME = [
  `[ -z "$("$0" pod inspect --format '{{index .Labels "${LABEL.project}"}}' "$1" 2>/dev/null)" ] ||`,
  '"$0" pod rm --force --time 0 "$1" >/dev/null; shift; exec "$0" "$@"',
].join(' ');

/** As for containers (podCreate in cmd/podman/pods/create.go): the cgroup of the pod is the parent of its containers'. */
const POD_DEFAULTS = { share_parent: true } as const;

/**
 * `podman pod stop`: the containers stop within one grace period. The service reads `t` and ignores `timeout`, which the
 * API reference names and podman's own remote client sends (5.4.2). It does nothing and answers with status 304 if any
 * container has exited, such as an init container (PodStop in pkg/api/handlers/libpod/pods.go): the command then runs.
 * @param graceSeconds at least 1: the service takes 0 for the stop timeout of each container
 */
export function stopPodChange(pod: string, graceSeconds: number): ApiChange {
  const time = graceSeconds.toString();
  return {
    request: {
      ...post(`/pods/${segment(pod)}/stop?t=${time}`),
      limitSeconds: graceSeconds + CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['pod', 'stop', '--time', time, pod] },
    // Stopping can be repeated.
    verify: { query: askPod(pod), isMade: isAbsent },
    rejects: [304],
    runsCommandFor: ({ status }) => status === 304,
  };
}

/** `podman pod rm --force`. */
export function removePodChange(pod: string, graceSeconds: number): ApiChange {
  const time = graceSeconds.toString();
  return {
    request: {
      method: 'DELETE',
      path: `/pods/${segment(pod)}?force=true&timeout=${time}`,
      limitSeconds: graceSeconds + CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['pod', 'rm', '--force', '--time', time, pod] },
    verify: { query: askPod(pod), isMade: isAbsent },
  };
}

/** `podman pod unpause`. */
export function unpausePodChange(pod: string): ApiChange {
  return {
    request: { ...post(`/pods/${segment(pod)}/unpause`), limitSeconds: CHANGE_SECONDS },
    command: { program: 'podman', args: ['pod', 'unpause', pod] },
    // The stop that follows works for a pod that is not paused.
    verify: { query: askPod(pod), isMade: () => true },
  };
}
