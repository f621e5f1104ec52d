import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { baseOf, type Base } from '../../test/oracle/change.ts';
import { isTreeMap } from '../../test/oracle/tree.ts';

export const CORPUS = join(import.meta.dirname, '..', '..', 'test', 'oracle');

/** The project's own base manifests, by name. */
export function ownBases(): readonly Base[] {
  const directory = join(CORPUS, 'bases');
  return readdirSync(directory)
    .sort()
    .map((file) => baseOf(file.replace(/\.yaml$/, ''), readFileSync(join(directory, file), 'utf8')));
}

/** The files of paths; of a directory its YAML and JSON files, to any depth. */
export function filesOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { withFileTypes: true });
    return filesOf(
      entries
        .filter((entry) => entry.isDirectory() || /\.(ya?ml|json)$/.test(entry.name))
        .map(({ name }) => join(path, name))
        .sort(),
    );
  });
}

/** Each object of given manifests as a base. A document that is no object, or no YAML, is left out. */
export function basesOfFiles(paths: readonly string[]): readonly Base[] {
  return filesOf(paths).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^---.*\n/m)
      .flatMap((text, index) => {
        try {
          const base = baseOf(`${file}#${index}`, text);
          return isTreeMap(base.tree) ? [base] : [];
        } catch {
          return [];
        }
      }),
  );
}
