import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, helps, pod } from './faults.ts';

/* An unknown field of a container, with the field that was meant, or what to write. */
const CASES: readonly (readonly [line: string, meant: string | undefined, help: RegExp | undefined])[] = [
  ['enviroment: []', 'env', undefined],
  ['environment: {A: b}', 'env', undefined],
  ['entrypoint: [a]', 'command', undefined],
  ['command: [a]\nentrypoint: [a]', undefined, /'command' here, and 'command' of compose is 'args'/],
  ['pull_policy: Always', 'imagePullPolicy', undefined],
  ['volumes: []', undefined, /volumeMounts in the container/],
  ['depend_on: [c]', undefined, /init container/],
  ['user: 1000', undefined, /securityContext: \{runAsUser/],
  [
    'securityContext: {fsGroup: 1}',
    undefined,
    /^It is a field of spec\.securityContext, not of spec\.containers/,
  ],
  ['fsGroup: 1', undefined, /^It is a field of spec\.securityContext, not of spec\.containers\[0\]\.$/],
  ['hostPort: 80', undefined, /an item of 'ports': \{containerPort/],
  ['memory: 1Gi', undefined, /resources: \{limits: \{memory/],
  ['resources: {cpu: 1}', undefined, /'limits: \{cpu: \.\.\.\}' or 'requests/],
  ['nonsense: 1', undefined, undefined],
];

for (const [line, meant, help] of CASES)
  test(`unknown field: ${line}`, () => {
    const text = pod({ container: line });
    assert.equal(/did you mean '(.*)'/.exec(faults(text).join())?.[1], meant, faults(text).join());
    const [found] = helps(text);
    if (help === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', help);
  });

test('readOnly of a host path belongs to the mount', () => {
  const text = pod({ spec: 'volumes: [{name: v, hostPath: {path: /a, readOnly: true}}]' });
  assert.match(helps(text).join(), /'readOnly: true' in the volumeMounts/);
});

test('variables as a map', () => {
  assert.match(helps(pod({ container: 'env: {A: b}' })).join(), /- \{name: NAME, value: TEXT\}/);
});
