import type { Command } from '../command.ts';
import type { Act, Contest } from '../contest.ts';
import type { PodsOptions } from '../manifests.ts';
import { countRestarted, type Tools } from '../tools.ts';

/** What the table calls applying a file again that has not changed. */
export const unchanged = (containers: number): string =>
  `\`up -d\` again, ${containers} containers, nothing changed`;

/** The same where no podman is there that has answered an earlier run, and would answer this one. */
const unchangedForLong = (containers: number) => `${unchanged(containers)} for a while`;

const changed = (containers: number) => `\`up -d\` again, ${containers} containers, one changed`;

/**
 * The same file is applied again, and then one in which one container has changed. podpose and `podman kube play` each have a
 * pod of their own, which stays; beside them stands what looking at podman costs at the least.
 */
export function again(tools: Tools, containers: number): Contest {
  const podpose = standing(tools, { name: `podpose-${containers}`, pods: 1, containers }, (manifest) =>
    tools.podpose('up', '--detach', manifest),
  );
  const kube = standing(tools, { name: `kube-${containers}`, pods: 1, containers }, (manifest) => [
    'podman',
    'kube',
    'play',
    '--replace',
    manifest,
  ]);
  return {
    name: `again-${containers}`,
    rounds: 7,
    setUp: async () => {
      await podpose.create();
      await kube.create();
    },
    tearDown: tools.removePods,
    contestants: [
      { name: 'podpose', acts: [podpose.unchanged, podpose.unchangedForLong, podpose.changed] },
      {
        name: '`podman kube play --replace`',
        acts: [
          { ...kube.unchanged, aim: 0.2 },
          { ...kube.changed, ...(containers >= 10 ? { aim: 0.25 } : {}) },
        ],
      },
      looking(tools, containers),
    ],
  };
}

/**
 * A file with many containers is applied again. `kube play --replace` is left out: here it would take minutes. Half of the
 * containers have ended: the kernel gives a user 200 keyrings (kernel.keys.maxkeys), and each running container takes one.
 */
export function againWithMany(tools: Tools, pods: number, containers: number): Contest {
  const count = pods * containers;
  const options = { name: `podpose-${count}`, pods, containers, running: containers / 2 };
  const podpose = standing(tools, options, (manifest) => tools.podpose('up', '--detach', manifest));
  return {
    name: `again-${count}`,
    rounds: 7,
    setUp: podpose.create,
    tearDown: tools.removePods,
    contestants: [
      { name: 'podpose', acts: [podpose.unchanged, podpose.unchangedForLong] },
      looking(tools, count),
    ],
  };
}

/** The least that it takes for a program for node to know that there is nothing to do. */
function looking({ emptyNode }: Tools, containers: number): Contest['contestants'][number] {
  const ps: Command = ['podman', 'ps', '--all', '--format', 'json'];
  return {
    name: 'an empty node script and one `podman ps`',
    acts: [unchanged(containers), unchangedForLong(containers)].map((measures) => ({
      measures,
      commands: [emptyNode, ps],
      aim: 1.3,
    })),
  };
}

interface Standing {
  readonly create: () => Promise<void>;
  readonly unchanged: Act;
  readonly unchangedForLong: Act;
  readonly changed: Act;
}

/** Pods that stay, and a command that applies their file. */
function standing(tools: Tools, options: PodsOptions, apply: (manifest: string) => Command): Standing {
  const { name, pods } = options;
  const containers = pods * options.containers;
  const running = pods * (options.running ?? options.containers);
  const manifest = tools.writePods(options);
  const command = apply(manifest);
  let processes: ReadonlyMap<string, string> = new Map();
  let changes = 0;

  const after = async () => {
    await tools.expectRunning(name, running);
    const before = processes;
    processes = await tools.processes(name);
    return countRestarted(before, processes);
  };
  return {
    create: async () => {
      await tools.run(command);
      await after();
    },
    unchanged: { measures: unchanged(containers), commands: [command], after },
    unchangedForLong: {
      measures: unchangedForLong(containers),
      // It has an environment of its own, and its podman waits for a second only.
      commands: [['env', 'PODPOSE_SERVICE=1', ...command]],
      after,
    },
    changed: {
      measures: changed(containers),
      before: () => {
        changes += 1;
        tools.writePods({ ...options, value: `change ${changes}` });
      },
      commands: [command],
      after,
    },
  };
}
