import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { mutatedManifest } from '../support/mutations.ts';
import { SIDE_BY_SIDE, story } from './support.ts';

/** Each is a process or two: a few, and always the same. */
const SAMPLE = fc.sample(mutatedManifest, { numRuns: 12, seed: 4 });

void describe('randomly changed manifests', SIDE_BY_SIDE, () => {
  for (const [number, manifest] of SAMPLE.entries())
    story(`number ${number + 1} is validated and planned, or refused`, {}, async (desk) => {
      desk.file('pod.yaml', manifest);
      for (const verb of ['validate', 'plan']) {
        const ended = await desk.podpose(verb);
        assert.ok([0, 1, 2].includes(ended.code ?? -1), ended.story);
        assert.doesNotMatch(ended.stderr, /bug in podpose|^ +at .+:\d+:\d+\)?$/m);
      }
      assert.deepEqual(desk.fake.changes(), []);
    });
});
