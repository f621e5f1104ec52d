import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { parse } from 'yaml';
import { memberOf } from '../../src/base/json-members.ts';
import { Deployment, Pod, StatefulSet } from '../../src/manifest/schema/generated/validators.js';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  SIDE_BY_SIDE,
  story,
  until,
  type Desk,
} from './support.ts';

const MANIFESTS = `apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: tiger}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: shop, tier: front}, annotations: {note: hello}}
spec:
  volumes: [{name: data, emptyDir: {}}]
  initContainers: [{name: setup, image: '${IMAGE}'}]
  containers:
  - name: app
    image: '${IMAGE}'
    args: [serve]
    ports: [{containerPort: 80, hostPort: 28080}]
    resources: {limits: {memory: 64Mi}}
    env:
    - {name: MODE, value: test}
    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password}}}
    volumeMounts: [{name: data, mountPath: /data}]
---
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: shop}}
spec:
  containers: [{name: db, image: '${IMAGE}'}]
`;

const KINDS = `apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: tiger}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec:
  replicas: 2
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front, tier: front}}
    spec: {containers: [{name: app, image: '${IMAGE}', envFrom: [{secretRef: {name: login}}]}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: app, image: '${IMAGE}'}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

async function up(desk: Desk): Promise<(...args: readonly string[]) => Promise<string>> {
  desk.file('pod.yaml', MANIFESTS);
  assertEnded(await desk.podpose('up', '-d'), 0);
  desk.fake.forgetCommands();
  return async (...args) => {
    const ended = await desk.podpose(...args);
    assertEnded(ended, 0);
    return ended.stdout;
  };
}

void describe('get and describe', SIDE_BY_SIDE, () => {
  story('get pods as a table, by name, label and file', HAS_IMAGE, async (desk) => {
    const shown = await up(desk);
    const names = async (...args: readonly string[]) =>
      (await shown('get', ...args, '-o', 'name')).trim().split('\n');
    assert.match(
      await shown('get', 'pods'),
      /^NAME +READY +STATUS +RESTARTS +AGE.*\ndb +1\/1 +Running .*\nweb .*\n$/,
    );
    assert.match(await shown('get', 'po', 'db', '--no-headers'), /^db +1\/1 .*\n$/);
    for (const args of [
      ['pods'],
      ['pod'],
      ['po,pods'],
      [],
      ['pod.yaml'],
      ['-a'],
      ['pods', '-l', 'app in (shop)'],
    ])
      assert.deepEqual(await names(...args), ['pod/db', 'pod/web']);
    for (const args of [
      ['pod', 'web'],
      ['pod/web'],
      ['pods', 'web'],
      ['pods/web'],
      ['po/web'],
      ['web/app'],
      ['-l', 'app=shop,tier'],
      ['-l', 'tier!=back,tier'],
    ])
      assert.deepEqual(await names(...args), ['pod/web']);
    assert.deepEqual(await names('pods', '-l', '!tier'), ['pod/db']);
    assertEnded(
      await desk.podpose('get', 'pods', '-l', 'app=none'),
      0,
      `No pods in project '${desk.project}'.`,
    );
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('get -o yaml, json and jsonpath: valid Pods without secrets', HAS_IMAGE, async (desk) => {
    const shown = await up(desk);
    const text = await shown('get', 'pod', 'web', '-o', 'yaml');
    const pod = parse(text) as { readonly spec: { readonly containers: readonly object[] } };
    Pod(pod);
    assert.deepEqual(Pod.errors ?? [], []);
    assert.deepEqual(pod.spec.containers[0], {
      name: 'app',
      image: IMAGE,
      args: ['serve'],
      resources: { limits: { memory: '64Mi' }, requests: { memory: '64Mi' } },
      env: [
        { name: 'MODE', value: 'test' },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
      ],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
      ports: [{ containerPort: 80, hostIP: '127.0.0.1', hostPort: 28080, protocol: 'TCP' }],
    });
    const list = JSON.parse(await shown('get', 'pods', '-ojson')) as {
      readonly kind: string;
      readonly items: readonly object[];
    };
    assert.deepEqual([list.kind, list.items.length], ['List', 2]);
    assert.ok(list.items.every((item) => Pod(item)));
    assert.doesNotMatch(text + JSON.stringify(list), /hmac-sha256|tiger/);
    assert.equal(await shown('get', 'pod', 'web', '-o', 'jsonpath={.status.phase}'), 'Running');
    const rows = '{range .items[*]}{.metadata.name} {.spec.containers[*].name}{"\\n"}{end}';
    assert.equal(await shown('get', 'pods', '-o', `jsonpath=${rows}`), 'db db\nweb app\n');
  });

  story('get deploy and sts -o yaml, json, name and jsonpath', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', KINDS);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const shown = async (...args: readonly string[]) => {
      const ended = await desk.podpose('get', ...args);
      assertEnded(ended, 0);
      return ended.stdout;
    };
    const deployment: unknown = parse(await shown('deploy/front', '-o', 'yaml'));
    assert.ok(Deployment(deployment), JSON.stringify(Deployment.errors));
    assert.deepEqual(memberOf(deployment, 'spec', 'selector'), { matchLabels: { app: 'front' } });
    assert.deepEqual(memberOf(deployment, 'status'), {
      ...{ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, unavailableReplicas: 0 },
    });
    assert.equal(await shown('deploy', 'front', '-o', 'jsonpath={.status.readyReplicas}'), '2');
    assert.equal(await shown('deploy,sts', '-o', 'jsonpath={.items[*].metadata.name}'), 'front store');
    assert.equal(await shown('deploy,sts', '-o', 'name'), 'deploy/front\nsts/store\n');
    const set: unknown = JSON.parse(await shown('sts/store', '-o', 'json'));
    assert.ok(StatefulSet(set), JSON.stringify(StatefulSet.errors));
    assert.equal(memberOf(set, 'spec', 'serviceName'), 'store');
    assert.doesNotMatch(JSON.stringify([deployment, set]), /tiger|hmac/);
  });

  story('get -w shows each change once, until Ctrl-C', HAS_IMAGE, async (desk) => {
    await up(desk);
    const watch = desk.start(['get', 'pods', 'db', '-w']);
    await until('the first rows', () => /db +1\/1 +Running/.test(watch.output()));
    desk.fake.podman('stop', '--time', '0', 'db-db');
    await until('the change', () => /db +0\/1/.test(watch.output()));
    watch.kill('SIGINT');
    const ended = await watch.end;
    assertEnded(ended, 130);
    assert.equal(ended.stdout.match(/^NAME/gm)?.length, 1);
    assert.equal(ended.stdout.match(/Running/g)?.length, 1, ended.stdout);
  });

  story('describe pod has the layout of kubectl', HAS_IMAGE, async (desk) => {
    const shown = await up(desk);
    const text = await shown('describe', 'pod', 'web');
    const lines = [
      /^Name: {13}web$/,
      /^Labels: {11}app=shop$/,
      /^ {18}tier=front$/,
      /^Annotations: {6}note: hello$/,
      /^Status: {11}Running$/,
      /^Init Containers:$/,
      /^ {2}setup:$/,
      /^ {4}State: {10}Terminated$/,
      /^ {6}Reason: {7}Completed$/,
      /^Containers:$/,
      /^ {2}app:$/,
      /^ {4}Port: {11}80\/TCP$/,
      /^ {4}Host Port: {6}127\.0\.0\.1:28080\/TCP$/,
      /^ {6}serve$/,
      /^ {4}State: {10}Running$/,
      /^ {4}Ready: {10}True$/,
      /^ {6}memory: +64Mi$/,
      /^ {6}MODE: +test$/,
      /^ {6}PASSWORD: +<set to the key 'password' in secret 'login'> {2}Optional: false$/,
      /^ {6}\/data from data \(rw\)$/,
      /^Conditions:$/,
      /^ {2}Ready +True$/,
      /^ {4}Type: +EmptyDir/,
    ];
    const rest = text.split('\n');
    for (const line of lines) {
      const index = rest.findIndex((one) => line.test(one));
      assert.ok(index >= 0, `no ${line.source} in the rest of:\n${text}`);
      rest.splice(0, index + 1);
    }
    assert.doesNotMatch(text, /tiger|hmac/);
    assert.equal((await shown('describe', 'pods')).match(/^Name: /gm)?.length, 2);
  });

  story('what is wrong', HAS_IMAGE, async (desk) => {
    await up(desk);
    const mistakes: readonly (readonly [readonly string[], ...(string | RegExp)[]])[] = [
      [['get', 'cm'], "podpose get has pods, workloads and Services only, not 'cm'", "'podpose get pods'"],
      [['get', 'pods,cm'], "podpose get has pods, workloads and Services only, not 'cm'"],
      [['get', 'cm/web'], "and Services only, not 'cm'", 'podpose get pod/NAME'],
      [['get', 'svc/web'], "no Service 'web'", "'podpose get all' lists the objects"],
      [['get', 'svc', '-o', 'jsonpath={.a'], 'unclosed'],
      [['get', 'svc', '-o', 'xml'], "invalid value 'xml' for --output", 'jsonpath=TEMPLATE'],
      [['get', 'svc', '-w'], '--watch shows pods only', "'podpose get pods'"],
      [['describe', 'cm', 'web'], 'podpose describe has pods only', 'podpose describe pod/NAME'],
      [['describe', 'deploy', 'web'], "no Deployment 'web'"],
      [['get', 'sts/web'], "no StatefulSet 'web'"],
      [['get', 'pod', 'wbe'], "no such pod: wbe, did you mean 'web'?"],
      [['get', '-o', 'xml'], "invalid value 'xml' for --output", 'jsonpath=TEMPLATE'],
      [['get', '-o', 'jsonpath={.a'], 'unclosed'],
      [['get', '-l', 'a=(b'], "invalid value 'a=(b' for --selector"],
      [['get', '-w', '-o', 'yaml'], '--watch does not support --output yaml'],
    ];
    for (const [args, ...words] of mistakes) assertRefused(await desk.podpose(...args), 2, ...words);
  });
});
