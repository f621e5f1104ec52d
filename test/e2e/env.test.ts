import assert from 'node:assert/strict';
import { livePod, assertChanged } from './support/live-pod.ts';
import { exec, podman, secretsOf } from './support/podman.ts';
import { podText, scenario } from './support/scenario.ts';
import { BUSYBOX } from './support/images.ts';
import { hostname } from 'node:os';

/** The environment of the first process of a container, which is what Kubernetes promises. */
async function environmentOf(container: string): Promise<ReadonlyMap<string, string>> {
  const text = await exec(container, 'cat', '/proc/1/environ');
  return new Map(
    text
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

scenario('Variables come from ConfigMaps, Secrets, the pod itself and its resources', async (story) => {
  const { id, step, file, ok } = story;
  const spec = (password: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  MODE: fast
  log.level: debug
  MOTTO: "two\\nlines = '\\"$\`"
---
apiVersion: v1
kind: Secret
metadata: { name: db }
stringData:
  user: ann
  password: ${password}
---
${podText(
  id,
  `
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap exit TERM; sleep 1000 & wait"]
      resources: { limits: { memory: 64Mi }, requests: { cpu: 100m } }
      envFrom:
        - configMapRef: { name: settings }
        - { prefix: DB_, secretRef: { name: db } }
        - configMapRef: { name: nobody, optional: true }
      env:
        - { name: MODE, value: "$(MODE)-er" }
        - { name: LEVEL, valueFrom: { configMapKeyRef: { name: settings, key: log.level } } }
        - { name: NONE, valueFrom: { secretKeyRef: { name: db, key: none, optional: true } } }
        - { name: URL, value: "db://$(DB_user):$(DB_password)@db" }
        - { name: NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
        - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
        - { name: UID_OF_POD, valueFrom: { fieldRef: { fieldPath: metadata.uid } } }
        - { name: POD_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
        - { name: LISTEN, value: "http://$(POD_IP):80" }
        - { name: HOST_IP, valueFrom: { fieldRef: { fieldPath: status.hostIP } } }
        - { name: MEMORY, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }
        - { name: CPU, valueFrom: { resourceFieldRef: { resource: requests.cpu, divisor: 1m } } }
    - name: other
      image: ${BUSYBOX}
      command: [sh, -c, "trap exit TERM; sleep 1000 & wait"]`,
)}`;
  await file('pod.yaml', spec('pa55 "word'));
  await step('up', () => ok('up', '-d'));
  await step('each variable has its value', async () => {
    const env = await environmentOf(`${id}-app`);
    const expected = {
      MODE: 'fast-er',
      'log.level': 'debug',
      MOTTO: `two\nlines = '"$\``,
      DB_user: 'ann',
      DB_password: 'pa55 "word',
      LEVEL: 'debug',
      URL: 'db://ann:pa55 "word@db',
      NAME: id,
      NODE: hostname(),
      MEMORY: '64',
      CPU: '100',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(env.get(name), value, name);
    assert.equal(env.has('NONE'), false);
    assert.match(env.get('UID_OF_POD') ?? '', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const addresses = await exec(`${id}-app`, 'ip', '-o', '-4', 'addr');
    const address = env.get('POD_IP') ?? '';
    assert.match(address, /^\d+\.\d+\.\d+\.\d+$/);
    assert.ok(addresses.includes(` ${address}/`), `${address} is not in\n${addresses}`);
    assert.equal(env.get('LISTEN'), `http://${address}:80`);
    assert.match(env.get('HOST_IP') ?? '', /^\d+\.\d+\.\d+\.\d+$/);
  });
  await step('the same file again changes nothing', async () => {
    const before = await livePod(id);
    const { stderr } = await ok('up', '-d');
    assert.match(stderr, /Nothing to do/);
    assertChanged(before, await livePod(id), {});
  });
  await step('another secret replaces the container that has it, and no other', async () => {
    const before = await livePod(id);
    await file('pod.yaml', spec('changed'));
    const plan = await ok('plan');
    assert.match(plan.stdout, /env\.DB_password\.secret: \*\*\*\(before\) -> \*\*\*\(after\)/);
    await ok('up', '-d');
    assertChanged(before, await livePod(id), { replaced: ['app'] });
    const env = await environmentOf(`${id}-app`);
    assert.equal(env.get('DB_password'), 'changed');
    assert.equal(env.get('URL'), 'db://ann:changed@db');
  });
  await step('podman restarts it with the same values', async () => {
    await podman('restart', '--time', '1', `${id}-app`);
    assert.equal((await environmentOf(`${id}-app`)).get('DB_password'), 'changed');
  });
  await step('podman has its secrets', async () => {
    assert.equal((await secretsOf(id)).length, 3);
  });
  await step('down leaves no podman secret', async () => {
    await ok('down');
    assert.deepEqual(await secretsOf(id), []);
  });
});
