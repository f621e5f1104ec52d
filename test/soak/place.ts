import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KillPlace } from '../e2e/support/kill-rounds.ts';
import { removeThingsOf, tryPodman } from '../e2e/support/podman.ts';
import { run } from '../e2e/support/program.ts';
import { PODPOSE } from '../e2e/support/scenario.ts';

/** Runs rounds in a directory of their own. Removes it and everything with the ID afterwards. */
export async function inPlace(id: string, rounds: (place: KillPlace) => Promise<number>): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  const directory = join(parent, id);
  await mkdir(directory);
  const exitCode = await rounds({
    id,
    directory,
    podpose: (args, options) =>
      run(process.execPath, [PODPOSE, ...args], {
        cwd: directory,
        ...options,
        env: { ...process.env, ...options?.env },
      }),
    file: async (name, text) => {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    },
  });
  await removeThingsOf(id);
  await tryPodman('unshare', 'rm', '-rf', parent);
  return exitCode;
}
