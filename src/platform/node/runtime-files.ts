import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { RuntimeFiles } from '../runtime-files.ts';
import { inLockDirectory } from './lock-directory.ts';

/** Files beside the locks. */
export function nodeRuntimeFiles(env: NodeJS.ProcessEnv = process.env): RuntimeFiles {
  return {
    read: (name) => inLockDirectory(env, (base) => readFileSync(`${base}/${name}`, 'utf8')),
    write: (name, text) => {
      inLockDirectory(env, (base) => {
        const temporary = `${base}/${name}.${process.pid}`;
        writeFileSync(temporary, text, { mode: 0o600 });
        renameSync(temporary, `${base}/${name}`);
      });
    },
  };
}
