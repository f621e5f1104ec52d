import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { isUnsafe } from '../../src/base/sanitize.ts';
import { HAS_IMAGE, IMAGE, SIDE_BY_SIDE, story, type Desk } from './support.ts';

/**
 * ESC, BEL, DEL, a C1 control character, each kind of character that turns the direction of writing, and such as no font
 * shows (a tag, a filler, a soft hyphen), as escapes of a
 * double-quoted YAML string.
 */
const UNSAFE =
  '\\e[31m\\a\\x7f\\x9b31m\\x85\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c\\L\\P\\r\\U000e0041\\u3164\\u00ad\\U0001d173';
const RAW = '\u001b[31m\u0007\u009b\u202e\u2066';

const manifest = (text: string) =>
  `
apiVersion: v1
kind: ConfigMap
metadata: { name: files }
data: { text: "${text}" }
---
apiVersion: v1
kind: Pod
metadata: { name: web, annotations: { note: "${text}" } }
spec:
  containers:
    - name: app
      image: ${IMAGE}
      command: [sh, "${text}"]
      args: ["${text}", "$(TEXT)"]
      workingDir: "/work${text}"
      env: [{ name: TEXT, value: "${text}" }]
      volumeMounts:
        - { name: files, mountPath: "/files${text}" }
        - { name: data, mountPath: /data, subPath: "sub${text}" }
        - { name: host, mountPath: /host }
      lifecycle: { stopSignal: null }
  volumes:
    - { name: files, configMap: { name: files } }
    - { name: data, emptyDir: {} }
    - { name: host, hostPath: { path: "/tmp/x${text}", type: DirectoryOrCreate } }
`.replace(/ *lifecycle.*\n/, '');

const BROKEN = `
apiVersion: v1
kind: "Pod${UNSAFE}"
metadata: { name: "web${UNSAFE}", labels: { "${UNSAFE}": "${UNSAFE}" } }
spec:
  "unknown${UNSAFE}": "${UNSAFE}"
  containers: [{ name: "${UNSAFE}", image: "${UNSAFE}", imagePullPolicy: "${UNSAFE}" }]
`;

async function assertSafe(desk: Desk, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, story: told } = await desk.podpose(...args);
  for (const text of [stdout, stderr])
    for (const line of text.split('\n')) assert.ok(!isUnsafe(line), `${JSON.stringify(line)} in ${told}`);
  assert.notEqual(stdout + stderr, '', told);
  assert.doesNotMatch(stderr, /bug in podpose/);
  return stdout + stderr;
}

const FORMATS = [
  ['plan'],
  ['plan', '--format', 'commands'],
  ['plan', '--format', 'json'],
  ['diff'],
  ['validate'],
  ['validate', '--format', 'json'],
];

void describe('no terminal control character is printed', SIDE_BY_SIDE, () => {
  const settings = { ...HAS_IMAGE, version: '5.4.2' };
  story('in manifests, pods and changes', settings, async (desk) => {
    const name = `${RAW}/pod.yaml`;
    desk.file(name, manifest(UNSAFE));
    for (const format of FORMATS) await assertSafe(desk, ...format, name);
    await assertSafe(desk, 'up', '-d', '-v', name);
    for (const output of ['wide', 'json', 'yaml', 'name']) await assertSafe(desk, 'ps', '-o', output, name);
    assert.match(await assertSafe(desk, 'plan', name), /No changes/, 'what was applied is exact');
    desk.file(name, manifest(`${UNSAFE} changed`));
    for (const format of FORMATS) await assertSafe(desk, ...format, name);
    for (const progress of ['plain', 'json'])
      await assertSafe(desk, 'up', '-d', '-v', '--force-recreate', '--progress', progress, name);
    await assertSafe(desk, 'down', '-v', name);
  });

  story('in diagnostics', HAS_IMAGE, async (desk) => {
    desk.file(`broken${RAW}.yaml`, BROKEN);
    await assertSafe(desk, 'validate', `broken${RAW}.yaml`);
    await assertSafe(desk, 'validate', '--format', 'json', `broken${RAW}.yaml`);
    await assertSafe(desk, 'up', `missing${RAW}.yaml`);
    await assertSafe(desk, 'explain', `pod.spec.${RAW}`);
    await assertSafe(desk, RAW);
    await assertSafe(desk, 'up', `--${RAW}`);
    await assertSafe(desk, 'ps', RAW);
    await assertSafe(desk, 'up', '-p', RAW);
  });
});
