import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../../src');

/** How podman's own messages get into a diagnostic. */
const WORDS = /\b(?:explainPodmanFailure|podmanMessage|podmanNotStarted|podmanSilent)\b|\.stderr\b/;
const LOCATION = /\blocate\(|\blocation\b *[:,}]/;

test("no diagnostic with podman's messages has a location: secret values are redacted only in those without one", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:podman|plan|kubelet|apply|engine)\/.*\.ts$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))
    .filter(({ text }) => WORDS.test(text));
  assert.ok(files.some(({ path }) => path === 'podman/errors.ts'));
  assert.ok(files.length > 5);
  assert.deepEqual(
    files.flatMap(({ path, text }) => (LOCATION.test(text) ? [path] : [])),
    [],
  );
});
