import type { Contest } from '../contest.ts';
import type { Tools } from '../tools.ts';

/** The peak memory of podpose itself, compared with that of an empty node script. */
export function memory({
  podpose,
  emptyNode,
  measured,
  writePods,
  expectRunning,
  run,
  removePods,
}: Tools): Contest {
  const name = 'memory';
  const containers = 3;
  const manifest = writePods({ name, pods: 1, containers });
  const measures = `peak memory of \`up -d\`, ${containers} containers`;
  const up = measured(podpose('up', '--detach', manifest));
  const empty = measured(emptyNode);
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
    ],
  };
}
