import { LAST_START, TO_LAST_START, type Command } from '../command.ts';
import type { Contest } from '../contest.ts';
import { PREFIX } from '../manifests.ts';
import type { Tools } from '../tools.ts';

const CONTAINERS = 3;
const STATUS = `\`ps\`, ${CONTAINERS} probed containers`;
const STARTED = `\`up --wait\`, ${CONTAINERS} probed containers, to their start`;
const READY = '`up --wait`, ready 1 s after the start';

/**
 * A pod whose containers are ready one second after their start, with a readiness probe every 10 seconds and a watcher
 * in the background: the end of `up --wait`, and `ps`, which asks the watcher.
 */
export function probed(tools: Tools): Contest {
  const options = { name: 'probed', pods: 1, containers: CONTAINERS, readyAfterSeconds: 1 };
  const manifest = tools.writePods(options);
  const ps: Command = ['podman', 'ps', '--all', '--format', 'json'];
  const isRunning = () => tools.expectRunning(options.name, CONTAINERS);
  return {
    name: 'probed',
    rounds: 7,
    contestants: [
      {
        name: 'podpose',
        acts: [
          {
            measures: STARTED,
            before: async () => {
              await tools.run(tools.podpose('down', manifest));
            },
            commands: [tools.podpose('up', '--wait', ...TO_LAST_START, manifest)],
            until: { text: LAST_START, restMeasures: READY },
            after: isRunning,
          },
          { measures: STATUS, commands: [tools.podpose('ps', '--project', `${PREFIX}${options.name}`)] },
        ],
      },
      {
        name: 'an empty node script and one `podman ps`',
        acts: [{ measures: STATUS, commands: [tools.emptyNode, ps], aim: 1.3 }],
      },
      { name: 'a pause of 1 s', acts: [{ measures: READY, commands: [['sleep', '1']], aim: 1.7 }] },
    ],
    tearDown: async () => {
      await tools.run(tools.podpose('down', manifest));
    },
  };
}
