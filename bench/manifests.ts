/** The prefix of all pods and projects of the bench: objects with it are removed. */
export const PREFIX = 'podpose-bench-';

const RUN = `["sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait"]`;

export interface PodsOptions {
  /** Follows `PREFIX`; distinguishes pods that exist at the same time. */
  readonly name: string;
  readonly pods: number;
  readonly containers: number;
  /** How many containers of a pod keep running, by default all of them; the others exit at once with 0. */
  readonly running?: number;
  /** The value of a variable of the last container: another value changes only that container. */
  readonly value?: string;
}

/**
 * A manifest of idle pods. They exit at once on SIGTERM, so that no grace period is measured. They publish no ports and
 * have no init containers, with which `podman kube play` hangs before podman 4.4.
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
