import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CONTAINER_DEFAULTS, POD_DEFAULTS, SECURITY_DEFAULTS } from '../../src/kube/spec/defaults.ts';
import { containerSettings, podSettings } from '../../src/kube/spec/settings.ts';
import { desired, podWith } from './manifest.ts';

const SRC = join(import.meta.dirname, '../../src');

test('defaults are not recorded', () => {
  const pod = desired(podWith({}));
  assert.deepEqual(podSettings(pod), {});
  assert.deepEqual(pod.containers.map(containerSettings), [{ image: 'nginx:1.27' }]);
});

test('explicit defaults make no difference', () => {
  const { namespace, serviceAccountName, dnsPolicy: _, ...pod } = POD_DEFAULTS;
  const { runAsNonRoot, ...ofContainer } = SECURITY_DEFAULTS;
  const container = {
    name: 'app',
    image: 'nginx:1.27',
    imagePullPolicy: 'IfNotPresent',
    securityContext: ofContainer,
    ...CONTAINER_DEFAULTS,
  };
  const spec = { ...pod, serviceAccountName, securityContext: { runAsNonRoot }, containers: [container] };
  assert.deepEqual(desired(podWith(spec, { namespace })), desired(podWith({})));
});

test('the defaults of the Pod spec are in one file', () => {
  const DEFAULT = /(?:\?\?|\w =) (?:30\b|0o644|'(?:Always|Default|TCP|default|127\.0\.0\.1|File)')/;
  const strays = ['kube/convert', 'kube/spec', 'kube/validation', 'plan', 'podman', 'view/status']
    .flatMap((directory) =>
      readdirSync(join(SRC, directory), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(directory, path),
      ),
    )
    .filter((path) => path.endsWith('.ts') && path !== 'kube/spec/defaults.ts')
    .flatMap((path) =>
      readFileSync(join(SRC, path), 'utf8')
        .split('\n')
        .filter((line) => DEFAULT.test(line) && !/^export type|_MILLISECONDS =/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  assert.deepEqual(strays, []);
});
