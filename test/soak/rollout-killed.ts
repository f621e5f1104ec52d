import assert from 'node:assert/strict';
import { killedAt, type Kill, type KillPlace } from '../e2e/support/kill-rounds.ts';
import { fetchText, freePort } from '../e2e/support/network.ts';
import { podsOf, sendRequests, serviceText, workloadText } from '../e2e/support/rollouts.ts';
import { inPlace } from './place.ts';

/*
 * podpose is killed before, during and after every podman command of a rollout of two pods behind a Service. The next up
 * completes the rollout: no request fails meanwhile, and only pods of the new template are left.
 *
 * rollout-killed.ts [SECONDS]: no new round starts after this many seconds
 */

const MOMENTS: readonly Kill['moment'][] = ['before', 'during', 'after'];
const REPLICAS = 2;

async function main(place: KillPlace, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const port = await freePort();
  const write = (version: number) =>
    place.file(
      'pod.yaml',
      serviceText(place.id, port) + workloadText(place.id, { replicas: REPLICAS, version: String(version) }),
    );
  let version = 0;
  await write(version);
  await succeed(place, 'up', '-d', '--wait');
  const tally = { rounds: 0, failures: 0 };
  for (const moment of MOMENTS)
    for (let command = 1; performance.now() < until; command++) {
      version++;
      await write(version);
      const killed = await killedAt(place, ['up', '-d'], { command, moment, signal: 'KILL' });
      if (killed === undefined) break;
      tally.rounds++;
      try {
        await assertCompleted(place, port, version);
      } catch (error) {
        tally.failures++;
        const why = error instanceof Error ? error.message : String(error);
        process.stderr.write(`FAILED ${moment} command ${command} (${killed.trim()}): ${why}\n`);
        await succeed(place, 'up', '-d', '--wait');
      }
    }
  process.stdout.write(`rollout-killed: ${tally.rounds} rounds, ${tally.failures} failures\n`);
  await succeed(place, 'down', '-t', '0');
  return tally.failures === 0 && tally.rounds > 0 ? 0 : 1;
}

async function assertCompleted(place: KillPlace, port: number, version: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/`;
  const requests = sendRequests(url);
  await succeed(place, 'up', '-d');
  const { answers } = await requests.end();
  const failed = answers.filter((answer) => !/^\d+$/.test(answer));
  assert.deepEqual(failed, [], 'requests during the next up');
  assert.equal((await podsOf(`deploy/${place.id}`)).length, REPLICAS);
  assert.equal((await fetchText(url)).trim(), String(version));
  await succeed(place, 'plan', '--detailed-exitcode');
}

async function succeed({ podpose }: KillPlace, ...args: readonly string[]): Promise<void> {
  const ended = await podpose(args);
  assert.equal(ended.code, 0, ended.story);
}

const ID = `soak-rollout-${process.pid}`;
process.exitCode = await inPlace(ID, (place) => main(place, Number(process.argv[2] ?? '3600')));
