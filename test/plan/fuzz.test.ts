import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError } from '../../src/base/diagnostic.ts';
import { plainPaint } from '../../src/base/paint.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import { diagnosticsJson, renderDiagnostics } from '../../src/view/diagnostics/diagnostics.ts';
import { mutatedManifest } from '../support/mutations.ts';
import { planText } from '../support/plan-case.ts';
import { SURROUNDINGS } from '../support/surroundings.ts';

/*
 * What `validate` and `plan` do with manifests that have been changed at random: nothing may make it throw, or think for
 * long. The same seed finds the same in every run; FUZZ_RUNS and FUZZ_SEED look further.
 */
const PARAMETERS = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 400),
  seed: Number(process.env['FUZZ_SEED'] ?? 4),
};

/** Generous: such a manifest takes some milliseconds where the machine has nothing else to do. */
const LONGEST_MS = 1000;

test('validate says of every manifest what is wrong, at its place', () => {
  const outcomes = { sound: 0, wrong: 0 };
  fc.assert(
    fc.property(mutatedManifest, (text) => {
      const begun = performance.now();
      const set = readManifests([{ file: 'f', text }]);
      const found = [...set.diagnostics, ...desiredPods(set.documents, SURROUNDINGS).diagnostics];
      JSON.parse(diagnosticsJson(found));
      const shown = renderDiagnostics(found, new Map([['f', text]]), plainPaint);
      assert.ok(performance.now() - begun < LONGEST_MS);
      for (const { location, message } of found) assert.ok(location !== undefined, message);
      assert.ok(shown.length < 200_000, 'more than anybody reads');
      outcomes[found.some(isError) ? 'wrong' : 'sound'] += 1;
    }),
    PARAMETERS,
  );
  // Neither a fuzz that breaks nothing nor one that leaves nothing whole would find much.
  const { sound, wrong } = outcomes;
  assert.ok(Math.min(sound, wrong) > PARAMETERS.numRuns / 20, `${sound} sound and ${wrong} wrong manifests`);
});

test('plan plans it or says why not', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedManifest, async (text) => {
      const begun = performance.now();
      const planned = await planText(text);
      assert.ok(performance.now() - begun < LONGEST_MS);
      assert.ok(planned.text !== '');
    }),
    PARAMETERS,
  );
});
