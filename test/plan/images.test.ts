import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planImages } from '../../src/plan/decide/images.ts';
import { desire } from '../model/podpose.ts';

function helpFor(image: string): string {
  const [pod] = desire([
    { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'docker.io/library/app:1' }] } },
  ]);
  assert.ok(pod);
  const need = { image, policy: 'Never', path: ['spec', 'containers', 0, 'image'], pod } as const;
  return planImages([need], [], undefined).diagnostics[0]?.help ?? '';
}

const DIGEST = `sha256:${'ab'.repeat(32)}`;

test('the help for a missing image depends on its name', () => {
  assert.match(
    helpFor('quay.io/ann/site:1'),
    /^Pull it, or build it: podman build -t quay\.io\/ann\/site:1 \./,
  );
  assert.match(helpFor('localhost/site:1'), /^Build it first: podman build -t localhost\/site:1 \./);
  for (const image of [`quay.io/ann/site@${DIGEST}`, `localhost/site@${DIGEST}`, 'abcdef012345', DIGEST])
    assert.doesNotMatch(helpFor(image), /podman build/);
  assert.match(helpFor(`localhost/site@${DIGEST}`), /podman load/);
  for (const image of ['abcdef012345', DIGEST]) assert.doesNotMatch(helpFor(image), /pull/i);
});
