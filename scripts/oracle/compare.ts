/**
 * Finds manifests on which podpose and a Kubernetes API server differ, and prints them in groups. See README.md.
 *
 *     node --import tsx scripts/oracle/compare.ts [--kinds Pod,Service] [--only BASE] [--at FIELD] [--count 4000] [--seed N]
 *         [--pairs 25] [--finer] [--oracle BINARY] [--out DIRECTORY] [--examples 60] [--bases FILE... | FILE... | DIRECTORY...]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatChange } from '../../test/oracle/change.ts';
import { isJudged, podposeVerdict } from '../../test/oracle/podpose-verdict.ts';
import { askOracle, type Answer } from './ask-oracle.ts';
import { basesOfFiles, filesOf, ownBases } from './bases.ts';
import { disagreement, finerDisagreement, type Disagreement } from './disagreement.ts';
import { kindOf } from './field-type.ts';
import { allPlaces, randomMutants } from './mutants.ts';
import { randomOf } from './random.ts';
import { shrinkAll, type Shrinking } from './shrink.ts';

process.stdout.on('error', () => process.exit(0)); // `compare.ts | head`

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kinds: { type: 'string' },
    count: { type: 'string', default: '4000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    pairs: { type: 'string', default: '25' },
    oracle: { type: 'string', default: process.env['PODPOSE_ORACLE'] ?? join(import.meta.dirname, 'oracle') },
    bases: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    at: { type: 'string', default: '' },
    out: { type: 'string', default: join(tmpdir(), 'podpose-oracle') },
    examples: { type: 'string', default: '60' },
    finer: { type: 'boolean', default: false },
    unjudged: { type: 'boolean', default: false },
  },
});

/** A manifest to compare. `origin` says where it comes from. */
interface Subject {
  readonly kind: string;
  readonly origin: string;
  readonly text: string;
}

interface Group {
  readonly key: string;
  readonly subjects: readonly Subject[];
}

const subjects = positionals.length > 0 && !options.bases ? givenFiles(positionals) : mutants();
const groups = await groupsOf(subjects);
await report(groups);

function givenFiles(paths: readonly string[]): readonly Subject[] {
  return filesOf(paths).map((file) => {
    const text = readFileSync(file, 'utf8');
    return { kind: /^\s*"?kind"?: *"?(\w+)/m.exec(text)?.[1] ?? '', origin: file, text };
  });
}

function mutants(): readonly Subject[] {
  const own = ownBases();
  const given = options.bases ? basesOfFiles(positionals) : own;
  const kinds = options.kinds?.split(',');
  const wanted = given.filter(
    ({ name, tree }) => name.includes(options.only) && (kinds === undefined || kinds.includes(kindOf(tree))),
  );
  const bases = options.unjudged ? wanted : wanted.filter(isJudged);
  const skipped = new Set(wanted.filter((base) => !bases.includes(base)).map(({ tree }) => kindOf(tree)));
  if (skipped.size > 0) console.log(`podpose does not judge yet, and left out: ${[...skipped].join(', ')}`);
  const found: Subject[] = [];
  const places = allPlaces(bases, [...own, ...given]).filter(({ path }) =>
    path.join('.').includes(options.at),
  );
  for (const { base, changes, text } of randomMutants(
    places,
    randomOf(Number(options.seed)),
    Number(options.pairs),
  )) {
    found.push({
      kind: kindOf(base.tree),
      origin: `${base.name}: ${changes.map(formatChange).join(' ; ')}`,
      text,
    });
    if (found.length >= Number(options.count)) break;
  }
  return found;
}

async function groupsOf(all: readonly Subject[]): Promise<readonly Group[]> {
  const answers = await askOracle(
    options.oracle,
    all.map(({ text }) => text),
  );
  const found = new Map<string, Subject[]>();
  for (const [index, subject] of all.entries()) {
    const answer = answers[index];
    const differs = answer && differenceOf(subject.kind, answer, subject.text);
    if (differs === undefined) continue;
    const group = found.get(differs.key);
    if (group === undefined) found.set(differs.key, [subject]);
    else group.push(subject);
  }
  return [...found]
    .map(([key, members]) => ({ key, subjects: members.sort((a, b) => a.text.length - b.text.length) }))
    .sort((a, b) => b.subjects.length - a.subjects.length);
}

async function report(found: readonly Group[]): Promise<void> {
  const differing = found.reduce((sum, group) => sum + group.subjects.length, 0);
  console.log(
    `seed ${options.seed}: ${subjects.length} manifests, ${differing} differ, in ${found.length} groups\n`,
  );
  for (const { key, subjects: members } of found)
    console.log(`${String(members.length).padStart(5)}  ${key}`);
  console.log();
  const shown = found.slice(0, Number(options.examples));
  const examples = await minimal(shown);
  mkdirSync(options.out, { recursive: true });
  for (const [index, group] of found.entries()) {
    const example = examples[index];
    const [first] = group.subjects;
    if (first === undefined) continue;
    const lines = [`${group.subjects.length} x ${group.key}`, `from:    ${first.origin}`];
    if (example !== undefined) {
      const file = join(options.out, `${String(index + 1).padStart(3, '0')}-${first.kind}.yaml`);
      writeFileSync(file, example);
      lines.push(
        `example: ${file}`,
        ...example
          .trimEnd()
          .split('\n')
          .map((line) => `    | ${line}`),
      );
    }
    console.log(`${lines.join('\n')}\n`);
  }
}

/** The smallest member of each group, made smaller. */
async function minimal(shown: readonly Group[]): Promise<readonly string[]> {
  const kinds = new Map(shown.map(({ key, subjects: [first] }) => [key, first?.kind ?? '']));
  const given = shown.map(({ key, subjects: [first] }) => ({ key, text: first?.text ?? '' }));
  return shrinkAll(given, async (candidates: readonly Shrinking[]) => {
    const answers = await askOracle(
      options.oracle,
      candidates.map(({ text }) => text),
    );
    return candidates.map(({ key, text }, index) => {
      const answer = answers[index];
      return answer !== undefined && differenceOf(kinds.get(key) ?? '', answer, text)?.key === key;
    });
  });
}

function differenceOf(kind: string, answer: Answer, text: string): Disagreement | undefined {
  const podpose = podposeVerdict(text);
  return (
    disagreement(kind, answer, podpose) ??
    (options.finer ? finerDisagreement(kind, answer, podpose) : undefined)
  );
}
