import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCases, formatCase, type OracleCase } from './case-file.ts';
import { applyChanges, baseOf, type Base } from './change.ts';

/** A case with its manifest. */
export interface LoadedCase extends OracleCase {
  /** The base and the changes as they stand in the file of cases. */
  readonly name: string;
  readonly text: string;
}

/** The corpus, base by base. */
export function loadCorpus(): readonly { readonly base: Base; readonly cases: readonly LoadedCase[] }[] {
  return readdirSync(join(import.meta.dirname, 'bases'))
    .sort()
    .map((file) => {
      const base = baseOf(file.replace(/\.yaml$/, ''), readText('bases', file));
      const cases = parseCases(base.name, readText('cases', `${base.name}.tsv`));
      return {
        base,
        cases: cases.map((one) => ({ ...one, name: nameOf(one), text: applyChanges(base, one.changes) })),
      };
    });
}

/** Without the verdict, which another release of Kubernetes may change. */
function nameOf(one: OracleCase): string {
  const [, ...changes] = formatCase(one).split('\t');
  return [one.base, ...changes].join('  ');
}

/** By name of the case, the reason why podpose does not give the server's verdict. */
export function loadExceptions(): ReadonlyMap<string, string> {
  return new Map(
    readText('.', 'exceptions.tsv')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [name = '', reason = ''] = line.split('\t');
        return [name, reason] as const;
      }),
  );
}

function readText(...path: readonly string[]): string {
  return readFileSync(join(import.meta.dirname, ...path), 'utf8');
}
