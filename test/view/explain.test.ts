import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import { findField } from '../../src/manifest/schema/find-field.ts';
import * as reference from '../../src/manifest/schema/reference.ts';
import { nestedFields } from '../../src/manifest/yaml/shape.ts';
import { displayWidth } from '../../src/view/terminal/display-width.ts';
import { renderExplanation } from '../../src/view/explain.ts';

function explain(text: string, columns = 80): string {
  const found = findField(text);
  assert.ok(found.ok, text);
  return renderExplanation(found.value, reference, plainPaint, columns);
}

test('a field: type, support, description', () => {
  assert.equal(
    explain('pod.spec.hostPID', 60),
    [
      'pod.spec.hostPID   boolean',
      '',
      'podpose   used: shares the PID namespace of the host',
      '',
      "Use the host's pid namespace. Optional: Default to false.",
      '',
    ].join('\n'),
  );
});

test('a required field, and an enum field', () => {
  assert.match(
    explain('pod.spec.containers'),
    /^pod\.spec\.containers {3}list of objects \(Container\), required\n/,
  );
  assert.match(explain('pod.spec.restartPolicy'), /\nValues: Always, OnFailure, Never\n/);
  assert.match(explain('pvc.spec.accessModes'), /\nValues: ReadWriteOnce, ReadOnlyMany, /);
});

test('the row of a field applies to its subfields', () => {
  assert.match(explain('pod.spec.affinity.nodeAffinity'), /\npodpose {3}ignored: /);
});

test('fields are listed, in columns', () => {
  assert.equal(
    explain('pod.spec.hostAliases'),
    [
      'pod.spec.hostAliases   list of objects (HostAlias)',
      '',
      'podpose   used',
      '',
      'HostAliases is an optional list of hosts and IPs that will be injected into the',
      "pod's hosts file if specified.",
      '',
      'Fields (* is required):',
      '  hostnames  list of strings  used: host names in /etc/hosts',
      '  ip *       string           used: address of the host names in /etc/hosts',
      '',
    ].join('\n'),
  );
});

test('lines are wrapped to the terminal', () => {
  for (const columns of [60, 80, 100])
    for (const line of explain('pod.spec.containers', columns).split('\n'))
      assert.ok(displayWidth(line) <= Math.max(columns, 70), line);
});

test('every field of every kind can be explained', () => {
  let fields = 0;
  for (const kind of ['Pod', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'PersistentVolume'])
    for (const { path } of nestedFields(kind)) {
      if (path.startsWith('status')) continue;
      fields++;
      assert.ok(explain(`${kind}.${path}`).startsWith(`${kind.toLowerCase()}.`), path);
    }
  assert.ok(fields > 1000, `only ${fields} fields`);
});
