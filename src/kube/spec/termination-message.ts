import { CONTAINER_DEFAULTS } from './defaults.ts';
import type { Container } from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredContainer, DesiredMount, DesiredVolume } from './desired.ts';
import { normalMountPath } from '../convert/mounts.ts';

const DEFAULT_PATH = CONTAINER_DEFAULTS.terminationMessagePath;

/** The volume of a pod that holds a file for each message. No name of Kubernetes' has an underscore. */
export const terminationVolume: DesiredVolume = {
  name: 'termination_messages',
  source: { type: 'emptyDir', medium: 'disk' },
};

/**
 * The file that a container can leave a message in, as a mount. A cluster mounts one into every container;
 * here it is there for those whose manifest has to do with it: a volume takes podman longer to make than most
 * containers to start. https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
export function terminationMount(container: Container): DesiredMount | undefined {
  const { terminationMessagePath = '', volumeMounts = [] } = container;
  const mountPath = normalMountPath(terminationMessagePath === '' ? DEFAULT_PATH : terminationMessagePath);
  const isTaken = volumeMounts.some((mount) => normalMountPath(mount.mountPath) === mountPath);
  if (isTaken || !speaksOfMessage(container)) return undefined;
  return { ...terminationVolume, mountPath, readOnly: false, subPath: container.name };
}

function speaksOfMessage({ command, args, env, ...container }: Container): boolean {
  const { terminationMessagePath: path, terminationMessagePolicy: policy } = container;
  // A cluster writes both into every container that it keeps.
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

/** The volume that these containers need for their messages, if any. */
export function terminationVolumes(containers: readonly DesiredContainer[]): readonly DesiredVolume[] {
  return containers.some(({ volumeMounts }) => volumeMounts.some(isTerminationMount))
    ? [terminationVolume]
    : [];
}
