import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as validators from '../../src/manifest/schema/generated/validators.js';
import { fieldsOf, isDefinition, nestedFields } from '../../src/manifest/yaml/shape.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

interface ObjectSchema {
  readonly type: string;
  readonly additionalProperties: unknown;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

const schemaText = read('schemas/kubernetes-1.36.schema.json');
const schema = JSON.parse(schemaText) as { readonly $defs: Readonly<Record<string, ObjectSchema>> };
const descriptions = JSON.parse(read('schemas/descriptions.json')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
const definitions = Object.entries(schema.$defs).filter(([name]) => name !== 'List');

test('types and validators were made from the committed schema', () => {
  const hash = createHash('sha256').update(schemaText).digest('hex');
  for (const file of ['kubernetes.ts', 'field-types.ts', 'validators.js', 'validators.d.ts'])
    assert.ok(read(`src/manifest/schema/generated/${file}`).includes(`schema-sha256: ${hash}\n`), file);
});

test('every object is closed, and asks only for fields that it has', () => {
  for (const [name, { type, additionalProperties, required = [], properties }] of definitions) {
    assert.deepEqual([type, additionalProperties], ['object', false], name);
    for (const field of required) assert.ok(Object.hasOwn(properties, field), `${name}.${field}`);
  }
});

test('the field table and the descriptions have the definitions and fields of the schema', () => {
  for (const [name, { properties }] of definitions) {
    const fields = Object.keys(properties).toSorted();
    assert.deepEqual(
      fieldsOf(name)
        .map((field) => field.name)
        .toSorted(),
      fields,
      name,
    );
    assert.deepEqual(Object.keys(descriptions[name] ?? {}).toSorted(), ['', ...fields], name);
  }
});

test('the field table refers only to definitions and scalars that it has', () => {
  const scalars = [
    'any',
    'boolean',
    'bytes',
    'choice',
    'int32',
    'int64',
    'intOrString',
    'quantity',
    'string',
    'time',
  ];
  for (const kind of ['Pod', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'PersistentVolume'])
    for (const { of, path } of nestedFields(kind)) assert.ok(isDefinition(of) || scalars.includes(of), path);
});

test('what the types of the API leave out', () => {
  const property = (definition: string, field: string): unknown =>
    schema.$defs[definition]?.properties[field];
  assert.deepEqual(property('PodSpec', 'restartPolicy'), {
    type: 'string',
    enum: ['Always', 'OnFailure', 'Never', ''],
  });
  assert.deepEqual(property('VolumeMount', 'mountPropagation'), {
    type: 'string',
    enum: ['None', 'HostToContainer', 'Bidirectional'],
  });
  assert.deepEqual(property('HTTPGetAction', 'port'), {
    type: ['integer', 'string'],
    minimum: -(2 ** 31),
    maximum: 2 ** 31 - 1,
  });
  assert.deepEqual(property('EmptyDirVolumeSource', 'sizeLimit'), { type: ['string', 'number'] });
  assert.deepEqual(property('Secret', 'data'), {
    type: 'object',
    additionalProperties: { type: 'string', contentEncoding: 'base64' },
  });
  assert.deepEqual(schema.$defs['Pod']?.required, ['apiVersion', 'kind', 'metadata', 'spec']);
});

test('no comment is left unread or half unescaped', () => {
  const texts = Object.values(descriptions).flatMap((fields) => Object.values(fields));
  assert.ok(texts.filter((text) => text !== '').length > texts.length / 2);
  for (const text of texts) assert.doesNotMatch(text, /\\['"]/);
});

const examples: readonly (readonly [string, unknown, boolean])[] = [
  ['Pod', { metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'b' }] } }, true],
  ['Pod', { metadata: {}, spec: { containers: [{ name: 'a', imagePullPolicy: 'always' }] } }, false],
  ['Pod', { metadata: {}, spec: { containers: [], unknown: 1 } }, false],
  ['Pod', { metadata: {}, spec: {} }, false],
  ['Pod', { metadata: {}, spec: { containers: [{ name: 'a', ports: [{ containerPort: 1.5 }] }] } }, false],
  ['Pod', [], false],
  ['ConfigMap', { metadata: { name: 'a' }, data: { a: 'b' } }, true],
  ['ConfigMap', { metadata: { name: 'a' }, data: { a: 1 } }, false],
  ['Secret', { metadata: { name: 'a' }, stringData: { a: 'b' }, type: 'Opaque' }, true],
  ['Secret', { metadata: { name: 'a' }, stringdata: {} }, false],
  [
    'PersistentVolumeClaim',
    { metadata: {}, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: 1 } } } },
    true,
  ],
  ['PersistentVolumeClaim', { metadata: {}, spec: { accessModes: ['ReadWriteAlways'] } }, false],
  [
    'PersistentVolume',
    { metadata: {}, spec: { hostPath: { path: '/a' }, capacity: { storage: '1Gi' } } },
    true,
  ],
  ['PersistentVolume', { metadata: {}, spec: { hostPath: '/a' } }, false],
];

test('the schema as an editor reads it and the validators agree', () => {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    validateFormats: false,
    strictRequired: false,
  });
  const whole = ajv.compile(schema);
  for (const [kind, fields, sound] of examples) {
    const object = Array.isArray(fields) ? fields : { apiVersion: 'v1', kind, ...(fields as object) };
    const text = JSON.stringify(object);
    assert.equal(whole(object), sound, text);
    assert.equal(Object.entries(validators).find(([name]) => name === kind)?.[1](object), sound, text);
    if (Array.isArray(object)) continue;
    assert.equal(whole({ apiVersion: 'v1', kind: 'List', items: [object] }), sound, `in a List: ${text}`);
  }
});

test('an editor that applies the schema to every file leaves other kinds alone', () => {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    validateFormats: false,
    strictRequired: false,
  });
  assert.equal(
    ajv.compile(schema)({ apiVersion: 'example.com/v1', kind: 'Widget', spec: { replicas: 1 } }),
    true,
  );
});

test('an error names its place, its rule and what the rule says', () => {
  assert.equal(validators.Pod({ metadata: {}, spec: { containers: [{ name: 1 }] } }), false);
  assert.deepEqual(validators.Pod.errors, [
    { instancePath: '/spec/containers/0/name', keyword: 'type', params: { type: 'string' } },
  ]);
});
