import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

/**
 * Bundles the fake podman; returns the directory to put on PATH, in which it is called `podman`. As a single file, it
 * starts almost as fast as node.
 */
export function buildFakePodman(): Promise<string> {
  return buildOnce('fake-podman', [import.meta.dirname], async (directory) => {
    await build({
      ...COMMON,
      entryPoints: [join(import.meta.dirname, 'main.ts')],
      outfile: join(directory, 'podman'),
      // Without a file extension, every node treats it as CommonJS.
      format: 'cjs',
      banner: { js: '#!/usr/bin/env node' },
    });
    chmodSync(join(directory, 'podman'), 0o755);
  });
}

export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Creates a directory with `make`, unless it exists for the same sources. Several processes may do that at once: the
 * directory appears only when it is complete.
 */
export async function buildOnce(
  name: string,
  sources: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const parent = join(tmpdir(), `podpose-tests-${userInfo().uid}`);
  const directory = join(parent, `${name}-${stateOf(sources)}`);
  if (existsSync(directory)) return directory;
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(`${directory}.`);
  await make(draft);
  try {
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
    rmSync(draft, { recursive: true });
  }
  return directory;
}

/** Changes with every file in these directories. */
function stateOf(directories: readonly string[]): string {
  const hash = createHash('sha256');
  for (const directory of directories)
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
      const { mtimeMs, size } = statSync(join(directory, name));
      hash.update(`${join(directory, name)} ${mtimeMs} ${size}\n`);
    }
  return hash.digest('hex').slice(0, 16);
}
