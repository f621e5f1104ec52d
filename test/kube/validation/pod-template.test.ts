import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podposeVerdict } from '../../oracle/podpose-verdict.ts';
import { show, type Fields } from '../manifest.ts';

/** What podpose says of a Deployment with this container in its template, and this spec besides. */
function said(container: Fields, spec: Fields = {}): readonly string[] {
  const labels = { app: 'web' };
  const containers = [{ name: 'app', image: 'nginx:1.27', ...container }];
  const { errors, warnings } = podposeVerdict(
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers, ...spec } },
      },
    }),
  );
  return [...errors, ...warnings].map(show);
}

const at = 'spec.template.spec.containers[0]';

test('the paths in messages are those of the file', () => {
  assert.deepEqual(said({ env: ['a', 'b'].map((value) => ({ name: 'A', value })) }), [
    `warning: ${at}.env[1].name: 'A' replaces the value from ${at}.env[0] [duplicate-env]`,
  ]);
  const valueFrom = { fieldRef: { fieldPath: 'spec.hostname' } };
  assert.deepEqual(said({ env: [{ name: 'A', valueFrom }] }), [
    `${at}.env[0].valueFrom.fieldRef.fieldPath: unsupported field 'spec.hostname', did you mean 'spec.nodeName'? [unknown-field-path]`,
  ]);
});

test('a negative grace period stays negative in a template', () => {
  const lifecycle = { preStop: { sleep: { seconds: 0 } } };
  assert.deepEqual(
    said({ lifecycle }, { terminationGracePeriodSeconds: -1 }).filter((line) => line.startsWith(at)),
    [
      `${at}.lifecycle.preStop.sleep.seconds: must not be greater than the terminationGracePeriodSeconds of the pod (-1), got 0 [out-of-range]`,
    ],
  );
});

test('what only podman asks for is an error of the pods that podpose creates', () => {
  assert.deepEqual(said({ workingDir: 'app', terminationMessagePath: '/a:b' }), [
    `${at}.workingDir: must be an absolute path, got 'app', did you mean '/app'? [unusable-path]`,
    `${at}.terminationMessagePath: must not contain ':', got '/a:b' [unusable-path]`,
  ]);
});
