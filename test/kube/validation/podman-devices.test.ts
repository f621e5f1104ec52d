import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSources } from '../../../src/engine/check-sources.ts';
import { testPlatform } from '../../support/platform.ts';
import { podWithContainer, show } from '../manifest.ts';

const resources = { limits: { 'podman.io/device=/dev/dri': '1' } };
const at = "spec.containers[0].resources.limits['podman.io/device=/dev/dri']";

function judged(text: string, target: 'local' | 'kubernetes'): readonly string[] {
  return checkSources(testPlatform({}), [{ file: 'pod.yaml', text }], { target }).diagnostics.map(show);
}

test("a device in podman's notation runs here, and is an error for a cluster", () => {
  const message = `${at}: a device in the notation of 'podman kube play'; a cluster refuses this name [unknown-resource]`;
  const pod = podWithContainer({ resources });
  assert.deepEqual(judged(pod, 'local'), [`warning: ${message}`]);
  assert.deepEqual(judged(pod, 'kubernetes'), [message]);
});

test('in the template of a workload it is an error: podpose runs none', () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'nginx', resources }] },
  };
  const text = JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  });
  assert.match(
    judged(text, 'kubernetes').join('\n'),
    /^spec\.template\.spec\S+device=\/dev\/dri'\]: .*\[unknown-resource\]$/m,
  );
});

test('a resource of a device plugin is an error that names the devices of podman', () => {
  const text = podWithContainer({ resources: { limits: { 'nvidia.com/gpu': '1' } } });
  const [found] = checkSources(testPlatform({}), [{ file: 'pod.yaml', text }], {}).diagnostics;
  assert.equal(found?.code, 'not-supported');
  assert.match(found.help ?? '', /'nvidia\.com\/gpu=all' for devices of CDI/);
});
