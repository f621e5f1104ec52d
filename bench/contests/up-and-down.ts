import { defined } from '../../src/base/defined.ts';
import { LAST_START, TO_LAST_START, type Command } from '../command.ts';
import type { Act, Contest, Contestant } from '../contest.ts';
import { floorOfDown, floorOfUp, networkOf } from '../floor.ts';
import { GRACE_SECONDS, PREFIX, type PodsOptions } from '../manifests.ts';
import type { Tools } from '../tools.ts';

export interface Size {
  readonly name: string;
  /** The name in the table. */
  readonly title: string;
  readonly pods: number;
  readonly containers: number;
  /** The goals, as ratios of the time of `podman kube play` and `podman kube down`. */
  readonly upAim: number;
  readonly downAim?: number;
}

/** Creates pods, and removes them again. No podman service runs before; `down` has the one of its `up`, and has none. */
export async function upAndDown(tools: Tools, size: Size): Promise<Contest> {
  const { name, title, pods, containers, upAim, downAim } = size;
  const { podpose, floor, expectRunning, removePods, run } = tools;
  const options: PodsOptions = { name, pods, containers };
  const manifest = tools.writePods(options);
  const script = await tools.writeScript(manifest);
  const names = Array.from({ length: pods }, (_, pod) => `${PREFIX}${name}-${pod + 1}`);
  const [cold, down, coldDown] = [
    `cold \`up -d\`, ${title}`,
    `\`down\`, ${title}`,
    `\`down\`, ${title}, no service`,
  ];
  const check = `check after \`up -d\`, ${title}`;
  const allRun = () => expectRunning(name, pods * containers);
  const noneRuns = () => expectRunning(name, 0);

  /** Both states of the service. */
  const served = (up: Command, remove: Command, until?: Act['until']): readonly Act[] => [
    { measures: cold, commands: [up], service: 'none', after: allRun, ...defined({ until }) },
    { measures: down, commands: [remove], service: 'same', after: noneRuns },
    {
      measures: coldDown,
      before: async () => {
        await run(up);
      },
      commands: [remove],
      service: 'none',
      after: noneRuns,
    },
  ];
  const serviceless = (up: Command, remove: Command, aims: Pick<Size, 'downAim'> & { upAim?: number }) => [
    { measures: cold, commands: [up], after: allRun, ...aimOf(aims.upAim) },
    { measures: down, alsoMeasures: [coldDown], commands: [remove], after: noneRuns, ...aimOf(aims.downAim) },
  ];
  const kube = ['podman', 'kube'] as const;
  return {
    name,
    rounds: 5,
    tearDown: removePods,
    contestants: [
      {
        name: 'podpose',
        acts: served(podpose('up', '--detach', ...TO_LAST_START, manifest), podpose('down', manifest), {
          text: LAST_START,
          restMeasures: check,
        }),
      },
      {
        name: '`podman kube play`, `kube down`',
        acts: serviceless([...kube, 'play', manifest], [...kube, 'down', manifest], {
          upAim,
          ...(downAim === undefined ? {} : { downAim }),
        }),
      },
      // `kube play` creates its network once and keeps it; podpose creates that of the project with the first pod.
      onExistingNetwork('`podpose up --network`', {
        measures: cold,
        before: async () => {
          await run(['sh', '-c', 'podman network exists "$0" || podman network create "$0"', SHARED_NETWORK]);
        },
        commands: [podpose('up', '--detach', ...TO_LAST_START, '--network', SHARED_NETWORK, manifest)],
        until: { text: LAST_START, restMeasures: check },
        service: 'none',
        after: async () => {
          await allRun();
          await run(podpose('down', manifest));
        },
      }),
      {
        name: 'the same commands in a shell script, `pod rm`, `network rm`',
        acts: serviceless(
          ['sh', '-e', script],
          ['sh', '-c', 'podman pod rm --force "$@" && podman network rm "$0"', networkOf(options), ...names],
          {},
        ),
      },
      {
        name: 'a pause of 0.3 s',
        acts: [{ measures: check, commands: [['sleep', '0.3']], aim: 1.2 }],
      },
      {
        name: 'the bare requests',
        isFloor: true,
        acts: served(floor(`${name}-up`, floorOfUp(options)), floor(`${name}-down`, floorOfDown(options))),
      },
    ],
  };
}

/** A network that exists before each round, and is removed with the pods of the bench. */
const SHARED_NETWORK = networkOf({ name: 'shared' });

function onExistingNetwork(name: string, act: Act): Contestant {
  return { name, acts: [act] };
}

function aimOf(aim: number | undefined): Pick<Act, 'aim'> {
  return aim === undefined ? {} : { aim };
}

/** `down` may take this many times one grace period if all containers ignore SIGTERM: it must not be one for each. */
const GRACE_AIM = 1.4;

/** Removes a pod whose containers ignore SIGTERM. */
export function downUnwilling(tools: Tools, containers: number): Contest {
  const { podpose, floor, expectRunning, run } = tools;
  const name = `unwilling-${containers}`;
  const options: PodsOptions = { name, pods: 1, containers, ignoresTerm: true };
  const manifest = tools.writePods(options);
  const measures = `\`down\`, ${containers} containers that ignore SIGTERM, ${GRACE_SECONDS} s`;
  const act = (up: Command, down: Command): Act => ({
    measures,
    before: async () => {
      await run(up);
      await expectRunning(name, containers);
    },
    commands: [down],
    after: () => expectRunning(name, 0),
  });
  return {
    name,
    rounds: 3,
    tearDown: tools.removePods,
    contestants: [
      { name: 'podpose', acts: [act(podpose('up', '--detach', manifest), podpose('down', manifest))] },
      {
        name: '`podman kube down`',
        acts: [act(['podman', 'kube', 'play', manifest], ['podman', 'kube', 'down', manifest])],
      },
      {
        name: 'one grace period',
        acts: [{ measures, commands: [['sleep', GRACE_SECONDS.toString()]], aim: GRACE_AIM }],
      },
      {
        name: 'the bare requests',
        isFloor: true,
        acts: [act(floor(`${name}-up`, floorOfUp(options)), floor(`${name}-down`, floorOfDown(options)))],
      },
    ],
  };
}
