import { isServing } from '../../podman/inspect/backends.ts';
import { podMembers } from '../../podman/inspect/pod-members.ts';
import type { KnownState } from '../needs.ts';

/** Whether all lasting containers of a pod run and are ready. What no watcher knows counts as ready. */
export function isAvailable(name: string, { pods, containers, notReady }: KnownState): boolean {
  const pod = pods.find((one) => one.name === name);
  return (
    pod !== undefined &&
    isServing(pod, containers) &&
    !podMembers(name, containers).some(({ id }) => notReady?.has(id) === true)
  );
}
