import { post, segment } from '../../client/api-call.ts';
import type { ApiChange } from '../../client/client.ts';
import { askPod } from '../../client/queries.ts';
import type { ValueOf } from '../argument.ts';
import { bodyOf, type Setting } from '../setting.ts';
import { CHANGE_SECONDS, exists, isAbsent } from './requests.ts';

/** `podman pod create`. */
export function createPodChange(name: string, settings: readonly Setting[], valueOf: ValueOf): ApiChange {
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
    verify: exists(askPod(name)),
  };
}

/** As for containers (podCreate in cmd/podman/pods/create.go): the cgroup of the pod is the parent of its containers'. */
const POD_DEFAULTS = { share_parent: true } as const;

/** `podman pod stop`: the containers stop within one grace period. */
export function stopPodChange(pod: string, graceSeconds: number): ApiChange {
  const time = graceSeconds.toString();
  return {
    request: {
      ...post(`/pods/${segment(pod)}/stop?timeout=${time}`),
      limitSeconds: graceSeconds + CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['pod', 'stop', '--time', time, pod] },
    // Stopping can be repeated.
    verify: { query: askPod(pod), isMade: isAbsent },
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
