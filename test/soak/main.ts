import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cold } from './cold.ts';
import { killedByTime } from './killed-by-time.ts';
import { endsAtOnce } from './ends-at-once.ts';
import type { SoakContext } from './support.ts';

const SOAKS: Readonly<Record<string, (context: SoakContext) => Promise<void>>> = {
  cold,
  'ends-at-once': endsAtOnce,
  'killed-by-time': killedByTime,
};

/** Runs each of them the given number of times, prints the failures, and exits with 1 if there were any. */
async function main([name, rounds = '100']: readonly string[]): Promise<number> {
  const names = name === undefined ? Object.keys(SOAKS) : [name];
  const directory = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  let faults = 0;
  for (const each of names) {
    const soak = SOAKS[each];
    if (soak === undefined) {
      process.stderr.write(`There is no ${each}; there is ${Object.keys(SOAKS).join(', ')}.\n`);
      return 2;
    }
    const begun = performance.now();
    const before = faults;
    for (let round = 0; round < Number(rounds); round++) {
      const file = join(directory, 'pod.yaml');
      await soak({
        pod: `soak-${each}-${process.pid}`,
        round,
        manifest: async (text) => {
          await writeFile(file, text);
          return file;
        },
        fault: (what) => {
          faults++;
          process.stderr.write(`${each}, round ${round + 1}: ${what}\n`);
        },
      });
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(`${each}: ${rounds} rounds, ${faults - before} faults, ${seconds} s\n`);
  }
  await rm(directory, { recursive: true });
  return faults === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
