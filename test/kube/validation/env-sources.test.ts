import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, podWith, type Fields } from '../manifest.ts';

/** What podpose says of one variable, or of one item of envFrom. */
function said(container: Fields): readonly string[] {
  return findings(podWithContainer(container)).map((line) =>
    line.replace(/spec\.containers\[0\]\.env(From)?\[0\]\.?/, ''),
  );
}

const optional = true;
const dataKey = "may only contain letters, digits, '-', '_' and '.', and must not be '.' or begin with '..'";
const subdomain =
  "may only contain lowercase letters, digits, '-' and '.', with a letter or digit at both ends of every part";

const sources: readonly (readonly [Fields, readonly string[]])[] = [
  [{ configMapKeyRef: { name: 'a', key: 'k', optional } }, []],
  [
    { configMapKeyRef: { name: 'A_b', key: 'k', optional } },
    [`valueFrom.configMapKeyRef.name: 'A_b' ${subdomain}, did you mean 'a-b'? [invalid-name]`],
  ],
  [
    { secretKeyRef: { name: 'a-', key: 'k', optional } },
    [`valueFrom.secretKeyRef.name: 'a-' ${subdomain}, did you mean 'a'? [invalid-name]`],
  ],
  [
    { secretKeyRef: { name: 'a', key: '..k', optional } },
    [`valueFrom.secretKeyRef.key: '..k' ${dataKey} [invalid-name]`],
  ],
  [
    { secretKeyRef: { name: 'a', key: '', optional } },
    ['valueFrom.secretKeyRef.key: must not be empty [invalid-name]'],
  ],
  [
    {},
    [
      "valueFrom: requires one of 'configMapKeyRef', 'secretKeyRef', 'fieldRef', 'resourceFieldRef' or 'fileKeyRef' [missing-field]",
    ],
  ],
  [{ fieldRef: { apiVersion: 'v1', fieldPath: 'spec.host' } }, []],
  [
    { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } },
    [
      "valueFrom.fieldRef.apiVersion: unknown version 'v2' of the field: only 'v1' exists, did you mean 'v1'? [wrong-value]",
    ],
  ],
  [{ fieldRef: { fieldPath: "metadata.annotations['Example.com/a']" } }, []],
  [
    { fieldRef: { fieldPath: "metadata.labels['Example.com/a']" } },
    [`valueFrom.fieldRef.fieldPath: the prefix before '/' ${subdomain} [invalid-label]`],
  ],
  [
    { resourceFieldRef: { resource: 'limits.hugepages-2Mi' } },
    [
      'valueFrom.resourceFieldRef.resource: not supported: containers have no huge pages here [not-supported]',
    ],
  ],
];

for (const [valueFrom, expected] of sources)
  test(`the source of a variable ${JSON.stringify(valueFrom)}`, () => {
    assert.deepEqual(said({ env: [{ name: 'A', valueFrom }] }), expected);
  });

/** A server compares texts: of some quantities the written one, of others the normal form. */
const divisors: readonly (readonly [string, valid: boolean])[] = [
  ...['0', '1', '1.0', '1000m', '1000', '1Ki', '1024Ki', '1.0Ki', '1000e-3'].map(
    (text) => [text, true] as const,
  ),
  ...['+1', '01', '1e0', '1e3', '1024', '1000Ki', '8Ki', '2', '-1'].map((text) => [text, false] as const),
];

for (const [divisor, isValid] of divisors)
  test(`the divisor ${divisor} of memory`, () => {
    const resourceFieldRef = { resource: 'limits.memory', divisor };
    const found = said({ env: [{ name: 'A', valueFrom: { resourceFieldRef } }] });
    assert.equal(found.length, isValid ? 0 : 1);
  });

const envFrom: readonly (readonly [Fields, readonly string[]])[] = [
  [{ configMapRef: { name: 'a-', optional } }, []],
  [
    { prefix: 'A=', secretRef: { name: 'a', optional } },
    ["prefix: 'A=' may only contain printable ASCII characters other than '=' [invalid-name]"],
  ],
  [{ secretRef: { optional } }, ["secretRef: missing 'name' of the Secret [missing-field]"]],
  [
    { configMapRef: { name: 'a b', optional } },
    [`configMapRef.name: 'a b' ${subdomain}, did you mean 'a-b'? [invalid-name]`],
  ],
  [{ prefix: 'A' }, [": requires one of 'configMapRef' or 'secretRef' [missing-field]"]],
  [
    { configMapRef: { name: 'a', optional }, secretRef: { name: 'b', optional } },
    [
      "secretRef: 'configMapRef' is already set: 'configMapRef' and 'secretRef' are mutually exclusive [several-values]",
    ],
  ],
];

for (const [item, expected] of envFrom)
  test(`the variables ${JSON.stringify(item)}`, () => {
    assert.deepEqual(said({ envFrom: [item] }), expected);
  });

const again: readonly (readonly [Fields, hides: boolean])[] = [
  [{ value: '$(A):/bin' }, false],
  [{ value: '$(A)' }, true],
  [{ value: '/bin' }, true],
  [{}, true],
  [{ valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, true],
];

for (const [fields, hides] of again)
  test(`a variable set again, ${JSON.stringify(fields)}`, () => {
    const env = [
      { name: 'A', value: '/usr' },
      { name: 'A', ...fields },
    ];
    const warning =
      "warning: spec.containers[0].env[1].name: 'A' replaces the value from spec.containers[0].env[0] [duplicate-env]";
    assert.deepEqual(findings(podWithContainer({ env })), hides ? [warning] : []);
  });

test('pull secrets without a name, and twice the same', () => {
  assert.deepEqual(
    findings(podWith({ imagePullSecrets: [{}, { name: '' }, { name: 'a' }, { name: 'a' }] })).filter(
      (line) => !line.includes('missing-pull-secret'),
    ),
    [
      "warning: spec.imagePullSecrets[0]: missing 'name' of the Secret: the item has no effect [missing-field]",
      "warning: spec.imagePullSecrets[1]: missing 'name' of the Secret: the item has no effect [missing-field]",
      "warning: spec.imagePullSecrets[3].name: duplicate name 'a': already used by spec.imagePullSecrets[2] [duplicate-name]",
    ],
  );
});
