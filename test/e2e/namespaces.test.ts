import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { podman, tryPodman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

/** A pod that answers at port 8080 with the text of its ConfigMap, and a Service in front of it, without a namespace. */
function application(name: string, text: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { TEXT: ${text} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}-front }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: web } }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: data, persistentVolumeClaim: { claimName: ${name} } }]
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, 'echo "$TEXT" >> /data/index.html; exec httpd -f -p 8080 -h /data']
      envFrom: [{ configMapRef: { name: ${name} } }]
      volumeMounts: [{ name: data, mountPath: /data }]
`;
}

scenario('Two namespaces have objects of one name', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const other = `${id}-b`;
  await file('live.yaml', application(id, 'live'));
  await file(
    'test.yaml',
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${other} }\n---\n${application(id, 'test')}`,
  );
  await step(
    'up creates those of the default namespace, and with -n those of another one beside them',
    async () => {
      await ok('up', '-d', 'live.yaml');
      const { stderr } = await ok('up', '-d', '-n', other, 'test.yaml');
      assert.doesNotMatch(stderr, /orphan/);
      for (const pod of [id, `${other}_${id}`, `${id}-front-svc`, `${other}_${id}-front-svc`])
        assert.equal((await tryPodman('pod', 'exists', pod)).code, 0, pod);
    },
  );
  await step('a short name is that of the own namespace, and a long one reaches the other', async () => {
    const ask = async (pod: string, host: string) =>
      (await podman('exec', `${pod}-app`, 'timeout', '10', 'wget', '-qO-', `http://${host}/`)).trim();
    const all = async (...asked: readonly (readonly [string, string, string])[]) => {
      for (const [pod, host, answer] of asked)
        assert.equal(await ask(pod, host), answer, `${host} in ${pod}`);
      return true;
    };
    await eventually('both servers listen', () =>
      all(
        [id, `${id}-front`, 'live'],
        [`${other}_${id}`, `${id}-front`, 'test'],
        [id, `${id}-front.${other}`, 'test'],
        [`${other}_${id}`, `${id}-front.default.svc.cluster.local`, 'live'],
        [`${other}_${id}`, `${id}.${other}.svc:8080`, 'test'],
      ),
    );
  });
  await step('get shows both with their namespaces, and with -n those of one', async () => {
    const { stdout } = await ok('get', '-p', id, 'pods');
    assert.match(stdout, new RegExp(`^NAMESPACE +NAME .*\\ndefault +${id} .*\\n${other} +${id} `));
    const one = await ok(
      'get',
      '-p',
      id,
      '-n',
      other,
      'pods',
      '-o',
      'jsonpath={.items[*].metadata.namespace}',
    );
    assert.equal(one.stdout, other);
    const manifest = await ok('get', 'pod', id, '-n', other, '-o', 'yaml');
    assert.match(manifest.stdout, new RegExp(`name: ${id}\\n *namespace: ${other}\\n`));
    assert.match(manifest.stdout, new RegExp(`claimName: ${id}\\n`));
    assert.equal(
      (await ok('get', '-p', id, '-n', other, 'pods', '-o', 'name')).stdout,
      `pod/${other}_${id}\n`,
    );
  });
  await step('a name means the pod of the default namespace, unless -n names another', async () => {
    const env = async (...args: readonly string[]) =>
      (await ok(...args, '--', 'sh', '-c', 'echo $TEXT')).stdout;
    assert.equal(await env('exec', id), 'live\n');
    assert.equal(await env('exec', '-n', other, id), 'test\n');
    assert.equal(await env('exec', `${other}_${id}`), 'test\n');
  });
  await step('an unchanged up does nothing', async () => {
    assert.match((await ok('up', '-d', '-n', other, 'test.yaml')).stderr, /^Nothing to do/m);
  });
  await step('down -n removes one of them, and keeps the data of its claim', async () => {
    await ok('down', '-t', '0', '-p', id, '-n', other);
    assert.equal((await tryPodman('pod', 'exists', `${other}_${id}`)).code, 1);
    assert.equal((await tryPodman('pod', 'exists', `${other}_${id}-front-svc`)).code, 1);
    assert.equal((await tryPodman('pod', 'exists', id)).code, 0);
    await ok('up', '-d', '-n', other, 'test.yaml');
    assert.equal(await podman('exec', `${other}_${id}-app`, 'cat', '/data/index.html'), 'test\ntest\n');
  });
  await step('an object of another namespace than that of -n is an error', async () => {
    await file(
      'mixed.yaml',
      application(id, 'live').replace(`{ name: ${id} }`, `{ name: ${id}, namespace: elsewhere }`),
    );
    const refused = await podpose(['plan', '-n', other, 'mixed.yaml']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /does not match the namespace/);
  });
  await step('down removes both', async () => {
    await ok('down', '-t', '0', '-v', '-y', '-p', id);
    await assertNothingLeft(story);
  });
});
