/** The start of the name of every pod and project of the bench: what bears it is the bench's own, and is removed. */
export const PREFIX = 'podpose-bench-';

const RUN = `["sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"]`;

export interface PodsOptions {
  /** Comes after `PREFIX`; tells apart what stands side by side. */
  readonly name: string;
  readonly pods: number;
  readonly containers: number;
  /** How many of the containers of a pod go on running, all if absent; the others end well at once. */
  readonly running?: number;
  /** A value in the environment of the last container: another value is a change of that container alone. */
  readonly value?: string;
}

/**
 * A manifest of pods that do nothing. They end at once when told to, so that no grace period is measured; they publish no
 * ports; and they have no init containers, on which `podman kube play` hangs before podman 4.4.
 */
export function podsManifest(options: PodsOptions): string {
  const { name, pods, containers, running = containers, value = 'before' } = options;
  return Array.from({ length: pods }, (_, pod) =>
    [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      `  name: ${PREFIX}${name}-${pod + 1}`,
      'spec:',
      ...(running < containers ? ['  restartPolicy: OnFailure'] : []),
      '  containers:',
      ...Array.from({ length: containers }, (_, container) => {
        const isLast = pod === pods - 1 && container === containers - 1;
        return [
          `    - name: c${container + 1}`,
          '      image: docker.io/library/busybox:1.36',
          `      command: ${container < running ? RUN : '["true"]'}`,
          ...(isLast ? [`      env: [{ name: VALUE, value: ${value} }]`] : []),
        ].join('\n');
      }),
      '',
    ].join('\n'),
  ).join('---\n');
}
