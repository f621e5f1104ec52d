import { SECRET_MARK } from '../base/digest.ts';
import type { DesiredPod } from '../pod/desired.ts';
import { LABEL } from '../podman/labels.ts';
import type { ObservedContainer } from '../podman/observed.ts';

/** Whether podman may have secrets of these pods, or is to get some: only then it is worth asking. */
export function mayHaveSecrets(
  pods: readonly DesiredPod[],
  containers: readonly ObservedContainer[],
): boolean {
  return (
    pods.some((pod) =>
      [...pod.initContainers, ...pod.containers].some(({ env }) =>
        env.some((variable) => 'secret' in variable),
      ),
    ) || hadSecrets(containers)
  );
}

/** Whether some containers of podpose's were made with secrets, as their labels remember it. */
export function hadSecrets(containers: readonly ObservedContainer[]): boolean {
  return containers.some(
    ({ owner, labels }) => owner !== undefined && (labels[LABEL.spec] ?? '').includes(SECRET_MARK),
  );
}
