import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer } from '../manifest.ts';

test('a digest is of an algorithm that podman knows, and as long as that makes it', () => {
  const about = (digest: string) => findings(podWithContainer({ image: `nginx:1.27@${digest}` }));
  for (const digest of [`sha256:${'a'.repeat(64)}`, `sha512:${'0'.repeat(128)}`])
    assert.deepEqual(about(digest), []);
  for (const digest of [`sha256:${'a'.repeat(32)}`, `sha256:${'a'.repeat(65)}`, `md5:${'a'.repeat(32)}`])
    assert.match(about(digest).join(), /spec\.containers\[0\]\.image: .* \[invalid-image\]$/);
});
