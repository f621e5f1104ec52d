import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { at, parse } from './support/json.ts';
import { assertAllNew, assertChanged, livePod, of } from './support/live-pod.ts';
import { fetchText, freePort, isFree } from './support/network.ts';
import { exec, podman, thingsOf, tryPodman } from './support/podman.ts';
import { podText, scenario } from './support/scenario.ts';

const containers = (port: number) => `
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: ["true"] }
  containers:
    - name: web
      image: ${TEST_IMAGE}
      ports: [{ containerPort: 8080, hostPort: ${port} }]
      volumeMounts: [{ name: kept, mountPath: /kept }, { name: work, mountPath: /work }]
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }
  volumes: [{ name: kept, hostPath: { path: kept } }, { name: work, emptyDir: {} }]`;

scenario(
  'A changed field of the pod itself replaces the pod, and hostPaths keep their data',
  async (story) => {
    const { id, directory, step, file, podpose, ok } = story;
    const [port, otherPort] = [await freePort(), await freePort()];
    await mkdir(join(directory, 'kept'));
    await writeFile(join(directory, 'kept', 'note'), 'kept\n');
    const write = (metadata: string, spec: string, hostPort = otherPort) =>
      file(
        'pod.yaml',
        podText(id, spec + containers(hostPort)).replace(`name: ${id}\n`, `name: ${id}\n${metadata}`),
      );
    await write('', '', port);
    await ok('up', '-d');

    const rows: readonly {
      readonly field: string;
      readonly metadata?: string;
      readonly spec?: string;
      readonly shows: () => Promise<unknown>;
    }[] = [
      {
        field: 'hostPort',
        shows: async () => {
          await fetchText(`http://127.0.0.1:${otherPort}/`);
          assert.ok(await isFree(port), 'the old port is free');
        },
      },
      {
        field: 'hostname',
        spec: '  hostname: other-name',
        shows: async () => {
          assert.match(await fetchText(`http://127.0.0.1:${otherPort}/`), /^hostname: other-name$/m);
        },
      },
      {
        field: 'hostAliases',
        spec: '  hostAliases: [{ ip: 10.1.2.3, hostnames: [alias.example] }]',
        shows: async () => {
          assert.match(await exec(`${id}-web`, 'cat', '/etc/hosts'), /^10\.1\.2\.3\s+alias\.example$/m);
        },
      },
      {
        field: 'dnsConfig',
        spec: '  dnsPolicy: None\n  dnsConfig: { nameservers: [192.0.2.53], searches: [search.example] }',
        shows: async () => {
          const text = await exec(`${id}-web`, 'cat', '/etc/resolv.conf');
          assert.match(text, /^search search\.example$/m);
          // From podman 4.4.3 on, containers ask the DNS server of the network, which asks this one.
          const servers = await podman('pod', 'inspect', '--format', '{{.InfraConfig.DNSServer}}', id);
          assert.equal(servers.trim(), '[192.0.2.53]');
        },
      },
      {
        field: 'shareProcessNamespace',
        spec: '  shareProcessNamespace: true',
        shows: async () => {
          const args = await exec(`${id}-aside`, 'ps', '-o', 'args');
          assert.equal(args.match(/\/bin\/show entrypoint/g)?.length, 2, args);
        },
      },
      {
        field: 'metadata',
        metadata: '  labels: { team: blue }\n  annotations: { note: hello }\n',
        shows: async () => {
          const labelled = await podman('pod', 'ps', '--format', '{{.Name}}', '--filter', 'label=team=blue');
          assert.ok(labelled.split('\n').includes(id), labelled);
        },
      },
    ];
    let before = await livePod(id);
    for (const { field, metadata = '', spec = '', shows } of rows) {
      await exec(`${id}-web`, 'touch', '/work/note');
      await write(metadata, spec);
      await step(`${field}: the plan says that it forces a new pod`, async () => {
        const plan = await podpose(['plan', '--detailed-exitcode']);
        assert.equal(plan.code, 2, plan.story);
        assert.match(plan.stdout, new RegExp(`-/\\+ pod/${id} .*\\n( .*\\n)* +.*${field}`, 'i'));
      });
      await step(
        'up makes it, init containers first; hostPaths are as they were, emptyDirs new',
        async () => {
          await ok('up', '-d');
          await shows();
          const now = await livePod(id);
          assertAllNew(before, now);
          for (const name of ['web', 'aside']) {
            assert.equal(of(now, name).status, 'running');
            assert.ok(of(now, 'init').finishedAt <= of(now, name).startedAt);
          }
          assert.equal(await exec(`${id}-web`, 'cat', '/kept/note'), 'kept\n');
          assert.notEqual((await tryPodman('exec', `${id}-web`, 'test', '-e', '/work/note')).code, 0);
          before = now;
        },
      );
    }
    await step('there is nothing more than there was', async () => {
      assert.deepEqual(await thingsOf(id), {
        pods: [id],
        containers: ['aside', 'init', 'web'].map((name) => `${id}-${name}`),
        volumes: [`${id}-work`],
        networks: [`podpose-${id}`],
      });
      assert.equal(await readFile(join(directory, 'kept', 'note'), 'utf8'), 'kept\n');
    });
  },
);

scenario(
  'Another restart policy or grace period replaces the containers inside the live pod',
  async (story) => {
    const { id, step, env, pod, ok } = story;
    // For a watcher, podman has no restart policy.
    env['PODPOSE_WATCH'] = 'off';
    const port = await freePort();
    const settings = async () => {
      const inspected = parse(await podman('container', 'inspect', `${id}-web`));
      return [
        at(inspected, 0, 'HostConfig', 'RestartPolicy', 'Name'),
        at(inspected, 0, 'Config', 'StopTimeout'),
      ];
    };
    const write = (spec: string) =>
      pod(`${spec}${containers(port).replace('{ path: kept }', '{ path: kept, type: DirectoryOrCreate }')}`);
    await write('  terminationGracePeriodSeconds: 7');
    await ok('up', '-d');
    assert.deepEqual(await settings(), ['always', 7]);
    let before = await livePod(id);
    await exec(`${id}-web`, 'touch', '/work/note');
    const rows = [
      { spec: '  terminationGracePeriodSeconds: 9', expected: ['always', 9] },
      { spec: '  restartPolicy: OnFailure\n  terminationGracePeriodSeconds: 9', expected: ['on-failure', 9] },
    ];
    for (const { spec, expected } of rows)
      await step(spec.replaceAll(/\s+/g, ' ').trim(), async () => {
        await write(spec);
        await ok('up', '-d');
        assert.deepEqual(await settings(), expected);
        const now = await livePod(id);
        assertChanged({ ...before, containers: { ...before.containers, init: of(now, 'init') } }, now, {
          replaced: ['web', 'aside'],
        });
        await fetchText(`http://127.0.0.1:${port}/`);
        await exec(`${id}-web`, 'test', '-e', '/work/note');
        before = now;
      });
  },
);

scenario('The same file, or one that means the same, is applied without a trace', async (story) => {
  const { id, step, pod, ok } = story;
  const port = await freePort();
  await pod(`
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: ["true"] }
  containers:
    - name: web
      image: ${TEST_IMAGE}
      env: [{ name: A, value: "1" }]
      ports: [{ containerPort: 8080, hostPort: ${port} }]
      resources: { requests: { cpu: 0.5, memory: 64Mi } }
      volumeMounts: [{ name: work, mountPath: /work }]
  volumes: [{ name: work, emptyDir: { sizeLimit: 1Gi } }]`);
  await ok('up', '-d');
  const before = await livePod(id);
  const since = Date.now();

  await step('the same file', () => ok('up', '-d'));
  await step(
    'defaults written out, other units, members in another order, a volume that nothing mounts',
    async () => {
      await pod(`
  volumes: [{ name: spare, emptyDir: {} }, { emptyDir: { sizeLimit: 1024Mi, medium: "" }, name: work }]
  terminationGracePeriodSeconds: 30
  restartPolicy: Always
  hostname: ${id}
  containers:
    - volumeMounts: [{ mountPath: /work, name: work, readOnly: false }]
      resources: { requests: { memory: 65536Ki, cpu: 500m } }
      ports: [{ hostPort: ${port}, protocol: TCP, hostIP: 127.0.0.1, containerPort: 8080, name: http }]
      env: [{ value: "1", name: A }]
      image: ${TEST_IMAGE}
      name: web
      imagePullPolicy: IfNotPresent
      securityContext: { privileged: false }
  initContainers:
    - { command: ["true"], image: ${BUSYBOX}, name: init }`);
      await ok('plan', '--detailed-exitcode');
      await ok('up', '-d');
    },
  );
  await step('ids, start times and process ids are the same', async () => {
    assert.deepEqual(await livePod(id), before);
  });
  await step('podman has nothing to tell of what happened since', async () => {
    const events = await podman(
      ...['events', '--stream=false', '--format', 'json'],
      ...['--since', (since / 1000).toFixed(3)],
    );
    const ours = events.split('\n').filter((line) => line.includes(id) || line.includes(before.id));
    assert.deepEqual(ours, []);
  });
});

scenario('A pod that is in no file any more is kept until it is said to go', async (story) => {
  const { id, directory, step, file, podpose, ok } = story;
  const [one, two] = [`${id}-one`, `${id}-two`];
  const [portOne, portTwo] = [await freePort(), await freePort()];
  await mkdir(join(directory, 'kept'));
  await writeFile(join(directory, 'kept', 'note'), 'kept\n');
  await file('pod.yaml', `${podText(one, containers(portOne))}---\n${podText(two, containers(portTwo))}`);
  await ok('up', '-d');
  const before = await Promise.all([livePod(one), livePod(two)]);
  const now = () => Promise.all([livePod(one), livePod(two)]);

  await file('pod.yaml', podText(two, containers(portTwo)));
  await step('plan lists it, and has nothing to do', async () => {
    const plan = await ok('plan', '--detailed-exitcode');
    assert.match(plan.stderr, new RegExp(`pod/${one} .*\\n.*--remove-orphans`));
  });
  await step('up lists it, and keeps it as it is', async () => {
    assert.match((await ok('up', '-d')).stderr, new RegExp(`pod/${one} .*\\n.*--remove-orphans`));
    assert.deepEqual(await now(), before);
    await fetchText(`http://127.0.0.1:${portOne}/`);
  });
  await step('with --remove-orphans the plan has it, and touches nothing', async () => {
    const plan = await podpose(['plan', '--remove-orphans', '--detailed-exitcode']);
    assert.equal(plan.code, 2, plan.story);
    assert.match(plan.stdout, new RegExp(`- pod/${one} `));
    assert.deepEqual(await now(), before);
  });
  await step(
    'up --remove-orphans removes it with its emptyDir, and leaves the other pod and the hostPath',
    async () => {
      await ok('up', '-d', '--remove-orphans', '--yes');
      assert.deepEqual(await thingsOf(id), {
        pods: [two],
        containers: ['aside', 'init', 'web'].map((name) => `${two}-${name}`),
        volumes: [`${two}-work`],
        networks: [`podpose-${id}`],
      });
      assert.deepEqual(await livePod(two), before[1]);
      assert.equal(await readFile(join(directory, 'kept', 'note'), 'utf8'), 'kept\n');
    },
  );
});
