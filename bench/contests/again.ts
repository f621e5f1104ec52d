import { LAST_START, TO_LAST_START, type Command } from '../command.ts';
import type { Act, Contest, Contestant } from '../contest.ts';
import { floorOfChange, floorOfUnchanged, floorOfUp } from '../floor.ts';
import type { PodsOptions } from '../manifests.ts';
import { countRestarted, type Tools } from '../tools.ts';

/** The name in the table for applying an unchanged file again. */
export const unchanged = (containers: number): string =>
  `\`up -d\` again, ${containers} containers, nothing changed`;

/** The same without a podman service of an earlier run. */
const unchangedForLong = (containers: number) => `${unchanged(containers)}, no service`;

const checkOfChanged = (containers: number) => `check after \`up -d\` again, ${containers} containers`;

const changed = (containers: number) => `\`up -d\` again, ${containers} containers, one changed`;

/**
 * Applies the same file again, then a file with one changed container. podpose and `podman kube play` each have a pod
 * of their own, which is kept. For comparison: the minimum cost of querying podman.
 */
export function again(tools: Tools, containers: number): Contest {
  const podpose = standing(tools, { name: `podpose-${containers}`, pods: 1, containers }, (manifest) =>
    tools.podpose('up', '--detach', ...TO_LAST_START, manifest),
  );
  const kube = standing(tools, { name: `kube-${containers}`, pods: 1, containers }, (manifest) => [
    'podman',
    'kube',
    'play',
    '--replace',
    manifest,
  ]);
  const bare = bareRequests(tools, containers);
  return {
    name: `again-${containers}`,
    rounds: 7,
    setUp: async () => {
      await podpose.create();
      await kube.create();
      await bare.create();
    },
    tearDown: tools.removePods,
    contestants: [
      { name: 'podpose', acts: [podpose.unchanged, podpose.unchangedForLong, podpose.changed] },
      {
        name: '`podman kube play --replace`',
        acts: [
          { ...kube.unchanged, aim: 0.2 },
          { ...kube.changed, ...(containers >= 10 ? { aim: 0.2 } : {}) },
        ],
      },
      looking(tools, containers),
      {
        name: 'a pause of 0.3 s',
        acts: [{ measures: checkOfChanged(containers), commands: [['sleep', '0.3']], aim: 1.2 }],
      },
      bare.contestant,
    ],
  };
}

/** The floor: the requests of podpose for pods of their own. */
function bareRequests(tools: Tools, containers: number) {
  const options: PodsOptions = { name: `floor-${containers}`, pods: 1, containers };
  const manifest = tools.writePods(options);
  const look = tools.floor(`${options.name}-look`, floorOfUnchanged(), manifest);
  const change = tools.floor(`${options.name}-change`, floorOfChange(options), manifest);
  const after = () => tools.expectRunning(options.name, containers);
  const contestant: Contestant = {
    name: 'the bare requests and the libraries that read the file',
    isFloor: true,
    acts: [
      { measures: unchanged(containers), commands: [look] },
      { measures: unchangedForLong(containers), commands: [look], service: 'none' },
      { measures: changed(containers), commands: [change], after },
    ],
  };
  return {
    contestant,
    create: async () => {
      await tools.run(tools.floor(`${options.name}-up`, floorOfUp(options)));
    },
  };
}

/**
 * Applies a file with many containers again. Without `kube play --replace`, which would take minutes here. Half of the
 * containers have exited: the kernel allows a user 200 keyrings (kernel.keys.maxkeys), and each running container needs
 * one.
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
      bareLook(tools, count, tools.writePods(options)),
    ],
  };
}

/** The floor for many containers: the list has those of podpose, and nothing changes. */
function bareLook(tools: Tools, containers: number, manifest: string): Contestant {
  const look = tools.floor(`floor-${containers}-look`, floorOfUnchanged(), manifest);
  return {
    name: 'the bare requests and the libraries that read the file',
    isFloor: true,
    acts: [
      { measures: unchanged(containers), commands: [look] },
      { measures: unchangedForLong(containers), commands: [look], service: 'none' },
    ],
  };
}

/** The minimum time for a node program to find out that there is nothing to do. */
function looking({ emptyNode }: Tools, containers: number): Contest['contestants'][number] {
  const ps: Command = ['podman', 'ps', '--all', '--format', 'json'];
  const acts = [
    { measures: unchanged(containers), aim: 1.2 },
    { measures: unchangedForLong(containers), aim: 1.35 },
  ];
  return {
    name: 'an empty node script and one `podman ps`',
    acts: acts.map((act) => ({ ...act, commands: [emptyNode, ps] })),
  };
}

interface Standing {
  readonly create: () => Promise<void>;
  readonly unchanged: Act;
  readonly unchangedForLong: Act;
  readonly changed: Act;
}

/** Pods that are kept, and a command that applies their file. */
function standing(tools: Tools, options: PodsOptions, apply: (manifest: string) => Command): Standing {
  const { name, pods } = options;
  const containers = pods * options.containers;
  const running = pods * (options.running ?? options.containers);
  const manifest = tools.writePods(options);
  const command = apply(manifest);
  const check = checkOfChanged(containers);
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
      commands: [command],
      service: 'none',
      after,
    },
    changed: {
      measures: changed(containers),
      before: () => {
        changes += 1;
        tools.writePods({ ...options, value: `change ${changes}` });
      },
      commands: [command],
      ...(command.includes(TO_LAST_START[1]) ? { until: { text: LAST_START, restMeasures: check } } : {}),
      after,
    },
  };
}
