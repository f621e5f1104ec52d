import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isError } from '../../src/base/diagnostic.ts';
import { fixFiles } from '../../src/engine/fix-files.ts';
import { testEngine } from '../support/platform.ts';

const NO_PODMAN = () => Promise.reject(new Error('fix needs no podman'));

/** The text after `fix`, and the messages of the errors that are left. */
async function fix(
  text: string | Uint8Array,
): Promise<{ readonly text: string; readonly errors: readonly string[] }> {
  const { engine } = testEngine({ files: { '/home/ann/demo/pod.yaml': text } }, { run: NO_PODMAN } as never);
  const fixed = await fixFiles(engine, { files: ['pod.yaml'] });
  assert.ok(fixed.ok);
  const { changed, diagnostics } = fixed.value;
  return {
    text: changed[0]?.after ?? (typeof text === 'string' ? text : Buffer.from(text).toString()),
    errors: diagnostics.filter(isError).map(({ message }) => message),
  };
}

function pod(container: string, spec = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web # the name\nspec:\n${spec}  containers:\n    - name: app\n      image: nginx:1.27\n${container}`;
}

function claimWith(mountOptions: string): string {
  const annotations = `volume.podman.io/type: tmpfs, volume.podman.io/mount-options: ${mountOptions}`;
  return [
    'apiVersion: v1',
    'kind: PersistentVolumeClaim',
    `metadata: {name: data, annotations: {${annotations}}}`,
    'spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
    '',
  ].join('\n');
}

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ['kind in lower case', pod('').replace('Pod', 'pod'), pod('')],
  ['missing apiVersion', pod('').replace('apiVersion: v1\n', ''), pod('')],
  [
    'misspelt apiVersion',
    pod('').replace('apiVersion: v1', "apiVersion: 'V1'"),
    pod('').replace('apiVersion: v1', "apiVersion: 'v1'"),
  ],
  ['field in the wrong case', pod('      imagepullpolicy: Always\n'), pod('      imagePullPolicy: Always\n')],
  ['misspelt field', pod('      volumeMount: []\n'), pod('      volumeMounts: []\n')],
  [
    'choice in the wrong case',
    pod('      imagePullPolicy: always\n'),
    pod('      imagePullPolicy: Always\n'),
  ],
  ['quoted choice', pod('      imagePullPolicy: "always"\n'), pod('      imagePullPolicy: "Always"\n')],
  ["podman's word", pod('      imagePullPolicy: missing\n'), pod('      imagePullPolicy: IfNotPresent\n')],
  ["docker's word", pod('', '  restartPolicy: unless-stopped\n'), pod('', '  restartPolicy: Always\n')],
  ['number for text', pod('      env: [{name: A, value: 1}]\n'), pod('      env: [{name: A, value: "1"}]\n')],
  [
    'boolean for text',
    pod('      env:\n        - name: A\n          value: yes # a comment\n'),
    pod('      env:\n        - name: A\n          value: "yes" # a comment\n'),
  ],
  [
    'text for number',
    pod('      ports: [{containerPort: "80"}]\n'),
    pod('      ports: [{containerPort: 80}]\n'),
  ],
  ['text for a list', pod('      command: sleep 100\n'), pod('      command: ["sleep", "100"]\n')],
  [
    'shell line for a list',
    pod('      command: echo $HOME | cat\n'),
    pod('      command: ["echo $HOME | cat"]\n'),
  ],
  [
    'host port alone',
    pod('      ports:\n        - hostPort: 8080\n'),
    pod('      ports:\n        - containerPort: 8080\n          hostPort: 8080\n'),
  ],
  [
    'host port alone, in braces',
    pod('      ports: [{hostPort: 8080}]\n'),
    pod('      ports: [{"containerPort": 8080, hostPort: 8080}]\n'),
  ],
  [
    'name of a pod',
    pod('').replace('name: web', 'name: My_Web'),
    pod('').replace('name: web', 'name: my-web'),
  ],
  [
    'name of a container, with its references',
    pod(
      "      env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, containerName: 'App_1'}}}]\n",
    ).replace('name: app', 'name: App_1'),
    pod(
      "      env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, containerName: 'app-1'}}}]\n",
    ).replace('name: app', 'name: app-1'),
  ],
  [
    'name of a volume, with its mounts',
    pod(
      '      volumeMounts: [{name: my_data, mountPath: /data}]\n',
      '  volumes: [{name: "my_data", emptyDir: {}}]\n',
    ),
    pod(
      '      volumeMounts: [{name: my-data, mountPath: /data}]\n',
      '  volumes: [{name: "my-data", emptyDir: {}}]\n',
    ),
  ],
  [
    'mistakes that hide others',
    pod('      port: [{containerport: "80", protocol: tcp}]\n'),
    pod('      ports: [{containerPort: 80, protocol: TCP}]\n'),
  ],
  [
    "the name of podman's option in its value",
    claimWith('"o=size=10m,nr_inodes=9"'),
    claimWith('"size=10m,nr_inodes=9"'),
  ],
  [
    'several documents',
    `${pod('').replace('kind: Pod', 'kind: pod')}---\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: 1}\n`,
    `${pod('')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1"}\n`,
  ],
  [
    'JSON',
    '{"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": true}}\n',
    '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "true"}}\n',
  ],
  [
    'end of a document in place of a separator',
    `${pod('')}...\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\n`,
    `${pod('')}---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\n`,
  ],
  [
    'host paths',
    pod(
      '      volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]\n',
      '  volumes: [{name: a, hostPath: {path: ../data}}, {name: b, hostPath: {path: "${HOME}/b"}}]\n',
    ),
    pod(
      '      volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]\n',
      '  volumes: [{name: a, hostPath: {path: /home/ann/data}}, {name: b, hostPath: {path: "/home/ann/b"}}]\n',
    ),
  ],
  [
    'words of compose',
    pod('      enviroment: [A=b]\n      entrypoint: [a]\n      ports:\n        - "8080:80"\n'),
    pod(
      '      env: [{"name": "A", "value": "b"}]\n      command: [a]\n      ports:\n        - {"containerPort": 80, "hostPort": 8080}\n',
    ),
  ],
  ['byte order mark', `\uFEFF${pod('').replace('Pod', 'pod')}`, `\uFEFF${pod('')}`],
  [
    'line breaks of Windows',
    pod('      imagePullPolicy: always\n').replaceAll('\n', '\r\n'),
    pod('      imagePullPolicy: Always\n').replaceAll('\n', '\r\n'),
  ],
];

for (const [name, before, after] of CASES)
  test(`fix: ${name}`, async () => {
    const fixed = await fix(before);
    assert.deepEqual(fixed, { text: after, errors: [] });
    assert.equal((await fix(after)).text, after, 'a second fix changes nothing');
  });

test('names in the template of a workload', async () => {
  const deployment = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers: [{name: c, image: i, volumeMounts: [{name: ${name}, mountPath: /m}]}]\n      volumes: [{name: ${name}, emptyDir: {}}]\n`;
  assert.equal((await fix(deployment('My_V'))).text, deployment('my-v'));
});

test('a name that another one has already is not given', async () => {
  const before = pod('', '  volumes: [{name: a_b, emptyDir: {}}, {name: a-b, emptyDir: {}}]\n');
  assert.equal((await fix(before)).text, before);
});

test('what is not certain stays, and is reported', async () => {
  const before = pod('      imagePullPolicy: sometimes\n      resources: 3\n');
  const { text, errors } = await fix(before);
  assert.equal(text, before);
  assert.equal(errors.length, 2);
});

test('a valid file and a file that is no text stay as they are', async () => {
  const examples = join(import.meta.dirname, '../../examples');
  for (const name of readdirSync(examples).filter((entry) => !entry.includes('.'))) {
    const text = readFileSync(join(examples, name, 'pod.yaml'));
    assert.equal((await fix(text)).text, text.toString(), name);
  }
  const binary = Buffer.from([0xff, 0xfe, 0x00]);
  assert.equal((await fix(binary)).text, binary.toString());
});
