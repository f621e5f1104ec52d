import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isError } from '../../src/base/diagnostic.ts';
import { fixFiles } from '../../src/engine/fix-files.ts';
import { testEngine } from '../support/platform.ts';

const NO_PODMAN = () => Promise.reject(new Error('fix needs no podman'));

const VALID = `# A server with its data.
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config # settings
data:
  DEBUG: "true" # a text
  PORT: "8080"
---
apiVersion: v1
kind: Secret
metadata:
  name: web-secret
stringData:
  password: "31415926"
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: web-data
  annotations:
    podpose.io/volume: web_data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    bind-mount-options: /srv/site:Z
  labels:
    app: web # for people
spec:
  restartPolicy: Always
  containers:
    - name: app # the server
      image: nginx:1.27
      imagePullPolicy: IfNotPresent
      command: ["sleep", "100"]
      env:
        - name: LEVEL
          value: "3"
        - name: DEBUG
          valueFrom:
            configMapKeyRef:
              name: web-config
              key: DEBUG
      envFrom:
        - secretRef:
            name: 'web-secret'
      resources:
        limits: {cpu: 1, memory: 1Gi}
      securityContext:
        privileged: false
      volumeMounts:
        - name: data
          mountPath: /data
        - name: config
          mountPath: /config # settings
        - name: cache
          mountPath: "/cache"
        - name: site
          mountPath: /site
          readOnly: true
      ports:
        # published
        - containerPort: 80
          hostPort: 20080
          protocol: TCP
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: web-data
    - name: config
      configMap:
        name: web-config
    - name: cache
      emptyDir: {}
    - name: site
      hostPath:
        path: /srv/site
        type: Directory
  # for the group
  securityContext:
    fsGroup: 1000 # of the files
`;

type Changes = readonly (readonly [from: string, to: string])[];

/** Each breaks the valid file at all occurrences of its texts. The fixed file is the valid one, with the changes at the end. */
const CASES: readonly (readonly [name: string, broken: Changes, fixed?: Changes])[] = [
  // Identity
  ['kind in lower case', [['kind: Pod', 'kind: pod']]],
  ['misspelt kind', [['kind: ConfigMap', 'kind: ConfigMpa']]],
  ['kind of a claim in lower case', [['kind: PersistentVolumeClaim', 'kind: persistentvolumeclaim']]],
  ['no apiVersion', [['apiVersion: v1\nkind: Pod', 'kind: Pod']]],
  ['no apiVersion anywhere', [['apiVersion: v1\n', '']]],
  ['misspelt field apiVersion', [['apiVersion: v1\nkind: Secret', 'apiversion: v1\nkind: Secret']]],
  ['misspelt value of apiVersion', [['apiVersion: v1\nkind: Secret', 'apiVersion: V1\nkind: Secret']]],
  // Names
  ['name of a Pod', [['name: web\n', 'name: Web\n']]],
  ['name of a ConfigMap', [['web-config', 'web_config']]],
  ['name of a Secret', [['web-secret', 'Web_Secret']]],
  [
    'name of a claim without its annotation',
    [
      ['web-data', 'web_data'],
      ['\n  annotations:\n    podpose.io/volume: web_data', ''],
    ],
  ],
  ['name of a volume', [['name: data', 'name: "my_data"']], [['name: data', 'name: "my-data"']]],
  ['name of a volume with a dot', [['name: cache', 'name: a.b']], [['name: cache', 'name: a-b']]],
  [
    'name that is too long',
    [['name: cache', `name: ${'x'.repeat(70)}`]],
    [['name: cache', `name: ${'x'.repeat(63)}`]],
  ],
  ['name of a container', [['name: app', 'name: APP']]],
  [
    'name of a port',
    [['hostPort: 20080', 'hostPort: 20080\n          name: Web_Port']],
    [['hostPort: 20080', 'hostPort: 20080\n          name: web-port']],
  ],
  // Texts, numbers, words
  ['boolean for a text', [['"true"', 'true']]],
  [
    'numbers for texts',
    [
      ['"8080"', '8080'],
      ['"31415926"', '31415926'],
      ['"3"', '3'],
    ],
  ],
  ['yes for a text', [['"3"', 'yes']], [['"3"', '"yes"']]],
  ['text for a number', [['containerPort: 80\n', 'containerPort: "80"\n']]],
  ['text for a boolean', [['readOnly: true', 'readOnly: "true"']]],
  ['text for a list', [['["sleep", "100"]', 'sleep 100']]],
  ["podman's word for a pull policy", [['IfNotPresent', 'missing']]],
  ['pull policy in lower case', [['IfNotPresent', 'ifnotpresent']]],
  ['pull policy never', [['IfNotPresent', 'never']], [['IfNotPresent', 'Never']]],
  ['pull policy newer', [['IfNotPresent', 'newer']], [['IfNotPresent', 'Always']]],
  ["docker's word for a restart policy", [['restartPolicy: Always', 'restartPolicy: unless-stopped']]],
  ['restart policy in lower case', [['restartPolicy: Always', 'restartPolicy: always']]],
  [
    'restart policy no',
    [['restartPolicy: Always', 'restartPolicy: "no"']],
    [['restartPolicy: Always', 'restartPolicy: "Never"']],
  ],
  ['protocol in lower case', [['protocol: TCP', 'protocol: tcp']]],
  ['type of a host path in lower case', [['type: Directory', 'type: directory']]],
  ['field in lower case', [['volumeMounts', 'volumemounts']]],
  ['misspelt field', [['containers:', 'container:']]],
  // Ports, mounts, claims
  [
    'host port alone',
    [['containerPort: 80\n          hostPort: 20080', 'hostPort: 20080']],
    [['containerPort: 80\n', 'containerPort: 20080\n']],
  ],
  ['ro after a mountPath', [['/site\n          readOnly: true', '/site:ro']]],
  [
    'Z after the mountPath of a host path',
    [
      ['mountPath: /site', 'mountPath: /site:Z'],
      ['  annotations:\n    bind-mount-options: /srv/site:Z\n', ''],
    ],
  ],
  ['ro and Z', [['/site\n          readOnly: true', '/site:ro,Z']]],
  [
    'z after other mountPaths',
    [
      ['mountPath: /data', 'mountPath: /data:z'],
      ['"/cache"', '"/cache:Z"'],
    ],
  ],
  [
    'U after mountPaths',
    [
      ['mountPath: /data', 'mountPath: /data:U'],
      ['"/cache"', '"/cache:U"'],
    ],
  ],
  ['claim without a size', [['\n  resources:\n    requests:\n      storage: 1Gi', '']]],
  ['claim without access modes', [['  accessModes: [ReadWriteOnce]\n', '']]],
  [
    'claim without a spec',
    [['spec:\n  accessModes: [ReadWriteOnce]\n  resources:\n    requests:\n      storage: 1Gi\n', '']],
  ],
  // Misplaced fields
  [
    'ports of the pod',
    [
      [
        '      ports:\n        # published\n        - containerPort: 80\n          hostPort: 20080\n          protocol: TCP\n',
        '',
      ],
      [
        '  restartPolicy: Always\n',
        '  restartPolicy: Always\n  ports:\n    # published\n    - containerPort: 80\n      hostPort: 20080\n      protocol: TCP\n',
      ],
    ],
  ],
  [
    'fsGroup of a container',
    [
      ['  # for the group\n  securityContext:\n    fsGroup: 1000 # of the files\n', ''],
      ['privileged: false', 'privileged: false\n        fsGroup: 1000 # of the files'],
    ],
    [['  # for the group\n', '']],
  ],
  [
    'readOnly of a hostPath',
    [
      ['/site\n          readOnly: true', '/site'],
      ['type: Directory', 'type: Directory\n        readOnly: true'],
    ],
  ],
  [
    'labels in the spec',
    [
      ['  labels:\n    app: web # for people\n', ''],
      ['  restartPolicy: Always\n', '  labels:\n    app: web # for people\n  restartPolicy: Always\n'],
    ],
  ],
  [
    'limits without resources',
    [['      resources:\n        limits: {cpu: 1, memory: 1Gi}\n', '      limits: {cpu: 1, memory: 1Gi}\n']],
    [
      ['      resources:\n        limits: {cpu: 1, memory: 1Gi}\n', ''],
      ['protocol: TCP\n', 'protocol: TCP\n      resources:\n        limits: {cpu: 1, memory: 1Gi}\n'],
    ],
  ],
  // Spaces
  ['a space too many', [['      image: nginx', '       image: nginx']]],
  ['a space too few', [['      image: nginx', '     image: nginx']]],
  ['a block with a space too many', [['  containers:\n', '   containers:\n']]],
  ['a block with two spaces too few', [['        limits: {', '      limits: {']]],
  ['field of an item beside the list', [['          value: "3"', '        value: "3"']]],
  ['no space after a colon', [['image: nginx:1.27', 'image:nginx:1.27']]],
  ['no space after a dash', [['    - name: app # the server', '    -name: app # the server']]],
  ['tabs', [['      emptyDir: {}', '\temptyDir: {}']]],
  // Several at once
  [
    'mistakes that hide others',
    [
      ['kind: Pod', 'kind: pod'],
      ['containers:', 'Containers:'],
      ['IfNotPresent', 'missing'],
      ['web-config', 'Web_Config'],
      ['"3"', '3'],
      ['      image: nginx', '     image: nginx'],
    ],
  ],
];

function changed(text: string, changes: Changes): string {
  return changes.reduce((result, [from, to]) => {
    assert.ok(result.includes(from), from);
    return result.replaceAll(from, to);
  }, text);
}

async function fix(text: string): Promise<{ readonly text: string; readonly errors: readonly string[] }> {
  const machine = { files: { '/home/ann/demo/pod.yaml': text } };
  const { engine } = testEngine(machine, { run: NO_PODMAN } as never);
  const fixed = await fixFiles(engine, { files: ['pod.yaml'] });
  assert.ok(fixed.ok);
  return {
    text: fixed.value.changed[0]?.after ?? text,
    errors: fixed.value.diagnostics.filter(isError).map(({ message }) => message),
  };
}

test('the valid file stays', async () => {
  assert.deepEqual(await fix(VALID), { text: VALID, errors: [] });
});

for (const [name, broken, fixed = []] of CASES)
  test(`broken file: ${name}`, async () => {
    const before = changed(VALID, broken);
    const after = changed(VALID, fixed);
    assert.notEqual(before, after);
    assert.deepEqual(await fix(before), { text: after, errors: [] });
    assert.equal((await fix(after)).text, after, 'a second fix changes nothing');
  });
