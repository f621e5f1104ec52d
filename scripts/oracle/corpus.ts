/**
 * Makes test/oracle/cases/ anew from test/oracle/bases/ with the oracle's verdicts. See README.md.
 *
 *     node --import tsx scripts/oracle/corpus.ts [--oracle BINARY] [--cases 4900] [--pairs 40000] [--seed 36] [--keep]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatCase, type OracleCase, type ServerVerdict } from '../../test/oracle/case-file.ts';
import { formatChange, parseChange, type Change } from '../../test/oracle/change.ts';
import type { TreePath } from '../../test/oracle/tree.ts';
import { loadCorpus } from '../../test/oracle/corpus.ts';
import { warnedField } from '../../test/oracle/near.ts';
import { askOracle, type Answer, type Reason } from './ask-oracle.ts';
import { CORPUS, ownBases } from './bases.ts';
import { genericField, reasonShape } from './disagreement.ts';
import { kindOf } from './field-type.ts';
import { allPlaces, mutantOf, randomMutants, singleMutants, type Mutant } from './mutants.ts';
import { randomOf, sample } from './random.ts';

const { values: options } = parseArgs({
  options: {
    oracle: { type: 'string', default: process.env['PODPOSE_ORACLE'] ?? join(import.meta.dirname, 'oracle') },
    cases: { type: 'string', default: '4900' },
    pairs: { type: 'string', default: '40000' },
    seed: { type: 'string', default: '36' },
    keep: { type: 'boolean', default: false },
  },
});

/** A mutant that may become a case. */
interface Candidate {
  readonly mutant: Mutant;
  readonly verdict: ServerVerdict;
  /** The same for mutants that show the same. */
  readonly shape: string;
  /** The same for mutants that show the same in objects of another kind or at another depth. */
  readonly rule: string;
}

/** Longer lines are chosen only where nothing shorter shows the same. */
const LINE_LIMIT = 160;
/** Nobody reads a line of that length. */
const LONGEST_LINE = 400;

const bases = ownBases();
const named = new Map(bases.map((base) => [base.name, base]));
const known = new Set<string>();

/** The changes of chosen.tsv. */
function chosenMutants(): readonly Mutant[] {
  return readFileSync(join(import.meta.dirname, 'chosen.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...changes] = line.split('\t');
      const base = named.get(name);
      if (base === undefined) throw new Error(`chosen.tsv: no base ${name}`);
      return mutantOf(base, [], changes.map(parseChange));
    });
}

/** Every single change, and pairs at random. */
function* triedMutants(): Generator<Mutant> {
  const places = allPlaces(bases, bases);
  yield* singleMutants(places);
  let pairs = 0;
  for (const mutant of randomMutants(places, randomOf(Number(options.seed)), 100)) {
    if (mutant.changes.length < 2) continue;
    yield mutant;
    pairs += 1;
    if (pairs >= Number(options.pairs)) return;
  }
}

/** How many manifests the oracle decides at once. */
const CHUNK = 20_000;

async function decideAll(mutants: Iterable<Mutant>): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  let chunk: Mutant[] = [];
  const flush = async () => {
    for (const candidate of await decide(chunk)) keepSome(found, candidate);
    chunk = [];
  };
  for (const mutant of mutants) {
    const line = lineOf(mutant);
    if (line.length > LONGEST_LINE || known.has(line)) continue;
    known.add(line);
    chunk.push(mutant);
    if (chunk.length >= CHUNK) await flush();
  }
  await flush();
  return found;
}

/** How many of one shape there may be. */
const SAME_SHAPE = 6;
const counts = new Map<string, number>();

function keepSome(found: Candidate[], candidate: Candidate): void {
  const count = counts.get(candidate.shape) ?? 0;
  counts.set(candidate.shape, count + 1);
  if (count < SAME_SHAPE) found.push(candidate);
}

/** Without those for which Kubernetes' code has no verdict. */
async function decide(mutants: readonly Mutant[]): Promise<readonly Candidate[]> {
  const answers = await askOracle(
    options.oracle,
    mutants.map(({ text }) => text),
  );
  return mutants.flatMap((mutant, index) => {
    const answer = answers[index];
    if (answer === undefined || answer.verdict === 'unknown') return [];
    return [
      { mutant, verdict: toVerdict(answer), shape: shapeOf(mutant, answer), rule: ruleOf(mutant, answer) },
    ];
  });
}

function lineOf({ base, changes }: Mutant): string {
  return [base.name, ...changes.map(formatChange)].join('\t');
}

/** What is to be seen: the kind with the reason, or with the place, the sort of change and the warnings. */
function shapeOf({ base, path, changes }: Mutant, answer: Answer): string {
  const [reason] = answer.reasons;
  const kind = kindOf(base.tree);
  if (reason !== undefined) return `${kind}  ${sortOf(reason)}`;
  const place = path.map((part) => (typeof part === 'number' ? '[]' : part)).join('.');
  const warned = answer.warnings.map((text) => genericField(text.replace(/"[^"]*"/g, ''))).join();
  return `${kind}  ${place}  ${changes.map(({ kind: sort }) => sort).join()}  ${warned}`;
}

/** Of a field only the last two names count. */
function ruleOf(mutant: Mutant, answer: Answer): string {
  const [reason] = answer.reasons;
  if (reason === undefined) return shapeOf(mutant, answer);
  return sortOf({ ...reason, field: reason.field.split('.').slice(-2).join('.') });
}

/** An unknown field, a wrong type or a bad text is one thing at each depth, whatever its name or its value. */
function sortOf(reason: Reason): string {
  const field = genericField(reason.field);
  switch (reason.type) {
    case 'Strict':
      return `Strict  ${field.split('.').length}`;
    case 'Decode':
      return `Decode  ${/of type (.*)$/.exec(reason.detail)?.[1] ?? reasonShape({ ...reason, field: '' })}`;
    default:
      return reasonShape(reason);
  }
}

function toVerdict({ verdict, reasons, warnings }: Answer): ServerVerdict {
  const [reason] = reasons;
  if (verdict !== 'reject' || reason === undefined)
    return { kind: 'accept', warnings: warnings.length, field: warnedField(warnings[0] ?? '') };
  return { kind: 'reject', field: reason.field.replace(/\s/g, '_'), type: reason.type };
}

/** One of each rule first, then one of each shape, then a second one, and so on; rejected and accepted ones in turn. */
function choose(all: readonly Candidate[], count: number): readonly Candidate[] {
  const rejected = inRounds(all.filter(({ verdict }) => verdict.kind === 'reject'));
  const accepted = inRounds(all.filter(({ verdict }) => verdict.kind === 'accept'));
  const accepts = Math.min(accepted.length, Math.max(Math.floor(count * 0.4), count - rejected.length));
  return [...rejected.slice(0, count - accepts), ...accepted.slice(0, accepts)];
}

function inRounds(all: readonly Candidate[]): readonly Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of all) {
    const group = groups.get(candidate.shape);
    if (group === undefined) groups.set(candidate.shape, [candidate]);
    else group.push(candidate);
  }
  // Single changes before pairs, lines of a readable length before others.
  const rank = ({ mutant }: Candidate) =>
    (lineOf(mutant).length > LINE_LIMIT ? 2 : 0) + (mutant.changes.length > 1 ? 1 : 0);
  const rounds = [...groups.values()]
    .flatMap((group) =>
      [...group].sort((a, b) => rank(a) - rank(b)).map((candidate, round) => ({ candidate, round })),
    )
    .sort((a, b) => a.round - b.round)
    .map(({ candidate }) => candidate);
  const rules = new Set<string>();
  const [first, later] = [new Set<Candidate>(), new Set<Candidate>()];
  for (const candidate of rounds) {
    (rules.has(candidate.rule) ? later : first).add(candidate);
    rules.add(candidate.rule);
  }
  return [...first, ...later];
}

function toCase({ mutant, verdict }: Candidate): OracleCase {
  return { base: mutant.base.name, changes: mutant.changes, verdict };
}

function write(cases: readonly OracleCase[]): void {
  const directory = join(CORPUS, 'cases');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const { name } of bases) {
    const lines = cases.filter(({ base }) => base === name).map(formatCase);
    // The base itself comes first, its changes by place.
    const [first = '', ...others] = lines;
    const sorted = others.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    writeFileSync(join(directory, `${name}.tsv`), [first, ...sorted, ''].join('\n'));
  }
  const rejected = cases.filter(({ verdict }) => verdict.kind === 'reject').length;
  console.log(
    `${cases.length} cases of ${bases.length} bases: ${rejected} rejected, ${cases.length - rejected} accepted`,
  );
}

function placeOf(line: string): string {
  return line.slice(line.indexOf('\t') + 3);
}

const always = await decide([...bases.map((base) => mutantOf(base, [], [])), ...chosenMutants()]);
for (const { mutant, verdict } of always)
  if (mutant.changes.length === 0 && verdict.kind === 'reject')
    throw new Error(`the server rejects base ${mutant.base.name} at ${verdict.field}`);
for (const { mutant } of always) known.add(lineOf(mutant));
const tried = await decideAll(options.keep ? keptMutants() : triedMutants());
// In the order of the bases the last kinds would get the places that are left.
const shuffled = sample(tried, tried.length, randomOf(Number(options.seed)));
write([...always, ...choose(shuffled, Number(options.cases) - always.length)].map(toCase));

/** The cases as they are, to be decided anew. */
function keptMutants(): readonly Mutant[] {
  return loadCorpus().flatMap(({ base, cases }) =>
    cases.map(({ changes }) => mutantOf(base, placeOfChange(changes[0]), changes)),
  );
}

function placeOfChange(change: Change | undefined): TreePath {
  if (change === undefined) return [];
  return change.kind === 'text' || change.kind === 'append' ? ['(text)'] : change.path;
}
