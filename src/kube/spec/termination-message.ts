import { CONTAINER_DEFAULTS } from './defaults.ts';
import type { Container } from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredContainer, DesiredMount } from './desired.ts';
import type { DesiredVolume } from './desired-volume.ts';
import { normalMountPath } from '../convert/mounts.ts';

const DEFAULT_PATH = CONTAINER_DEFAULTS.terminationMessagePath;

/**
 * The volume with the termination messages of a pod. The underscore prevents a conflict: Kubernetes names have none.
 */
export const terminationVolume: DesiredVolume = {
  name: 'termination_messages',
  source: { type: 'emptyDir', medium: 'disk' },
};

/**
 * The mount of the termination message file. A cluster mounts one into every container. podpose does so only for
 * containers that refer to it, because creating a volume takes podman longer than starting most containers.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
export function terminationMount(container: Container): DesiredMount | undefined {
  const { terminationMessagePath = '', volumeMounts = [] } = container;
  const mountPath = normalMountPath(terminationMessagePath === '' ? DEFAULT_PATH : terminationMessagePath);
  const isTaken = volumeMounts.some((mount) => normalMountPath(mount.mountPath) === mountPath);
  if (isTaken || !usesTerminationMessage(container)) return undefined;
  return { ...terminationVolume, mountPath, readOnly: false, subPath: container.name };
}

function usesTerminationMessage({ command, args, env, ...container }: Container): boolean {
  const { terminationMessagePath: path, terminationMessagePolicy: policy } = container;
  // A cluster adds both fields to every container.
  const isFilledIn = path === DEFAULT_PATH && policy === CONTAINER_DEFAULTS.terminationMessagePolicy;
  return (
    (path !== undefined && !isFilledIn) ||
    policy === 'FallbackToLogsOnError' ||
    JSON.stringify([command, args, env]).includes(DEFAULT_PATH)
  );
}

export function isTerminationMount({ name }: Pick<DesiredMount, 'name'>): boolean {
  return name === terminationVolume.name;
}

/** The volume for the termination messages of these containers; empty if none has a message file. */
export function terminationVolumes(containers: readonly DesiredContainer[]): readonly DesiredVolume[] {
  return containers.some(({ volumeMounts }) => volumeMounts.some(isTerminationMount))
    ? [terminationVolume]
    : [];
}
