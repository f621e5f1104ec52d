import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, type Fields } from '../manifest.ts';

function service(spec: Fields, namespace = 'default'): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace }, spec });
}

function pod(ports: readonly Fields[], labels: Fields = { app: 'web' }): string {
  return podWith({ containers: [{ name: 'app', image: 'nginx:1.27', ports }] }, { labels });
}

const selector = { app: 'web' };
const HTTP = [{ name: 'http', containerPort: 8080 }];

const CASES: readonly (readonly [string, Fields, string, readonly string[]])[] = [
  ['a named port', { selector, ports: [{ port: 80, targetPort: 'http' }] }, pod(HTTP), []],
  ['a declared number', { selector, ports: [{ port: 80, targetPort: 8080 }] }, pod(HTTP), []],
  ['a number where nothing is declared', { selector, ports: [{ port: 80 }] }, pod([]), []],
  ['no selector', { ports: [{ port: 80 }], clusterIP: 'None' }, pod([]), []],
  [
    'a selector of no pod',
    { selector: { app: 'other' }, ports: [{ port: 80 }] },
    pod([]),
    [
      "warning: spec.selector: no pod in the given files has the label 'app: other': nothing answers [endpoints-missing]",
    ],
  ],
  [
    'labels of no pod',
    { selector: { app: 'web', tier: 'api' }, ports: [{ port: 80 }] },
    pod([]),
    [
      "warning: spec.selector: no pod in the given files has the labels 'app: web', 'tier: api': nothing answers [endpoints-missing]",
    ],
  ],
  [
    'a name of no port',
    { selector, ports: [{ port: 80, targetPort: 'web' }] },
    pod(HTTP),
    [
      "warning: spec.ports[0].targetPort: no container of the selected pods has a TCP port named 'web'; there is 'http': nothing answers [endpoints-missing]",
    ],
  ],
  [
    'a port of another protocol',
    { selector, ports: [{ port: 8080, protocol: 'UDP', targetPort: 'http' }] },
    pod(HTTP),
    [
      "warning: spec.ports[0].targetPort: no container of the selected pods has a UDP port named 'http': nothing answers [endpoints-missing]",
    ],
  ],
  [
    'a number that is not declared beside another',
    { selector, ports: [{ port: 80 }] },
    pod(HTTP),
    [
      "warning: spec.ports[0].port: no container of the selected pods declares the TCP port 80; there is '8080' [endpoints-missing]",
    ],
  ],
];

for (const [name, spec, target, expected] of CASES)
  test(name, () => {
    assert.deepEqual(findings(service(spec), target), expected);
  });

test('pods of another namespace do not count', () => {
  assert.match(
    findings(service({ selector, ports: [{ port: 80 }] }, 'staging'), pod([])).join('\n'),
    /no pod in the given files has the label 'app: web'/,
  );
});
