import assert from 'node:assert/strict';
import { TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { fetchText, freePort } from './support/network.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

interface Template {
  readonly image?: string;
  readonly port?: number;
  readonly mounts?: string;
}

function workload(
  kind: string,
  name: string,
  spec: string,
  { image = TEST_IMAGE, port, mounts = '' }: Template = {},
): string {
  const ports = port === undefined ? '' : `, ports: [{ containerPort: 8080, hostPort: ${port} }]`;
  return `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
${spec}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - { name: app, image: ${image}${ports}${mounts} }
`;
}

/** The names of the running pods of a workload, sorted. */
async function podsOf(owner: string): Promise<readonly string[]> {
  const format = ['--format', '{{.Name}}', '--filter', `label=podpose.owner=${owner}`];
  return (await podman('pod', 'ps', ...format))
    .split('\n')
    .filter((name) => name !== '')
    .sort();
}

async function createdAt(pod: string): Promise<string> {
  return (await podman('pod', 'inspect', '--format', '{{.Created}}', pod)).trim();
}

scenario('A Deployment is scaled, changed and changed back', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const owner = `deploy/${id}`;
  await file('pod.yaml', workload('Deployment', id, '  replicas: 2'));
  await step('it has as many pods as replicas, each with its owner in the output', async () => {
    const { stderr } = await ok('up', '-d');
    assert.match(stderr, new RegExp(`^${owner} pod/${id}-[0-9a-f]{5}-1 container/app +`, 'm'));
    assert.equal((await podsOf(owner)).length, 2);
  });
  const first = await podsOf(owner);
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/);
  });
  await step('more replicas leave the other pods alone', async () => {
    const before = await createdAt(first[0] ?? '');
    await file('pod.yaml', workload('Deployment', id, '  replicas: 3'));
    await ok('up', '-d');
    assert.equal((await podsOf(owner)).length, 3);
    assert.equal(await createdAt(first[0] ?? ''), before);
  });
  await step('fewer replicas remove pods, without a flag', async () => {
    await file('pod.yaml', workload('Deployment', id, '  replicas: 2'));
    assert.match((await ok('plan')).stdout, / - deploy\/\S+ pod\/\S+-3 +replicas reduced to 2/);
    await ok('up', '-d');
    assert.deepEqual(await podsOf(owner), first);
  });
  await step('a changed template replaces the pods', async () => {
    await file('pod.yaml', workload('Deployment', id, '  replicas: 2', { image: TEST_IMAGE_2 }));
    assert.match(
      (await ok('plan')).stdout,
      /template changed: 1 field\n +image: .*podpose-test:1 -> .*podpose-test:2/,
    );
    await ok('up', '-d');
    const second = await podsOf(owner);
    assert.equal(second.length, 2);
    assert.ok(second.every((name) => !first.includes(name)));
  });
  await step('changed back, the pods have their former names', async () => {
    await file('pod.yaml', workload('Deployment', id, '  replicas: 2'));
    await ok('up', '-d');
    assert.deepEqual(await podsOf(owner), first);
  });
  await step('commands take the workload for its pods', async () => {
    assert.equal((await ok('exec', owner, '--', 'hostname')).stdout.trim(), first[0]);
    assert.match((await ok('describe', owner)).stdout, /^Replicas: +\d desired \| \d updated/m);
    assert.match((await ok('get', owner, '-o', 'yaml')).stdout, /^kind: Deployment$/m);
    const pod = `pod/${first[0] ?? ''}`;
    assert.match((await ok('describe', pod)).stdout, new RegExp(`^Controlled By: +Deployment/${id}$`, 'm'));
    const { stdout } = await ok('get', pod, '-o', 'yaml');
    assert.match(
      stdout,
      new RegExp(
        `ownerReferences:\n +- apiVersion: apps/v1\n +controller: true\n +kind: Deployment\n +name: ${id}\n`,
      ),
    );
    assert.match(
      (await ok('ps', '-o', 'wide')).stdout,
      new RegExp(`^${first[0] ?? ''} .* ${owner}( |$)`, 'm'),
    );
    for (const name of first) assert.match((await ok('logs', `deployment/${id}`)).stdout, new RegExp(name));
    await ok('stop', owner);
    await ok('start', owner);
    await ok('restart', owner);
    assertRefused(await podpose(['stop', `sts/${id}`]), 2, /no pods of sts\//);
  });
  await ok('down');
  await assertNothingLeft(story);
});

scenario('Pods that need the same hostPort replace one another', async (story) => {
  const { id, step, file, ok } = story;
  const port = await freePort();
  const text = (image: string) => workload('Deployment', id, '  replicas: 2', { image, port });
  await file('pod.yaml', text(TEST_IMAGE));
  await step('one of them runs, and the reason is reported', async () => {
    assert.match((await ok('up', '-d')).stderr, /1 of 2 pods is created: .*hostPort/);
    assert.equal((await podsOf(`deploy/${id}`)).length, 1);
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), /version/);
  });
  await step('a pod of a changed template takes the port over', async () => {
    const before = await podsOf(`deploy/${id}`);
    await file('pod.yaml', text(TEST_IMAGE_2));
    await ok('up', '-d');
    const after = await podsOf(`deploy/${id}`);
    assert.equal(after.length, 1);
    assert.notDeepEqual(after, before);
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), /version/);
  });
  await ok('down');
  await assertNothingLeft(story);
});

scenario('A StatefulSet keeps the data of each pod', async (story) => {
  const { id, step, file, ok } = story;
  const claims = `  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
`;
  const text = (replicas: number, image = TEST_IMAGE) =>
    workload('StatefulSet', id, `  replicas: ${replicas}\n  serviceName: ${id}`, {
      image,
      mounts: ', volumeMounts: [{ name: data, mountPath: /data }]',
    }) + claims;
  await file('pod.yaml', text(2));
  await step('its pods are created in order, each with its claim', async () => {
    await ok('up', '-d');
    assert.deepEqual(await podsOf(`sts/${id}`), [`${id}-0`, `${id}-1`]);
    for (const name of [`${id}-0`, `${id}-1`])
      await podman('exec', `${name}-app`, 'sh', '-c', `echo ${name} >/data/name`);
  });
  await step('a changed template and fewer replicas keep the data', async () => {
    await file('pod.yaml', text(1, TEST_IMAGE_2));
    await ok('up', '-d');
    assert.deepEqual(await podsOf(`sts/${id}`), [`${id}-0`]);
    await file('pod.yaml', text(2, TEST_IMAGE_2));
    const { stderr } = await ok('up', '-d');
    assert.doesNotMatch(stderr, /orphan/);
    for (const name of [`${id}-0`, `${id}-1`])
      assert.equal((await podman('exec', `${name}-app`, 'cat', '/data/name')).trim(), name);
  });
  await ok('down', '--volumes', '-y');
  await assertNothingLeft(story);
});

scenario('A DaemonSet has one pod, and a ReplicaSet its replicas', async (story) => {
  const { id, step, file, ok } = story;
  await file(
    'pod.yaml',
    `${workload('DaemonSet', `${id}-a`, '')}---\n${workload('ReplicaSet', `${id}-b`, '  replicas: 2')}`,
  );
  await step('they run', async () => {
    await ok('up', '-d');
    assert.equal((await podsOf(`ds/${id}-a`)).length, 1);
    assert.equal((await podsOf(`rs/${id}-b`)).length, 2);
  });
  await step('one that is no longer in the files is an orphan', async () => {
    await file('pod.yaml', workload('DaemonSet', `${id}-a`, ''));
    assert.match((await ok('up', '-d')).stderr, /\(orphan\)/);
    assert.equal((await podsOf(`rs/${id}-b`)).length, 2);
    await ok('up', '-d', '--remove-orphans', '-y');
    assert.equal((await podsOf(`rs/${id}-b`)).length, 0);
  });
  await ok('down');
  await assertNothingLeft(story);
});
