import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findings, podWith, type Fields } from '../manifest.ts';

/** The most that a variable of a name of one letter may hold: its name, the = and the NUL are counted. */
const MOST = 131_072 - 'A='.length - 1;

const one = (what: string, path: string) =>
  `${path}: ${what} exceeds the Linux limit of 131072 bytes (128 KiB), with its name and the trailing NUL: the container could not start [too-long]`;

/** What is counted before the text is made. */
const referenced = (what: string, path: string) =>
  `${path}: with expanded references, ${what} exceeds the Linux limit of 131072 bytes (128 KiB): the container could not start [too-long]`;

function said(container: Fields, objects: readonly Fields[] = [], list = 'containers'): readonly string[] {
  const text = podWith({ [list]: [{ name: 'first', image: 'a:1', ...container }] });
  return findings(text, ...objects.map((object) => JSON.stringify({ apiVersion: 'v1', ...object })));
}

const envOf = (value: string) => ({ env: [{ name: 'A', value }] });
const configMap = (data: Fields) => ({ kind: 'ConfigMap', metadata: { name: 'm' }, data });

suite('arguments and variables of a program', () => {
  test('a variable may have 128 KiB with its name and the NUL', () => {
    assert.deepEqual(said(envOf('x'.repeat(MOST))), []);
    const place = 'spec.containers[0].env[0].value';
    assert.deepEqual(said(envOf('x'.repeat(MOST + 1))), [one("variable 'A'", place)]);
    // Bytes count.
    assert.deepEqual(said(envOf('é'.repeat(MOST / 2 + 1))), [one("variable 'A'", place)]);
  });

  test('the same limit for an argument and a command item', () => {
    const long = 'x'.repeat(140_000);
    assert.deepEqual(said({ args: ['a', long] }), [one('this argument', 'spec.containers[0].args[1]')]);
    assert.deepEqual(said({ command: ['sh', '-c', long] }), [
      one('this command item', 'spec.containers[0].command[2]'),
    ]);
    assert.deepEqual(said({ args: ['x'.repeat(131_071)] }), []);
  });

  test('the same limits for an init container', () => {
    assert.deepEqual(said(envOf('x'.repeat(MOST + 1)), [], 'initContainers'), [
      one("variable 'A'", 'spec.initContainers[0].env[0].value'),
    ]);
  });

  test('a value from a source is reported at its use', () => {
    const long = configMap({ A: 'x'.repeat(140_000) });
    const from = { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'A' } } }] };
    assert.deepEqual(said(from, [long]), [one("variable 'A'", 'spec.containers[0].env[0].valueFrom')]);
    const all = { envFrom: [{ prefix: 'P_', configMapRef: { name: 'm' } }] };
    assert.deepEqual(said(all, [long]), [one("variable 'P_A'", 'spec.containers[0].envFrom[0]')]);
    const volume = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
    const pod = podWith({
      containers: [{ name: 'app', image: 'a:1', ...volume }],
      volumes: [{ name: 'v', configMap: { name: 'm' } }],
    });
    assert.deepEqual(
      findings(pod, JSON.stringify({ apiVersion: 'v1', ...configMap({ big: 'x'.repeat(900_000) }) })),
      [],
    );
  });

  test('a secret is not shown', () => {
    const secret = { kind: 'Secret', metadata: { name: 's' }, stringData: { k: 'hush'.repeat(40_000) } };
    const container = { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] };
    assert.deepEqual(said(container, [secret]), [one("variable 'A'", 'spec.containers[0].env[0].valueFrom')]);
  });

  test('a reference counts with its value', () => {
    const env = [
      { name: 'HALF', value: 'x'.repeat(70_000) },
      { name: 'WHOLE', value: '$(HALF)$(HALF)' },
    ];
    assert.deepEqual(said({ env, args: ['$(HALF)-$(HALF)'] }), [
      referenced("variable 'WHOLE'", 'spec.containers[0].env[1].value'),
      referenced('this text', 'spec.containers[0].args[0]'),
    ]);
  });

  test('probes and hooks are recorded whole, within 64 KiB', () => {
    const probed = (length: number) => ({
      livenessProbe: { exec: { command: ['sh', '-c', 'x'.repeat(length)] } },
    });
    // More than a record has of other texts.
    assert.deepEqual(said(probed(10_000)), []);
    const [finding = '', ...others] = said(probed(66_000));
    assert.deepEqual(others, []);
    assert.match(
      finding,
      /^spec\.containers\[0\]: the probes, hooks and restart rules of container 'first' have 66\d{3} bytes in total, more than 65536 \(64 KiB\): podpose stores them in a label \[too-long\]$/,
    );
  });

  test('the limit of 2 MiB in total', () => {
    const many = (count: number) => ({
      env: Array.from({ length: count }, (_, index) => ({
        name: `V${index}`,
        value: 'x'.repeat(100_000 + index),
      })),
    });
    assert.deepEqual(said(many(20)), []);
    const [finding = '', ...others] = said(many(21));
    assert.deepEqual(others, []);
    assert.match(
      finding,
      /^spec\.containers\[0\]\.env\[20\]\.value: the variables and arguments of container 'first' have 2100\d{3} bytes in total, .* 2097152 \(2 MiB\).*; variable 'V20' is the longest \[too-long\]$/,
    );
  });
});
