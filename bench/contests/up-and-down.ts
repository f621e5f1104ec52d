import type { Command } from '../command.ts';
import type { Contest, Contestant } from '../contest.ts';
import { PREFIX } from '../manifests.ts';
import type { Tools } from '../tools.ts';

export interface Size {
  readonly name: string;
  /** The name in the table. */
  readonly title: string;
  readonly pods: number;
  readonly containers: number;
}

/** Creates pods, and removes them again. */
export async function upAndDown(tools: Tools, { name, title, pods, containers }: Size): Promise<Contest> {
  const { podpose, expectRunning, removePods } = tools;
  const manifest = tools.writePods({ name, pods, containers });
  const script = await tools.writeScript(manifest);
  const names = Array.from({ length: pods }, (_, pod) => `${PREFIX}${name}-${pod + 1}`);

  const contestant = (name_: string, up: Command, down: Command, upAim?: number): Contestant => ({
    name: name_,
    acts: [
      {
        measures: `cold \`up -d\`, ${title}`,
        commands: [up],
        after: () => expectRunning(name, pods * containers),
        ...(upAim === undefined ? {} : { aim: upAim }),
      },
      { measures: `\`down\`, ${title}`, commands: [down], after: () => expectRunning(name, 0) },
    ],
  });
  return {
    name,
    rounds: 5,
    tearDown: removePods,
    contestants: [
      contestant('podpose', podpose('up', '--detach', manifest), podpose('down', manifest)),
      contestant(
        '`podman kube play`, `kube down`',
        ['podman', 'kube', 'play', manifest],
        ['podman', 'kube', 'down', manifest],
        1.15,
      ),
      contestant(
        'the same commands in a shell script, `pod rm`',
        ['sh', '-e', script],
        ['podman', 'pod', 'rm', '--force', ...names],
      ),
    ],
  };
}
