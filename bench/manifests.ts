/** The prefix of all pods and projects of the bench: objects with it are removed. */
export const PREFIX = 'podpose-bench-';

export const IMAGE = 'docker.io/library/busybox:1.36';

/** The grace period of pods whose containers ignore SIGTERM. */
export const GRACE_SECONDS = 2;

const RUN = ['sh', '-c', "trap 'exit 0' TERM; sleep 86400 & wait"];
/** A signal for all processes of a container reaches `sleep`, too: it ignores what the shell ignores. */
const RUN_ON = ['sh', '-c', "trap '' TERM; sleep 86400"];

const READY_FILE = '/tmp/ready';

function runReadyAfter(seconds: number): readonly string[] {
  return ['sh', '-c', `trap 'exit 0' TERM; sleep ${seconds}; touch ${READY_FILE}; sleep 86400 & wait`];
}

export interface PodsOptions {
  /** Follows `PREFIX`; distinguishes pods that exist at the same time. */
  readonly name: string;
  readonly pods: number;
  readonly containers: number;
  /** How many containers of a pod keep running, by default all of them; the others exit at once with 0. */
  readonly running?: number;
  /** The containers run on after SIGTERM, to the end of their grace period. */
  readonly ignoresTerm?: boolean;
  /** The containers are ready so long after their start, and have a readiness probe with the usual period. */
  readonly readyAfterSeconds?: number;
  /** The value of a variable of the last container: another value changes only that container. */
  readonly value?: string;
}

/** The pods of a manifest, as data. */
export interface BenchPod {
  readonly name: string;
  readonly containers: readonly { readonly name: string; readonly command: readonly string[] }[];
}

export function podsOf({
  name,
  pods,
  containers,
  running = containers,
  ignoresTerm = false,
  readyAfterSeconds,
}: PodsOptions): readonly BenchPod[] {
  const run = ignoresTerm ? RUN_ON : readyAfterSeconds === undefined ? RUN : runReadyAfter(readyAfterSeconds);
  return Array.from({ length: pods }, (_, pod) => ({
    name: `${PREFIX}${name}-${pod + 1}`,
    containers: Array.from({ length: containers }, (__, container) => ({
      name: `c${container + 1}`,
      command: container < running ? run : ['true'],
    })),
  }));
}

/**
 * A manifest of idle pods. They exit at once on SIGTERM, so that no grace period is measured, unless they ignore it. They
 * publish no ports and have no init containers, with which `podman kube play` hangs before podman 4.4.
 */
export function podsManifest(options: PodsOptions): string {
  const { containers, running = containers, value = 'before' } = options;
  const pods = podsOf(options);
  return pods
    .map((pod) =>
      [
        'apiVersion: v1',
        'kind: Pod',
        'metadata:',
        `  name: ${pod.name}`,
        'spec:',
        ...(running < containers ? ['  restartPolicy: OnFailure'] : []),
        ...(options.ignoresTerm === true ? [`  terminationGracePeriodSeconds: ${GRACE_SECONDS}`] : []),
        '  containers:',
        ...pod.containers.map(({ name, command }) => {
          const isLast = pod === pods.at(-1) && name === `c${containers}`;
          return [
            `    - name: ${name}`,
            `      image: ${IMAGE}`,
            `      command: ${JSON.stringify(command)}`,
            ...(options.readyAfterSeconds === undefined
              ? []
              : [`      readinessProbe: { exec: { command: [test, -e, ${READY_FILE}] } }`]),
            ...(isLast ? [`      env: [{ name: VALUE, value: ${value} }]`] : []),
          ].join('\n');
        }),
        '',
      ].join('\n'),
    )
    .join('---\n');
}

export interface DeploymentsOptions {
  readonly name: string;
  readonly deployments: number;
  readonly replicas: number;
}

/** The port of the servers of `deploymentsManifest`, and of their Services. */
export const SERVER_PORT = 8080;

const SERVE = `mkdir -p /w; echo ok > /w/index.html; exec httpd -f -p ${SERVER_PORT} -h /w`;

/** A manifest of Deployments of web servers, each with a Service. */
export function deploymentsManifest({ name, deployments, replicas }: DeploymentsOptions): string {
  return Array.from({ length: deployments }, (_, index) => {
    const own = `${PREFIX}${name}-${index + 1}`;
    return `apiVersion: v1
kind: Service
metadata:
  name: ${own}
spec:
  selector: { app: ${own} }
  ports: [{ port: ${SERVER_PORT} }]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${own}
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${own} } }
  template:
    metadata: { labels: { app: ${own} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: c1
          image: ${IMAGE}
          command: ${JSON.stringify(['sh', '-c', SERVE])}
          ports: [{ containerPort: ${SERVER_PORT} }]
`;
  }).join('---\n');
}
