/** The start of the name of every pod and project of the bench: what bears it is the bench's own, and is removed. */
export const PREFIX = 'podpose-bench-';

export interface PodsOptions {
  /** Comes after `PREFIX`; tells apart what stands side by side. */
  readonly name: string;
  readonly pods: number;
  readonly containers: number;
  /** A value in the environment of the last container: another value is a change of that container alone. */
  readonly value?: string;
}

/**
 * A manifest of pods that do nothing. They end at once when told to, so that no grace period is measured; they publish no
 * ports; and they have no init containers, on which `podman kube play` hangs before podman 4.4.
 */
export function podsManifest({ name, pods, containers, value = 'before' }: PodsOptions): string {
  return Array.from({ length: pods }, (_, pod) =>
    [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      `  name: ${PREFIX}${name}-${pod + 1}`,
      'spec:',
      '  containers:',
      ...Array.from({ length: containers }, (_, container) => {
        const isLast = pod === pods - 1 && container === containers - 1;
        return [
          `    - name: c${container + 1}`,
          '      image: docker.io/library/busybox:1.36',
          `      command: ["sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"]`,
          ...(isLast ? [`      env: [{ name: VALUE, value: ${value} }]`] : []),
        ].join('\n');
      }),
      '',
    ].join('\n'),
  ).join('---\n');
}
