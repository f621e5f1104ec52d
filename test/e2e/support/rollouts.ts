import { BUSYBOX } from './images.ts';
import { get } from './network.ts';
import { podman } from './podman.ts';

export interface Rollout {
  readonly kind?: string;
  readonly replicas?: number;
  /** Fields of the spec of the workload, each on a line. */
  readonly spec?: string;
  /** What the pods answer. */
  readonly version?: string;
  /** The path that the readiness probe asks for. */
  readonly probed?: string;
}

/** A workload whose pods answer with a version at port 8080. */
export function workloadText(
  name: string,
  { kind = 'Deployment', replicas = 3, spec = '', version = 'one', probed = '/' }: Rollout = {},
): string {
  const command =
    'echo started $VERSION; mkdir -p /w; echo $VERSION > /w/index.html; exec httpd -f -p 8080 -h /w';
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: ${BUSYBOX}
          command: [sh, -c, "${command}"]
          env: [{ name: VERSION, value: "${version}" }]
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: ${probed}, port: http }, periodSeconds: 1 }
`;
}

/** A LoadBalancer in front of the pods of a workload. */
export function serviceText(name: string, port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { type: LoadBalancer, selector: { app: ${name} }, ports: [{ port: ${port}, targetPort: http }] }
`;
}

/** The names of the pods of a workload, sorted. */
export async function podsOf(owner: string): Promise<readonly string[]> {
  const format = ['--format', '{{.Name}}', '--filter', `label=podpose.owner=${owner}`];
  return (await podman('pod', 'ps', ...format))
    .split('\n')
    .filter((name) => name !== '')
    .sort();
}

export interface Requests {
  /** Ends them. Returns what was answered, in order without repetitions, and how many requests there were. */
  readonly end: () => Promise<{ readonly answers: readonly string[]; readonly count: number }>;
}

/** Sends requests one after another, each on a connection of its own. None is sent again. */
export function sendRequests(url: string): Requests {
  const answers = new Set<string>();
  let count = 0;
  const over = new AbortController();
  const running = (async () => {
    while (!over.signal.aborted) {
      answers.add(
        await get(url).then(
          ({ status, text }) => (status === 200 ? text.trim() : `failed: ${status}`),
          (error: unknown) => `failed: ${causeOf(error)}`,
        ),
      );
      count++;
    }
  })();
  return {
    end: async () => {
      over.abort();
      await running;
      return { answers: [...answers], count };
    },
  };
}

function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
}
