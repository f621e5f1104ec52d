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
import { CONTEXT } from '../support/context.ts';

/*
 * `validate` and `plan` with randomly changed manifests: no exception, and no slow run. FUZZ_SEED selects another sequence,
 * FUZZ_RUNS sets its length.
 */
const PARAMETERS = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 400),
  seed: Number(process.env['FUZZ_SEED'] ?? 4),
};

/** Generous: a manifest takes a few milliseconds on an idle machine. */
const LONGEST_MS = 1000;

test('validate reports errors of random manifests with locations', () => {
  const outcomes = { sound: 0, wrong: 0 };
  fc.assert(
    fc.property(mutatedManifest, (text) => {
      const begun = performance.now();
      const set = readManifests([{ file: 'f', text }]);
      const found = [...set.diagnostics, ...desiredPods(set.documents, CONTEXT).diagnostics];
      JSON.parse(diagnosticsJson(found));
      const shown = renderDiagnostics(found, new Map([['f', text]]), plainPaint);
      assert.ok(performance.now() - begun < LONGEST_MS);
      for (const { location, message } of found) assert.ok(location !== undefined, message);
      assert.ok(shown.length < 200_000, 'the output is too long');
      outcomes[found.some(isError) ? 'wrong' : 'sound'] += 1;
    }),
    PARAMETERS,
  );
  // Both valid and invalid manifests must occur.
  const { sound, wrong } = outcomes;
  assert.ok(Math.min(sound, wrong) > PARAMETERS.numRuns / 20, `${sound} sound and ${wrong} wrong manifests`);
});

test('plan returns a plan or errors for random manifests', async () => {
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
