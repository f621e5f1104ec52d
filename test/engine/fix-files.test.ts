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
  ['hostname', pod('', '  hostname: My_Host\n'), pod('', '  hostname: my-host\n')],
  [
    'full hostname',
    pod('', '  "hostname": nas.home.lan # here\n'),
    pod('', '  "hostnameOverride": nas.home.lan # here\n'),
  ],
  ['text for a list', pod('      command: sleep 100\n'), pod('      command: ["sleep", "100"]\n')],
  [
    'text with quotes for a list',
    pod(`      command: sh -c 'echo "a b" | cat'\n`),
    pod('      command: ["sh", "-c", "echo \\"a b\\" | cat"]\n'),
  ],
  [
    'script of a shell for a list',
    pod('      command: ["sh", "-ec"]\n      args: sleep 100 && echo a\n'),
    pod('      command: ["sh", "-ec"]\n      args: ["sleep 100 && echo a"]\n'),
  ],
  ['arguments for a list', pod('      args: --a $(B) -c\n'), pod('      args: ["--a", "$(B)", "-c"]\n')],
  [
    'host port alone',
    pod('      ports:\n        - hostPort: 8080\n'),
    pod('      ports:\n        - containerPort: 8080\n          hostPort: 8080\n'),
  ],
  [
    'host port alone, in braces',
    pod('      ports: [{hostPort: 8080}]\n'),
    pod('      ports: [{containerPort: 8080, hostPort: 8080}]\n'),
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
      '  volumes: [{name: a, hostPath: {path: /home/ann/data}}, {name: b, hostPath: {path: /home/ann/b}}]\n',
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
    'moved field with line breaks of Windows',
    pod('', '  ports:\n    - containerPort: 80\n').replaceAll('\n', '\r\n'),
    pod('      ports:\n        - containerPort: 80\n').replaceAll('\n', '\r\n'),
  ],
  [
    'moved field at the end of a file without a line break',
    pod('', '  ports:\n  - containerPort: 80\n').trimEnd(),
    pod('      ports:\n      - containerPort: 80').trimEnd(),
  ],
  [
    'fields of a pod without a spec',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\ncontainers:\n- {name: a, image: b}\nrestartPolicy: Never\n',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: a, image: b}\n  restartPolicy: Never\n',
  ],
  [
    'group of a claim given to the user of its container',
    pod(
      '      securityContext: {runAsGroup: 7}\n      volumeMounts: [{name: v, mountPath: "/m:U"}]\n',
      '  volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]\n',
    ),
    pod(
      '      securityContext: {runAsGroup: 7}\n      volumeMounts: [{name: v, mountPath: "/m"}]\n',
      '  volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]\n  securityContext:\n    fsGroup: 7\n',
    ),
  ],
  [
    'options of several host paths',
    pod(
      '      volumeMounts: [{name: a, mountPath: "/a:Z"}, {name: b, mountPath: "/b:z"}]\n',
      '  volumes: [{name: a, hostPath: {path: /srv/a}}, {name: b, hostPath: {path: /srv/b}}]\n',
    ),
    pod(
      '      volumeMounts: [{name: a, mountPath: "/a"}, {name: b, mountPath: "/b"}]\n',
      '  volumes: [{name: a, hostPath: {path: /srv/a}}, {name: b, hostPath: {path: /srv/b}}]\n',
    ).replace('# the name', '# the name\n  annotations:\n    bind-mount-options: "/srv/a:Z,/srv/b:z"'),
  ],
  [
    'options beside the annotation',
    pod(
      '      volumeMounts: [{name: a, mountPath: "/a:Z"}]\n',
      '  volumes: [{name: a, hostPath: {path: /srv/a}}]\n',
    ).replace('# the name', "# the name\n  annotations: {bind-mount-options: '/srv/c:z'}"),
    pod(
      '      volumeMounts: [{name: a, mountPath: "/a"}]\n',
      '  volumes: [{name: a, hostPath: {path: /srv/a}}]\n',
    ).replace('# the name', "# the name\n  annotations: {bind-mount-options: '/srv/c:z,/srv/a:Z'}"),
  ],
  [
    'readOnly of a volume that its mounts have already',
    pod(
      '      volumeMounts:\n        - name: bus\n          mountPath: /bus\n          readOnly: true\n',
      '  volumes:\n    - name: bus\n      hostPath:\n        path: /run/dbus\n        readOnly: true # no writes\n',
    ),
    pod(
      '      volumeMounts:\n        - name: bus\n          mountPath: /bus\n          readOnly: true\n',
      '  volumes:\n    - name: bus\n      hostPath:\n        path: /run/dbus\n',
    ),
  ],
  [
    'readOnly of a volume that one of two mounts has',
    pod(
      '      volumeMounts: [{name: a, mountPath: /a, readOnly: true}, {name: a, mountPath: /b}]\n',
      '  volumes: [{name: a, hostPath: {path: /a, readOnly: true}}]\n',
    ),
    pod(
      '      volumeMounts: [{name: a, mountPath: /a, readOnly: true}, {name: a, mountPath: /b, readOnly: true}]\n',
      '  volumes: [{name: a, hostPath: {path: /a}}]\n',
    ),
  ],
  [
    'hostname with dots',
    pod('', '  hostname: www.example.test # public\n'),
    pod('', '  hostnameOverride: www.example.test # public\n'),
  ],
  [
    'hostname with dots, in JSON',
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostname":"a.b","containers":[{"name":"a","image":"b"}]}}\n',
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostnameOverride":"a.b","containers":[{"name":"a","image":"b"}]}}\n',
  ],
  [
    'containers without names',
    pod(
      '    - image: registry.test:5000/team/my_app.web:1.2\n    # in braces\n    - {image: nginx}\n',
      '  initContainers:\n    -   image: docker.io/library/nginx@sha256:' +
        'a'.repeat(64) +
        '\n        command: [a]\n    - command: [b]\n      image: app\n',
    ),
    pod(
      '    - name: my-app-web\n      image: registry.test:5000/team/my_app.web:1.2\n    # in braces\n    - {name: nginx-2, image: nginx}\n',
      '  initContainers:\n    -   name: nginx\n        image: docker.io/library/nginx@sha256:' +
        'a'.repeat(64) +
        '\n        command: [a]\n    - name: app-2\n      command: [b]\n      image: app\n',
    ),
  ],
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

/** Objects of which every name is written with one separator, for the names that pods and others refer to. */
function named(separator: string, claim = `{name: my${separator}data}`): string {
  const name = (word: string): string => `my${separator}${word}`;
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: "${name('config')}"} # quoted
data: {KEY: a}
---
apiVersion: v1
kind: Secret
metadata:
  name: ${name('secret')} # plain
stringData: {KEY: a}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: ${claim}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Service
metadata: {name: ${name('service')}}
spec: {selector: {a: b}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec:
  defaultBackend: {service: {name: ${name('service')}, port: {number: 80}}}
  tls: [{secretName: ${name('secret')}}]
---
apiVersion: v1
kind: Pod
metadata: {name: ${name('pod')}}
spec:
  imagePullSecrets: [{name: ${name('secret')}}]
  containers:
    - name: app
      image: nginx:1.27
      envFrom: [{configMapRef: {name: ${name('config')}}}, {secretRef: {name: ${name('secret')}}}]
      env:
        - {name: A, valueFrom: {configMapKeyRef: {name: '${name('config')}', key: KEY}}}
        - {name: B, valueFrom: {secretKeyRef: {name: ${name('secret')}, key: KEY}}}
      volumeMounts:
        - {name: a, mountPath: /a}
        - {name: b, mountPath: /b}
        - {name: c, mountPath: /c}
        - {name: d, mountPath: /d}
  volumes:
    - {name: a, configMap: {name: ${name('config')}}}
    - {name: b, secret: {secretName: ${name('secret')}}}
    - {name: c, projected: {sources: [{configMap: {name: ${name('config')}}}, {secret: {name: ${name('secret')}, items: [{key: KEY, path: b}]}}]}}
    - {name: d, persistentVolumeClaim: {claimName: ${name('data')}}}
`;
}

test('names of objects, with all references to them', async () => {
  const annotated = '{name: my-data, annotations: {podpose.io/volume: my_data}}';
  assert.equal((await fix(named('_'))).text, named('-', annotated));
});

test('the annotation of a renamed claim is written in the layout of the file', async () => {
  const claim = (metadata: string): string =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n${metadata}spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n`;
  for (const [before, after] of [
    [
      '  name: My.Data_1 # mine\n  labels: {a: b}\n',
      '  name: my.data-1 # mine\n  annotations:\n    podpose.io/volume: My.Data_1\n  labels: {a: b}\n',
    ],
    [
      '    annotations:\n        a: b\n    name: "a_b"\n',
      '    annotations:\n        podpose.io/volume: a_b\n        a: b\n    name: "a-b"\n',
    ],
    [
      '  name: a_b\n  annotations: {podpose.io/volume: kept}\n',
      '  name: a-b\n  annotations: {podpose.io/volume: kept}\n',
    ],
    ['  name: a_1\n', '  name: a-1\n  annotations:\n    podpose.io/volume: a_1\n'],
  ] as const)
    assert.equal((await fix(claim(before))).text, claim(after));
});

test('a claim with an invalid name that no file declares is declared', async () => {
  const user = (name: string): string =>
    pod(
      '      volumeMounts: [{name: v, mountPath: /m}]\n',
      `  volumes: [{name: v, persistentVolumeClaim: {claimName: ${name}}}]\n`,
    );
  const added =
    '---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: my-data\n  annotations:\n    podpose.io/volume: my_data\nspec:\n  accessModes: [ReadWriteOnce]\n  resources:\n    requests:\n      storage: 1Gi\n';
  assert.equal((await fix(user('my_data'))).text, user('my-data') + added);
  assert.equal((await fix(user('my_data').trimEnd())).text, user('my-data') + added);
  assert.equal((await fix(user('my-data'))).text, user('my-data'));
});

test('a claim that is bound to a PersistentVolume in the files has no volume to keep', async () => {
  const text = (name: string): string =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: ${name}}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /srv}, claimRef: {name: ${name}}}\n`;
  assert.equal((await fix(text('a_b'))).text, text('a-b'));
});

test('a missing space in a Secret, whose text no message shows', async () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: abc\n';
  for (const glued of ['apiVersion:v1', 'name:db']) {
    const fixed = await fix(secret.replace(glued.replace(':', ': '), glued));
    assert.deepEqual(fixed, { text: secret, errors: [] });
  }
});

test('JSON stays JSON', async () => {
  const start = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": ';
  const container = '{"name": "app", "image": "nginx:1.27"';
  const mount = '"volumeMounts": [{"name": "data", "mountPath": "/data"}]';
  const claim = '{"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"data"},"spec":{}}';
  for (const before of [
    `${start}[${container}, "fsGroup": 1000}]}}`,
    `${start}[${container}, ${mount}}], "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "My_Data"}}]}}`,
    claim,
  ]) {
    const fixed = await fix(before);
    assert.deepEqual(fixed.errors, []);
    assert.notEqual(fixed.text, before);
    for (const line of fixed.text.trim().split('\n')) assert.ok(JSON.parse(line), fixed.text);
    // Also as one of several objects.
    const stream = await fix(`${claim.replace('"data"', '"other"')}\n${before}`);
    assert.deepEqual(stream.errors, []);
    for (const line of stream.text.trim().split('\n')) assert.ok(JSON.parse(line), stream.text);
  }
});

test('names that would become equal, or that are taken, stay and are reported', async () => {
  const maps = (...names: readonly string[]): string =>
    names.map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`).join('---\n');
  for (const text of [maps('a_b', 'a-b'), maps('a_b', 'A_b')]) {
    const fixed = await fix(text);
    assert.equal(fixed.text, text);
    assert.ok(fixed.errors.length > 0);
  }
  const pods = `${pod('').replace('name: web', 'name: a_b')}---\n${pod('').replace('name: web', 'name: a-b')}`;
  assert.equal((await fix(pods)).text, pods);
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

/** The container of `pod` with two volumes of host paths. */
const TWO_HOST_PATHS = pod(
  '      volumeMounts: [{name: a, mountPath: "/a:Z"}, {name: b, mountPath: "/b:Z"}]\n',
  '  volumes: [{name: a, hostPath: {path: /srv/a}}, {name: b, hostPath: {path: /srv/b}}]\n',
);

const UNCERTAIN: readonly (readonly [name: string, text: string])[] = [
  ['a signal that two are as near to', pod('      lifecycle: {stopSignal: SIGFOO}\n')],
  ['a misspelt field beside the right one', pod('      port: []\n      ports: []\n')],
  ['two labels for one host path', TWO_HOST_PATHS.replace('/srv/b', '/srv/a').replace('/b:Z', '/b:z')],
  ['mount option of podman without an equivalent', TWO_HOST_PATHS.replaceAll(':Z', ':O')],
  [
    'ports of a pod with two containers',
    pod('    - name: b\n      image: c\n', '  ports: [{containerPort: 80}]\n'),
  ],
  ['probe handler without a probe', pod('      httpGet: {port: 80}\n')],
  [
    'labels in the spec beside those of the pod',
    pod('', '  labels: {a: b}\n').replace('metadata:', 'metadata:\n  labels: {c: d}'),
  ],
  [
    'readOnly of a volume with a mount that contradicts',
    pod(
      '      volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /b, readOnly: false}]\n',
      '  volumes: [{name: a, hostPath: {path: /a, readOnly: true}}]\n',
    ),
  ],
  [
    'readOnly of a volume that nothing mounts',
    pod('', '  volumes: [{name: a, hostPath: {path: /a, readOnly: true}}]\n'),
  ],
  ['hostname with dots and a subdomain', pod('', '  hostname: a.b\n  subdomain: c\n')],
  ['hostname with dots on the host network', pod('', '  hostname: a.b\n  hostNetwork: true\n')],
  ['container without a name and a valid image', pod('    - image: APP_IMAGE\n')],
  ['container with an empty name', pod('    - name:\n      image: web\n')],
  ['command line that needs a shell', pod('      command: echo $HOME | cat\n')],
  ['texts of several lines', pod('      imagePullPolicy: >-\n        always\n')],
  ['quoted texts of several lines', pod('      command: "sleep\n        100"\n')],
  ['plain texts of several lines', pod('      command: sleep\n        100\n')],
  ['a value with a tag', pod('      env: [{name: A, value: !!int 5}]\n')],
  ['a field that is there twice', pod('').replace('spec:', '  annotations:\n    a: b\nspec:\nspec:')],
  ['an unclosed bracket', pod('      command: ["sh"\n      args: [a]\n')],
];

for (const [name, text] of UNCERTAIN)
  test(`fix keeps and reports: ${name}`, async () => {
    const fixed = await fix(text);
    assert.equal(fixed.text, text);
    assert.ok(fixed.errors.length > 0);
  });

/** A configuration file in a ConfigMap before a pod. */
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data:
  conf.ini: |
    [main]
    key = value
      deeper: yes
`;

test('the first cause is fixed, and its consequences are not', async () => {
  // Without the tab, nothing below is wrong.
  const annotated = pod(
    '',
    '  securityContext:\n    fsGroup: 1000\n  terminationGracePeriodSeconds: 5\n',
  ).replace('spec:', '  annotations:\n    a: b\nspec:');
  const tab = annotated.replace('    fsGroup', '\t  fsGroup');
  assert.deepEqual(await fix(tab), { text: annotated, errors: [] });
  // One line or the whole text may be meant; another line of the text is not to blame.
  const literal = CONFIG.replace('    [main]', '  [main]');
  assert.equal((await fix(literal)).text, literal);
  const mounted = pod(
    '',
    '  volumes:\n    - name: c\n      configMap:\n        items:\n          - key: k\n',
  );
  assert.equal((await fix(mounted)).text, mounted, 'a line is not moved if its mistake stays');
  const empty = pod('', '  volumes:\n    - name: c\n      emptyDir:\n');
  assert.equal((await fix(empty.replace('  emptyDir', '   emptyDir'))).text, empty);
});

test('a field of another object is moved, and not taken for a misspelt one', async () => {
  const misplaced = pod('').replace('spec:', '  terminationGracePeriodSeconds: 5\nspec:');
  const { text, errors } = await fix(misplaced);
  assert.deepEqual(errors, []);
  assert.match(text, /^ {2}terminationGracePeriodSeconds: 5$/m);
  assert.doesNotMatch(text, /deletionGracePeriodSeconds/);
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
    const [manifest = ''] = readdirSync(join(examples, name)).filter((entry) => entry.endsWith('.yaml'));
    const text = readFileSync(join(examples, name, manifest));
    assert.equal((await fix(text)).text, text.toString(), name);
  }
  const binary = Buffer.from([0xff, 0xfe, 0x00]);
  assert.equal((await fix(binary)).text, binary.toString());
});
