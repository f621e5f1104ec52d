/*
 * The verdict of a Kubernetes 1.36 API server on each case of the corpus, and podpose's. How a case is made, and where its
 * verdict comes from: scripts/oracle/README.md.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCorpus, loadExceptions, type LoadedCase } from './corpus.ts';
import { isNear } from './near.ts';
import { isJudged, podposeVerdict } from './podpose-verdict.ts';

const corpus = loadCorpus();
const exceptions = loadExceptions();

test('podpose rejects by rule kubernetes what an API server rejects, and nothing else', () => {
  const found = corpus.filter(({ base }) => isJudged(base)).flatMap(({ cases }) => cases.filter(isWrong));
  const unnamed = found.filter(({ name }) => !exceptions.has(name));
  assert.ok(
    unnamed.length === 0,
    `${unnamed.length} cases differ:\n${unnamed.slice(0, 40).map(describe).join('\n')}`,
  );
  const names = new Set(found.map(({ name }) => name));
  const settled = [...exceptions.keys()].filter((name) => !names.has(name));
  assert.deepEqual(settled, [], 'exceptions that are none any more: take them out of exceptions.tsv');
});

test('podpose has something to say wherever an API server warns', () => {
  const warned = corpus.filter(({ base }) => isJudged(base)).flatMap(({ cases }) => cases.filter(isSilent));
  assert.ok(warned.length === 0, `${warned.length} cases:\n${warned.slice(0, 40).map(describe).join('\n')}`);
});

test('the corpus has thousands of cases, of all kinds, accepted and rejected ones', () => {
  const cases = corpus.flatMap((part) => part.cases);
  const rejected = cases.filter(({ verdict }) => verdict.kind === 'reject').length;
  assert.ok(cases.length >= 3000, `${cases.length} cases`);
  assert.ok(Math.min(rejected, cases.length - rejected) >= cases.length / 4, `${rejected} rejected`);
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, 'no case is there twice');
  const kinds = corpus.map(({ base }) => /^kind: (\w+)$/m.exec(base.text)?.[1]);
  assert.ok(new Set(kinds).size >= 36, 'the kinds of the oracle');
});

test('exceptions are few, and each has a reason', () => {
  assert.ok(exceptions.size <= 10);
  for (const [name, reason] of exceptions) assert.ok(reason.length > 10, name);
});

function isWrong({ text, verdict }: LoadedCase): boolean {
  return podposeVerdict(text).isRejected !== (verdict.kind === 'reject');
}

function isSilent({ text, verdict }: LoadedCase): boolean {
  if (verdict.kind === 'reject' || verdict.warnings === 0 || verdict.field === '') return false;
  const { errors, warnings } = podposeVerdict(text);
  return ![...errors, ...warnings].some(({ path }) => isNear(path, verdict.field));
}

function describe({ name, text, verdict }: LoadedCase): string {
  const { errors } = podposeVerdict(text);
  const codes = errors
    .map(({ code, path }) => `${code} ${path ?? ''}`)
    .slice(0, 3)
    .join(', ');
  const server =
    verdict.kind === 'reject'
      ? `rejects at ${verdict.field} (${verdict.type})`
      : `accepts, ${verdict.warnings} warnings ${verdict.field}`;
  return `${name}\n    server ${server}; podpose: ${codes || 'no error'}`;
}
