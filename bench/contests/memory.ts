import type { Contest } from '../contest.ts';
import { floorOfDown, floorOfUp } from '../floor.ts';
import type { PodsOptions } from '../manifests.ts';
import type { Tools } from '../tools.ts';

/** The peak memory of podpose itself, compared with that of an empty node script and of the bare requests. */
export function memory({
  podpose,
  emptyNode,
  floor,
  measured,
  writePods,
  expectRunning,
  run,
  removePods,
}: Tools): Contest {
  const name = 'memory';
  const containers = 3;
  const options: PodsOptions = { name, pods: 1, containers };
  const manifest = writePods(options);
  const measures = `peak memory of \`up -d\`, ${containers} containers`;
  const up = measured(podpose('up', '--detach', manifest));
  const empty = measured(emptyNode);
  const bare = measured(floor(`${name}-up`, floorOfUp(options), manifest));
  const bareDown = floor(`${name}-down`, floorOfDown(options));
  return {
    name,
    rounds: 5,
    tearDown: removePods,
    contestants: [
      {
        name: 'podpose',
        acts: [
          {
            measures,
            commands: [up.command],
            megabytes: up.megabytes,
            after: async () => {
              await expectRunning(name, containers);
              await run(podpose('down', manifest));
            },
          },
        ],
      },
      {
        name: 'an empty node script',
        acts: [{ measures, commands: [empty.command], megabytes: empty.megabytes, aim: 1.3 }],
      },
      {
        name: 'the bare requests and the libraries that read the file',
        isFloor: true,
        acts: [
          {
            measures,
            commands: [bare.command],
            megabytes: bare.megabytes,
            after: async () => {
              await expectRunning(name, containers);
              await run(bareDown);
            },
          },
        ],
      },
    ],
  };
}
