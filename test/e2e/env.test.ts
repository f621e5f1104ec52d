import assert from 'node:assert/strict';
import { livePod, assertChanged } from './support/live-pod.ts';
import { exec, podman, secretsOf } from './support/podman.ts';
import { assertRefused, podText, scenario } from './support/scenario.ts';
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
    assert.match(plan.stdout, /env\[DB_password\]\.\S+: \*\*\*\(before\) -> \*\*\*\(after\)/);
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

/** An init container writes files; the app container takes variables from them, and mounts nothing. */
function takingFromFiles(key: string, medium = ''): string {
  return `
  restartPolicy: Never
  volumes:
    - { name: found, emptyDir: { medium: "${medium}" } }
  initContainers:
    - name: find
      image: ${BUSYBOX}
      volumeMounts: [{ name: found, mountPath: /found }]
      command:
        - sh
        - -c
        - |
          mkdir /found/db && cat >/found/db/app.env <<'EOF'
          # What there is
          HOST='db "one" \\ $HOME'

            PORT='5432' # the usual one
          KEY='-----BEGIN-----
            it is   mine
          -----END-----
          '
          EMPTY=''
          EOF
          ln -s db/app.env /found/link.env
          ln -s /etc/passwd /found/out.env
    - name: check
      image: ${BUSYBOX}
      command: [sh, -c, '[ "$PORT" = 5432 ] && [ ! -e /found ]']
      env: [{ name: PORT, valueFrom: { fileKeyRef: { volumeName: found, path: db/app.env, key: PORT } } }]
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, 'printf "%s|" "$0" "$@"; env -0; trap exit TERM; sleep 1000 & wait', "<$(HOST)$(KEY)>"]
      args: ["$(URL)", "$(NONE)"]
      env:
        - { name: HOST, valueFrom: { fileKeyRef: { volumeName: found, path: db/app.env, key: HOST } } }
        - { name: my.port, valueFrom: { fileKeyRef: { volumeName: found, path: link.env, key: PORT } } }
        - { name: KEY, valueFrom: { fileKeyRef: { volumeName: found, path: db/app.env, key: ${key} } } }
        - { name: NONE, valueFrom: { fileKeyRef: { volumeName: found, path: none.env, key: X, optional: true } } }
        - { name: EMPTY, valueFrom: { fileKeyRef: { volumeName: found, path: db/app.env, key: EMPTY, optional: true } } }
        - { name: MODE, value: fast }
        - { name: MODE, valueFrom: { fileKeyRef: { volumeName: found, path: db/app.env, key: MODE, optional: true } } }
        - { name: URL, value: "db://$(HOST):$(my.port)/$(NONE)/$(MODE)" }
    - name: writer
      image: ${BUSYBOX}
      command: [sh, -c, "trap exit TERM; sleep 1000 & wait"]
      volumeMounts: [{ name: found, mountPath: /found }]`;
}

const HOST = 'db "one" \\ $HOME';
const KEY = '-----BEGIN-----\n  it is   mine\n-----END-----\n';

async function assertTaken(id: string, host = HOST): Promise<void> {
  const env = await environmentOf(`${id}-app`);
  assert.equal(env.get('HOST'), host);
  assert.equal(env.get('my.port'), '5432');
  assert.equal(env.get('KEY'), KEY);
  assert.equal(env.get('MODE'), 'fast');
  assert.equal(env.get('URL'), `db://${host}:5432/$(NONE)/fast`);
  for (const name of ['NONE', 'EMPTY']) assert.equal(env.has(name), false, name);
  await assert.rejects(exec(`${id}-app`, 'ls', '/found'));
  const said = await podman('logs', `${id}-app`);
  assert.ok(said.startsWith(`<${host}${KEY}>|db://${host}:5432/$(NONE)/fast|$(NONE)|`), said);
}

scenario('Variables come from a file that an init container writes', async ({ id, step, pod, ok }) => {
  await pod(takingFromFiles('KEY'));
  await step('up', () => ok('up', '-d'));
  await step('each variable has its value, also in other texts', () => assertTaken(id));
  await step('a file that has changed replaces nothing', async () => {
    await exec(`${id}-writer`, 'sed', '-i', "s/^HOST=.*/HOST='other'/", '/found/db/app.env');
    const before = await livePod(id);
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
    assertChanged(before, await livePod(id), {});
    await assertTaken(id);
  });
  await step('a container that starts once more reads it again', async () => {
    await podman('kill', `${id}-app`);
    await ok('up', '-d');
    await assertTaken(id, 'other');
  });
  await step('when the pod starts once more, the init container writes it anew', async () => {
    await podman('exec', `${id}-writer`, 'sh', '-c', 'rm -r /found/*');
    await podman('pod', 'stop', '--time', '1', id);
    await ok('up', '-d');
    await assertTaken(id);
  });
});

scenario('The commands of a plan take variables from files in memory, too', async (story) => {
  const { id, step, pod, ok, startProgram } = story;
  await pod(takingFromFiles('KEY', 'Memory'));
  const { stdout } = await ok('plan', '--format', 'commands');
  await step('a shell runs them without an error', async () => {
    const ended = await startProgram('sh', ['-e'], { input: stdout }).end;
    assert.equal(ended.code, 0, ended.story);
    await assertTaken(id);
  });
  await step('up finds nothing to do', async () => {
    await ok('plan', '--detailed-exitcode');
  });
  await step('down, and up makes the same', async () => {
    await ok('down');
    await ok('up', '-d');
    await assertTaken(id);
  });
});

scenario('A file that has no value for a variable', async ({ id, step, pod, podpose, ok }) => {
  await pod(takingFromFiles('KEYS'));
  await step('up tells which variable of which container, and what is wrong', async () => {
    const words =
      'variable KEY takes key KEYS of db/app.env in volume found: the file has no value for this key';
    const ended = await podpose(['up', '-d']);
    assertRefused(ended, 1, new RegExp(`cannot run pod/${id} container/app: ${words}`));
    assert.match(ended.stderr, /VARIABLE='value'/);
  });
  const before = await livePod(id);
  await step('the same again stays where it was', async () => {
    assertRefused(await podpose(['up', '-d']), 1, /cannot run pod\/\S+ container\/app/);
    assertChanged(before, await livePod(id), {});
  });
  await step('once the manifest is right, up goes on from there', async () => {
    await pod(takingFromFiles('KEY'));
    await ok('up', '-d');
    assertChanged(before, await livePod(id), { added: ['app'] });
    await assertTaken(id);
  });
  await step('a new container without a value leaves the old one as it is', async () => {
    const there = await livePod(id);
    await pod(takingFromFiles('KEYS'));
    assertRefused(
      await podpose(['up', '-d']),
      1,
      /cannot create the replacement of pod\/\S+ container\/app: .* no value for this key/,
    );
    assertChanged(there, await livePod(id), {});
    await assertTaken(id);
  });
  await step('a link that leads out of the volume is not followed', async () => {
    await pod(takingFromFiles('KEY').replace('path: link.env', 'path: out.env'));
    assertRefused(
      await podpose(['up', '-d']),
      1,
      /variable my\.port takes .*: out\.env is outside of the volume/,
    );
  });
  await step('a file in another format', async () => {
    await exec(`${id}-writer`, 'sh', '-c', 'echo PORT=1 >/found/plain.env');
    await pod(takingFromFiles('KEY').replace('path: link.env', 'path: plain.env'));
    assertRefused(await podpose(['up', '-d']), 1, /line 1 has a value that is not in single quotes/);
  });
});
