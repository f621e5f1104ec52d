import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import {
  APP,
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  WEB,
} from './support.ts';

const ALL = { pods: ['web'], containers: ['web-app', 'web-first', 'web-second', 'web-side'], volumes: [] };
const NOTHING = { pods: [], containers: [], volumes: [] };

const REFUSED = { exitCode: 125, stderr: 'Error: something broke in podman\n' } as const;

void describe('failures while a plan is applied', SIDE_BY_SIDE, () => {
  // Waits for as long as Kubernetes does, and is begun first: the others are over by then.
  story(
    'a failed init container is retried, and the plan continues',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-second': [{ exitCode: 1, output: ['not yet'] }, { exitCode: 1 }, { exitCode: 0 }] },
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const ended = await desk.podpose('up', '-d');
      assertEnded(
        ended,
        0,
        'failed (exit code 1), retrying (attempt 2)',
        'failed (exit code 1), retrying in 10 s (attempt 3)',
        '[web/second] not yet',
      );
      assert.ok(ended.milliseconds > 10_000);
      const runs = desk.fake.commands().filter(({ line }) => line.includes('--name web-second'));
      assert.deepEqual(
        runs.map(({ args }) => args.includes('--replace')),
        [false, true, true],
      );
      assert.equal(desk.fake.commands().filter(({ line }) => line.includes('--name web-first')).length, 1);
      assert.deepEqual(desk.fake.things(), ALL);
    },
  );

  story(
    'an image that is not found in any registry: nothing is created or left over',
    { absentImages: ['app'] },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const ended = await desk.podpose('up', '-d');
      assertRefused(
        ended,
        1,
        `cannot pull image ${IMAGE}: image not found`,
        'podman reported:',
        'manifest unknown',
      );
      assert.deepEqual(desk.fake.things(), NOTHING);
    },
  );

  /** Where the first run fails, what is said of it, and which containers are there then. */
  const breaks: readonly {
    readonly what: string;
    readonly rule: NonNullable<Settings['rules']>[number];
    readonly says: readonly string[];
    readonly leaves: readonly string[];
  }[] = [
    {
      what: 'the pod cannot be created',
      rule: { match: '^pod create', ...REFUSED },
      says: ['cannot create pod/app: something broke in podman', 'Skipped: pod/app init/setup'],
      leaves: [],
    },
    {
      what: 'the pod is created, and podman fails all the same',
      rule: { match: '^pod create', when: 'after', ...REFUSED },
      says: ['cannot create pod/app'],
      leaves: [],
    },
    {
      what: 'an init container is created and cannot be started',
      rule: {
        match: 'app-setup',
        when: 'created',
        exitCode: 127,
        stderr:
          'Error: crun: executable file `x` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found\n',
      },
      says: ['cannot run pod/app init/setup', 'executable not found in image: x'],
      leaves: ['app-setup'],
    },
    {
      what: 'a container cannot be created',
      rule: { match: '--name app-main', ...REFUSED },
      says: [
        'cannot run pod/app container/main: something broke in podman',
        'Kept: network/podpose-desk-',
        ', pod/app, pod/app init/setup',
        'down app removes the new pod',
      ],
      leaves: ['app-setup'],
    },
    {
      what: 'a container is created and cannot be started',
      rule: { match: '--name app-main', when: 'created', ...REFUSED },
      says: ['cannot run pod/app container/main'],
      leaves: ['app-main', 'app-setup'],
    },
    {
      what: 'a container runs, and podman fails all the same',
      rule: { match: '--name app-main', when: 'after', ...REFUSED },
      says: ['cannot run pod/app container/main'],
      leaves: ['app-main', 'app-setup'],
    },
  ];
  for (const { what, rule, says, leaves } of breaks)
    story(`${what}: it is reported, and the same command continues`, HAS_IMAGE, async (desk) => {
      desk.file('pod.yaml', APP);
      desk.fake.set({ rules: [rule] });
      const failed = await desk.podpose('up', '-d');
      assertRefused(failed, 1, ...says, 'Fix the error, then run the same command again to continue');
      assert.deepEqual(desk.fake.things().containers, leaves);

      desk.fake.set({ rules: [] });
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.deepEqual(desk.fake.things(), {
        pods: ['app'],
        containers: ['app-main', 'app-setup'],
        volumes: [],
      });
      assert.equal(desk.fake.container('app-main')?.state, 'running');
      assert.equal(desk.fake.container('app-setup')?.exitCode, 0);
    });

  /** What a command of a podpose that was killed does just after the next podpose has looked. */
  const overtakes: readonly { readonly what: string; readonly match: string; readonly stderr: string }[] = [
    {
      what: 'pod',
      match: '^pod create',
      stderr: 'Error: adding pod to state: name "web" is in use: pod already exists\n',
    },
    {
      what: 'volume',
      match: '^volume create',
      stderr: 'Error: volume with name web-data already exists: volume already exists\n',
    },
    {
      what: 'init container',
      match: '--name web-second',
      stderr:
        'Error: creating container storage: the container name "web-second" is already in use by 5e1. You have to remove that container to be able to reuse that name: that name is already in use\n',
    },
    {
      what: 'container',
      match: '--name web-app',
      stderr:
        'Error: creating container storage: the container name "web-app" is already in use by 5e1. You have to remove that container to be able to reuse that name: that name is already in use\n',
    },
  ];
  for (const { what, match, stderr } of overtakes)
    story(`a ${what} created meanwhile is observed, and the plan continues`, HAS_IMAGE, async (desk) => {
      desk.file(
        'pod.yaml',
        `${WEB}  volumes: [{name: data, emptyDir: {}}]\n`.replace(
          "app:1'}",
          "app:1', volumeMounts: [{name: data, mountPath: /data}]}",
        ),
      );
      desk.fake.set({ rules: [{ match, occurrence: 1, when: 'after', exitCode: 125, stderr }] });
      const ended = await desk.podpose('up', '-d');
      assertEnded(ended, 0);
      assert.match(ended.stderr, /Planning again/);
      assert.deepEqual(desk.fake.things(), { ...ALL, volumes: ['web-data'] });
      assertEnded(await desk.podpose('plan', '--detailed-exitcode'), 0);
    });

  story('down succeeds for objects that were removed meanwhile', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`));
    assertEnded(await desk.podpose('up', '-d'), 0);
    const stderr = 'Error: no such pod web\n';
    desk.fake.set({ rules: [{ match: '^pod rm', occurrence: 1, when: 'after', exitCode: 1, stderr }] });
    const ended = await desk.podpose('down');
    assertEnded(ended, 0, 'Planning again');
    assert.match(ended.stderr, /^pod\/web +changed by something else meanwhile/m);
    assert.match(ended.stderr, /\nnetwork\/\S+ +removed in .*\n$/);
    assert.doesNotMatch(ended.stderr, /failed/);
    assert.deepEqual(desk.fake.things(), NOTHING);
  });

  story(
    'a transient error is retried once: two containers start their infra container',
    {
      ...HAS_IMAGE,
      rules: [
        {
          match: '^run --detach .*--name web-side',
          occurrence: 1,
          exitCode: 125,
          stderr:
            'Error: cannot get namespace path unless container b8f521020c05 is running: container is stopped\n',
        },
      ],
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      assertEnded(await desk.podpose('up', '-d'), 0);
      const runs = desk.fake.commands().filter(({ line }) => line.includes('--name web-side'));
      assert.deepEqual(
        runs.map(({ args }) => args.includes('--replace')),
        [false, true],
      );
      assert.deepEqual(desk.fake.things(), ALL);
    },
  );

  story('repeated conflicts are reported', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    const stderr = 'Error: adding pod to state: name "web" is in use: pod already exists\n';
    desk.fake.set({ rules: [{ match: '^pod create', when: 'before', exitCode: 125, stderr }] });
    assertRefused(
      await desk.podpose('up', '-d'),
      1,
      'cannot create pod/web',
      'the name web is already in use',
    );
    assert.deepEqual(desk.fake.things(), NOTHING);
  });

  story(
    'with restartPolicy Never a failed init container is not retried',
    {
      ...HAS_IMAGE,
      behaviours: {
        'job-prepare': { exitCode: 3, output: Array.from({ length: 30 }, (_, index) => `line ${index + 1}`) },
      },
    },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod(
          'job',
          `  restartPolicy: Never\n  initContainers: [{name: prepare, image: '${IMAGE}'}]\n  containers: [{name: work, image: '${IMAGE}'}]`,
        ),
      );
      const ended = await desk.run(['up', '-d', '--progress', 'quiet']);
      assertRefused(
        ended,
        1,
        'init container prepare of pod job failed (exit code 3)',
        'line 11',
        'line 30',
        'logs job/prepare',
      );
      assert.doesNotMatch(ended.stderr, /line 10\b/);
      assert.deepEqual(desk.fake.things().containers, ['job-prepare']);
      assert.equal(desk.fake.container('job-prepare')?.exitCode, 3);
      const logs = await desk.podpose('logs', '--no-prefix', '-c', 'prepare');
      assert.equal(logs.stdout.split('\n').length, 31);
      const waiting = 'cannot read the log of pod/job container/work: it has not started (PodInitializing)';
      for (const named of [['job/work'], ['-c', 'work'], ['-f', 'job/work']])
        assertEnded(await desk.podpose('logs', ...named), 1, waiting);
      const both = await desk.podpose('logs', '--no-prefix', 'job/prepare', 'job/work');
      assertEnded(both, 1, waiting);
      assert.equal(both.stdout.split('\n').length, 31);
      assertEnded(await desk.podpose('logs', 'job'), 0);
    },
  );

  story(
    'a failed init container is not retried after --timeout',
    { ...HAS_IMAGE, behaviours: { 'web-first': { exitCode: 1 } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      // The second try is at once; the third would come after ten seconds.
      const ended = await desk.podpose('up', '-d', '--timeout', '9s');
      assertRefused(ended, 1, 'init container first of pod web failed (exit code 1)');
      assert.deepEqual(desk.fake.things().containers, ['web-first']);
    },
  );

  story(
    'an init container that takes too long is stopped at --timeout',
    { ...HAS_IMAGE, behaviours: { 'web-first': { runsFor: 60_000, exitCode: 0 } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const ended = await desk.podpose('up', '-d', '--timeout', '5');
      assertRefused(ended, 1, '--timeout');
      assert.equal(desk.fake.container('web-first')?.state, 'exited');
      assert.deepEqual(desk.fake.things().containers, ['web-first']);
    },
  );

  story('a port in use is reported before anything is created', HAS_IMAGE, async (desk, t) => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    t.after(() => server.close());
    desk.file(
      'pod.yaml',
      pod(
        'web',
        `  containers:\n  - name: app\n    image: '${IMAGE}'\n    ports: [{containerPort: 80, hostPort: ${port}}]`,
      ),
    );
    const ended = await desk.podpose('up', '-d');
    assertRefused(
      ended,
      1,
      /pod\.yaml:\d+:\d+: error \(podpose\): /,
      `port 127.0.0.1:${port} is already in use`,
    );
    assert.deepEqual(desk.fake.changes(), []);
  });

  story(
    'a port conflict of podman is reported',
    { ...HAS_IMAGE, portsInUse: ['127.0.0.1:18999'] },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod(
          'web',
          `  containers:\n  - name: app\n    image: '${IMAGE}'\n    ports: [{containerPort: 80, hostPort: 18999}]`,
        ),
      );
      const ended = await desk.podpose('up', '-d');
      assertRefused(
        ended,
        1,
        'cannot start the infra container of pod/web: host port 127.0.0.1:18999 is already in use',
      );
      desk.fake.set({ portsInUse: [] });
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.equal(desk.fake.container('web-app')?.state, 'running');
    },
  );

  story('a missing host path is reported before anything is created', HAS_IMAGE, async (desk) => {
    desk.file(
      'pod.yaml',
      pod(
        'web',
        `  containers: [{name: app, image: '${IMAGE}', volumeMounts: [{name: data, mountPath: /data}]}]\n  volumes: [{name: data, hostPath: {path: /nowhere/at/all, type: Directory}}]`,
      ),
    );
    const ended = await desk.podpose('up', '-d');
    assertRefused(ended, 2, /pod\.yaml:\d+:\d+: error \(podpose\): /, '/nowhere/at/all');
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('a failed removal is reported, and down continues', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', APP);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.fake.set({ rules: [{ match: '^pod rm', ...REFUSED }] });
    assertRefused(await desk.podpose('down'), 1, 'cannot remove pod/app: something broke in podman');
    assert.deepEqual(desk.fake.things().pods, ['app']);
    desk.fake.set({ rules: [] });
    assertEnded(await desk.podpose('down'), 0);
    assert.deepEqual(desk.fake.things(), NOTHING);
  });

  story(
    'slow answers of podman are awaited',
    { ...HAS_IMAGE, rules: [{ match: '.', delayMs: 300 }] },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.deepEqual(desk.fake.things(), ALL);
    },
  );
});
