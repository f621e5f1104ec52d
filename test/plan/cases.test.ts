import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlanJson } from '../../src/view/plan/json.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';
import { fold, LONGEST_LINE, unfold } from '../support/fold.ts';
import { planCase, type PlannedCase } from '../support/plan-case.ts';

/*
 * Each directory in test/cases is one case: the plan for a manifest (`pod.yaml`), an observed state (`observed.json`,
 * default: empty) and options (`options.json`). `plan.txt`, `steps.txt` and `commands.txt` are the expected output, with
 * long lines folded. UPDATE_CASES=1 rewrites them; review the diff before you commit it.
 */
const CASES = join(import.meta.dirname, '../cases');
const isUpdating = process.env['UPDATE_CASES'] === '1';
const names = readdirSync(CASES).sort();

for (const name of names)
  test(name, async () => {
    const directory = join(CASES, name);
    const planned = await planCase(directory);
    assert.deepEqual(planned.plan === undefined ? [] : unmetNeeds(planned.plan), []);
    // The same plan, regardless of the order in podman's output.
    assert.equal(snapshot(await planCase(directory, (rows) => rows.toReversed())), snapshot(planned));
    assert.equal(snapshot(await planCase(directory, oddOnesFirst)), snapshot(planned));
    compare(join(directory, 'plan.txt'), fold(planned.text));
    compare(join(directory, 'steps.txt'), fold(planned.steps));
    compare(join(directory, 'commands.txt'), fold(planned.commands));
  });

test('the commands of all cases are valid for a POSIX shell', () => {
  const commands = names.map((name) => unfold(expected(join(CASES, name, 'commands.txt')))).join('');
  const { status, stderr } = spawnSync('sh', ['-n'], { input: commands, encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('the lines of golden files are short enough to review', () => {
  const texts = readdirSync(CASES, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.txt'),
  );
  const tooLong = texts.flatMap((path) =>
    expected(join(CASES, path))
      .split('\n')
      .flatMap((line, index) => (line.length > LONGEST_LINE ? [`${path}:${index + 1}`] : [])),
  );
  assert.deepEqual(tooLong, []);
});

/** A missing file counts as empty. */
function expected(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function compare(path: string, actual: string): void {
  if (!isUpdating) assert.equal(actual, expected(path));
  else if (actual === '') rmSync(path, { force: true });
  else writeFileSync(path, actual);
}

function snapshot({ plan, text, commands, steps }: PlannedCase): string {
  return (
    text + commands + steps + (plan === undefined ? '' : renderPlanJson(plan, capabilitiesOf(OLDEST_PODMAN)))
  );
}

function oddOnesFirst<T>(rows: readonly T[]): readonly T[] {
  return [...rows.filter((_, index) => index % 2 === 1), ...rows.filter((_, index) => index % 2 === 0)];
}

/** Duplicate IDs, and needs that are not earlier steps. */
function unmetNeeds({ steps }: Plan): readonly string[] {
  const met = new Set<string>();
  return steps.flatMap(({ id, needs }) => {
    const unmet = needs
      .filter((need) => !met.has(need))
      .map((need) => `${id} needs ${need}, which is not before it`);
    const twice = met.has(id) ? [`${id} is there twice`] : [];
    met.add(id);
    return [...unmet, ...twice];
  });
}
