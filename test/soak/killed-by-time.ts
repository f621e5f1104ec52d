import { setTimeout as sleep } from 'node:timers/promises';
import { runningContainers } from '../e2e/support/processes.ts';
import { podpose, podText, type SoakContext } from './support.ts';

/** The delay of the kill increases by this much per round, and restarts at the limit. */
const MILLISECONDS = { step: 37, all: 2200 };

/**
 * podpose is killed, or its terminal closed, while it stops containers that ignore SIGTERM. After the next up and down,
 * no process is left.
 */
export async function killedByTime(context: SoakContext): Promise<void> {
  const { pod, round, manifest, fault } = context;
  const shape = { containers: 2, graceSeconds: 1 };
  const ok = async (...args: readonly string[]) => {
    const { exitCode, stderr } = await podpose(['-p', pod, ...args]).end;
    if (exitCode !== 0) fault(`${args[0] ?? ''} ended with ${exitCode}:\n${stderr}`);
  };
  const file = await manifest(podText(pod, shape));
  await ok('up', '-d', file);
  const command = [['up', '-d', '--force-recreate', file], ['up', '-d', file], ['down']][round % 3];
  if (round % 3 === 1) await manifest(podText(pod, { ...shape, version: '2' }));
  const running = podpose(['-p', pod, ...(command ?? [])]);
  await sleep((round * MILLISECONDS.step) % MILLISECONDS.all);
  running.kill((['SIGKILL', 'SIGHUP'] as const)[round % 2] ?? 'SIGKILL');
  await running.end;
  if (round % 4 < 2) await ok('up', '-d', file);
  await ok('down');
  await goneOrFault(context);
}

async function goneOrFault({ pod, fault }: SoakContext): Promise<void> {
  // conmon runs for a second or two after its container was removed.
  const running = () => {
    const { containers, conmons } = runningContainers(pod);
    return [...containers, ...conmons];
  };
  for (let attempt = 0; attempt < 20 && running().length > 0; attempt++) await sleep(250);
  const left = running();
  if (left.length > 0) fault(`still running: ${left.join(', ')}`);
}
