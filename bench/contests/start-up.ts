import type { Contest } from '../contest.ts';
import type { Tools } from '../tools.ts';

/** The start-up time of podpose before it runs podman, compared with node itself, which is most of it. */
export function startUp({ podpose, emptyNode, floor, writePods }: Tools): Contest {
  const manifest = writePods({ name: 'validate', pods: 1, containers: 3 });
  const version = 'start-up: `--version`';
  const validate = '`validate`, 3 containers';
  return {
    name: 'start-up',
    rounds: 21,
    contestants: [
      {
        name: 'podpose',
        acts: [
          { measures: version, commands: [podpose('--version')] },
          { measures: validate, commands: [podpose('validate', manifest)] },
        ],
      },
      {
        name: 'an empty node script',
        acts: [
          { measures: version, commands: [emptyNode], aim: 1.5 },
          { measures: validate, commands: [emptyNode], aim: 1.7 },
        ],
      },
      {
        name: 'the libraries that read the file',
        isFloor: true,
        acts: [{ measures: validate, commands: [floor('validate', [], manifest)] }],
      },
    ],
  };
}
