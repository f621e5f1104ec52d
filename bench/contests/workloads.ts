import { fileURLToPath } from 'node:url';
import { LAST_START, TO_LAST_START, type Command } from '../command.ts';
import type { Contest } from '../contest.ts';
import { PREFIX, SERVER_PORT, type DeploymentsOptions } from '../manifests.ts';
import type { Tools } from '../tools.ts';

const DEPLOYMENTS = 5;
const REPLICAS = 2;
const TITLE = `${DEPLOYMENTS} Deployments of ${REPLICAS} with ${DEPLOYMENTS} Services`;
const COLD = `cold \`up -d\`, ${TITLE}`;
const AGAIN = `\`up -d\` again, ${TITLE}, nothing changed`;
const CHECK = `check after \`up -d\`, ${TITLE}`;

/** Deployments and Services, against `podman kube play`, which makes one pod of each Deployment and no Service. */
export function workloads(tools: Tools): Contest {
  const { podpose, run } = tools;
  const options: DeploymentsOptions = { name: 'workloads', deployments: DEPLOYMENTS, replicas: REPLICAS };
  const manifest = tools.writeDeployments(options);
  const up = podpose('up', '--detach', ...TO_LAST_START, manifest);
  const down = podpose('down', manifest);
  const allRun = () => tools.expectRunning(options.name, DEPLOYMENTS * REPLICAS);
  const ps: Command = ['podman', 'ps', '--all', '--format', 'json'];
  return {
    name: 'workloads',
    rounds: 5,
    contestants: [
      {
        name: 'podpose',
        acts: [
          {
            measures: COLD,
            before: async () => {
              await run(down);
            },
            commands: [up],
            until: { text: LAST_START, restMeasures: CHECK },
            service: 'none',
            after: allRun,
          },
          { measures: AGAIN, commands: [podpose('up', '--detach', manifest)], after: allRun },
        ],
      },
      {
        name: '`podman kube play`: 5 pods, no Service',
        acts: [
          {
            measures: COLD,
            aim: 1.5,
            before: async () => {
              await run(down);
            },
            commands: [['podman', 'kube', 'play', manifest]],
            after: async () => {
              await tools.expectRunning(options.name, DEPLOYMENTS);
              await run(['podman', 'kube', 'down', manifest]);
            },
          },
        ],
      },
      {
        name: 'an empty node script and one `podman ps`',
        acts: [{ measures: AGAIN, commands: [tools.emptyNode, ps], aim: 1.5 }],
      },
    ],
    tearDown: async () => {
      await run(down);
    },
  };
}

const REQUESTS = 300;
const CLIENT = fileURLToPath(new URL('../client.cjs', import.meta.url));

/** Requests to a Service, each on a connection of its own, and to its only pod. */
export function service(tools: Tools): Contest {
  const { podpose, run } = tools;
  const options: DeploymentsOptions = { name: 'service', deployments: 1, replicas: 1 };
  const manifest = tools.writeDeployments(options);
  const measures = `${REQUESTS} requests through a ClusterIP`;
  const client = ['unshare', '--rootless-netns', process.execPath, CLIENT, `${REQUESTS}`, `${SERVER_PORT}`];
  // The addresses follow when there are any.
  const toService: [string, ...string[]] = ['podman', ...client];
  const toPod: [string, ...string[]] = ['podman', ...client];
  const addressOf = async (container: string) => {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return (await run(['podman', 'inspect', '--format', format, container])).trim();
  };
  return {
    name: 'service',
    rounds: 9,
    setUp: async () => {
      await run(podpose('up', '--wait', manifest));
      const filter = `name=^${PREFIX}${options.name}-1-`;
      const text = await run([
        'podman',
        'pod',
        'ps',
        '--filter',
        filter,
        '--format',
        '{{.Name}} {{.InfraId}}',
      ]);
      for (const line of text.trim().split('\n')) {
        const [name = '', infra = ''] = line.split(' ');
        (name.endsWith('-svc') ? toService : toPod).push(await addressOf(infra));
      }
    },
    contestants: [
      { name: 'podpose', acts: [{ measures, commands: [toService] }] },
      { name: 'straight to the pod', acts: [{ measures, commands: [toPod], aim: 1.2 }] },
    ],
    tearDown: async () => {
      await run(podpose('down', manifest));
    },
  };
}
