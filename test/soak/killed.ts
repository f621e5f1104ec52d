import { killPlans, type KillPlan } from '../e2e/support/kill-plans.ts';
import { arrange, killRound, must, type Kill, type KillPlace } from '../e2e/support/kill-rounds.ts';
import { exec, removeThingsOf } from '../e2e/support/podman.ts';
import { inPlace } from './place.ts';

/*
 * podpose is killed, or its terminal closed, before, during and after every podman command in plans of every kind. The
 * next up or down succeeds, loses no data, and leaves no unknown process running.
 *
 * killed.ts [PLAN [SECONDS]]: one kind of plan; for each kind, no new round starts after this many seconds
 */

const KILLS: readonly Omit<Kill, 'command' | 'next'>[] = [
  { moment: 'before', signal: 'KILL' },
  { moment: 'after', signal: 'KILL' },
  { moment: 'during', signal: 'KILL' },
  { moment: 'before', signal: 'HUP' },
];

interface Tally {
  rounds: number;
  failures: number;
}

/** Goes through all commands of a plan once per kind of kill, with another kind for each command. */
async function killEverywhere(place: KillPlace, plan: KillPlan, until: number): Promise<Tally> {
  const tally: Tally = { rounds: 0, failures: 0 };
  let now = plan;
  let mark = await beginAgain(place, plan);
  for (const [pass] of KILLS.entries())
    for (let command = 1; performance.now() < until; command++) {
      const next = (command + pass) % 3 === 0 && plan.after !== undefined ? 'down' : 'same';
      const kill: Kill = { ...(KILLS[(command + pass) % KILLS.length] ?? raise()), command, next };
      const what = `SIG${kill.signal} ${kill.moment} command ${command}, then ${next}`;
      try {
        const killed = await killRound(place, now, kill, mark);
        tally.rounds += killed === undefined ? 0 : 1;
        if (plan.isMutual === true && next === 'same') now = backOf(now);
        else if (plan.keepsClaim) await arrange(place, now);
        else mark = await beginAgain(place, plan);
        if (killed === undefined) break;
      } catch (error) {
        tally.rounds++;
        tally.failures++;
        const why = error instanceof Error ? error.message : String(error);
        process.stderr.write(`FAILED ${plan.name}, ${what}: ${why}\n`);
        now = plan;
        mark = await beginAgain(place, plan);
      }
    }
  return tally;
}

function raise(): never {
  throw new Error('there are no kills');
}

function backOf(plan: KillPlan): KillPlan {
  const { before, after, ...rest } = plan;
  return {
    ...rest,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

/** Returns the data of the PersistentVolumeClaim. */
async function beginAgain(place: KillPlace, plan: KillPlan): Promise<string> {
  await removeThingsOf(place.id);
  await place.file('pod.yaml', plan.after ?? plan.before ?? '');
  await must(place, ['up', '-d']);
  const mark = await exec(`${place.id}-deaf`, 'cat', '/data/mark');
  await arrange(place, plan);
  return mark;
}

const ID = `soak-killed-${process.pid}`;

async function main(place: KillPlace, [only, seconds = '3600']: readonly string[]): Promise<number> {
  const all = { rounds: 0, failures: 0 };
  for (const plan of killPlans(place.id).filter(
    ({ name }) => only === undefined || only === 'all' || name === only,
  )) {
    const begun = performance.now();
    const until = begun + Number(seconds) * 1000;
    const { rounds, failures } = await killEverywhere(place, plan, until);
    all.rounds += rounds;
    all.failures += failures;
    const took = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(`killed, ${plan.name}: ${rounds} rounds, ${failures} failures, ${took} s\n`);
  }
  process.stdout.write(`killed: ${all.rounds} rounds, ${all.failures} failures\n`);
  return all.failures === 0 && all.rounds > 0 ? 0 : 1;
}

process.exitCode = await inPlace(ID, (place) => main(place, process.argv.slice(2)));
