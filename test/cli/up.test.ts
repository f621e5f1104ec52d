import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  assertEnded,
  HAS_IMAGE,
  IMAGE,
  pod,
  shortChanges,
  SIDE_BY_SIDE,
  story,
  until,
  WEB,
} from './support.ts';

void describe('up', SIDE_BY_SIDE, () => {
  story(
    'observes, creates the pod, runs the init containers in order, starts the containers',
    HAS_IMAGE,
    async (desk) => {
      desk.file('pod.yaml', WEB);
      assertEnded(await desk.podpose('up', '-d'), 0);
      const changes = shortChanges(desk.fake).map((line) =>
        line
          .replace(/^start [0-9a-f]{64}$/, 'start INFRA')
          .replaceAll(desk.project, 'desk')
          // The search domains of this machine.
          .replace(/(?<= cluster\.local)(?: --dns-search \S+)+/, ''),
      );
      const own = changes.filter((line) => !line.startsWith('unshare '));
      assert.deepEqual(own.slice(0, 5), [
        'network create podpose-desk',
        `pod create --name web --exit-policy continue --share ipc,net,uts --network podpose-desk:alias=web.default.svc.cluster.local --hostname web --dns 10.89.0.1 --dns-search default.svc.cluster.local --dns-search svc.cluster.local --dns-search cluster.local --dns-option ndots:5`,
        'start INFRA',
        `run --pod web --name web-first --http-proxy=false ${IMAGE}`,
        `run --pod web --name web-second --http-proxy=false ${IMAGE}`,
      ]);
      assert.deepEqual(own.slice(5).sort(), [
        `run --detach --pod web --name web-app --restart always --http-proxy=false ${IMAGE}`,
        `run --detach --pod web --name web-side --restart always --http-proxy=false ${IMAGE}`,
      ]);
      const looks = desk.fake.commands().filter(({ mutates }) => !mutates);
      const shown = looks.map(({ line }) =>
        line.replace(desk.project, 'desk').replace(/[0-9a-f]{64}$/, 'INFRA'),
      );
      // The check may list the containers several times.
      assert.deepEqual([...new Set(shown)].sort(), [
        '--version',
        `image inspect --format {"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}} ${IMAGE}`,
        'inspect --format {{.Name}} {{.HostsPath}} INFRA',
        'network inspect --format {{.NetworkInterface}} podpose-desk',
        // By request.
        'network inspect podpose-desk',
        'network ls --format json',
        'pod inspect --format {{.InfraContainerID}} web',
        'ps --all --pod --no-trunc --filter label=podpose.project=desk --format json',
        'ps --all --pod --no-trunc --format json',
        'volume ls --format json',
      ]);
    },
  );

  story(
    'an init container completes before the next starts; containers start together',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-first': { runsFor: 300, exitCode: 0 }, 'web-second': { runsFor: 100, exitCode: 0 } },
      rules: [{ match: '^run --detach', delayMs: 1500 }],
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      assertEnded(await desk.podpose('up', '-d'), 0);
      const [first, second, ...rest] = desk.fake
        .commands()
        .filter(({ args }) => args[0] === 'run')
        .map(({ begin, end = Infinity }) => ({ begin, end }));
      assert.ok(first !== undefined && second !== undefined && rest.length === 2);
      assert.ok(first.end <= second.begin && first.end - first.begin >= 300);
      assert.ok(rest.every(({ begin }) => second.end <= begin));
      assert.ok(
        rest.every(({ begin }) => rest.every(({ end }) => begin < end)),
        'they did not overlap',
      );
    },
  );

  story(
    'images are pulled first, each once, concurrently',
    { rules: [{ match: '^pull', delayMs: 1500 }] },
    async (desk) => {
      desk.file(
        'pod.yaml',
        WEB.replace(`side, image: '${IMAGE}'`, "side, image: 'docker.io/library/side:1'"),
      );
      assertEnded(await desk.podpose('up', '-d'), 0);
      const changes = desk.fake.commands().filter(({ mutates }) => mutates);
      const [app, side, next] = changes;
      assert.deepEqual([app?.line, side?.line].sort(), [`pull ${IMAGE}`, 'pull docker.io/library/side:1']);
      assert.equal(next?.args.slice(0, 2).join(' '), 'network create');
      assert.ok(app !== undefined && side !== undefined);
      assert.ok(side.begin < (app.end ?? 0) && app.begin < (side.end ?? 0), 'they did not overlap');
      assert.ok(next.begin >= Math.max(app.end ?? 0, side.end ?? 0));
      assert.equal(changes.filter(({ args }) => args[0] === 'pull').length, 2);
    },
  );

  story('pods that are up to date are kept', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const before = desk.fake.state().containers;
    desk.fake.forgetCommands();
    assertEnded(await desk.podpose('up', '-d'), 0, 'Nothing to do');
    assert.deepEqual(desk.fake.changes(), []);
    assert.ok(desk.fake.commands().length <= 3);
    assert.deepEqual(desk.fake.state().containers, before);
  });

  story(
    'two pods do not wait for each other',
    { ...HAS_IMAGE, behaviours: { 'slow-init': { onTerm: { exitCode: 0 } } } },
    async (desk) => {
      const spec = `  initContainers: [{name: init, image: '${IMAGE}'}]\n  containers: [{name: app, image: '${IMAGE}'}]`;
      desk.file('pod.yaml', `${pod('slow', spec)}---\n${pod('quick', spec)}`);
      const up = desk.start(['up', '-d']);
      // The init container of the other pod would run for ever.
      await until('one pod is up', () => desk.fake.container('quick-app')?.state === 'running');
      await until('the other has begun', () => desk.fake.container('slow-init')?.state === 'running');
      assert.equal(desk.fake.container('slow-app'), undefined);
      desk.fake.podman('stop', 'slow-init');
      assertEnded(await up.end, 0);
      assert.equal(desk.fake.container('slow-app')?.state, 'running');
    },
  );

  story(
    '--wait ends with a job that runs; wait --for waits until it has completed',
    { ...HAS_IMAGE, behaviours: { 'job-work': { runsFor: 4000, exitCode: 0 } } },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod('job', `  restartPolicy: Never\n  containers: [{name: work, image: '${IMAGE}'}]`),
      );
      const ended = await desk.podpose('up', '-d', '--wait');
      assertEnded(ended, 0);
      assert.equal(desk.fake.container('job-work')?.state, 'running');
      assertEnded(await desk.podpose('wait', '--for', 'phase=Succeeded', 'pod/job', '--timeout', '60s'), 0);
      assert.equal(desk.fake.container('job-work')?.state, 'exited');
    },
  );

  story(
    '--wait fails with a failed container',
    { ...HAS_IMAGE, behaviours: { 'job-work': { runsFor: 50, exitCode: 3 } } },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod('job', `  restartPolicy: Never\n  containers: [{name: work, image: '${IMAGE}'}]`),
      );
      const ended = await desk.podpose('up', '-d', '--wait');
      assertEnded(ended, 1, 'pod/job container/work failed with exit code 3', 'podpose logs job/work');
    },
  );

  story(
    'attached, it follows the logs until all containers have exited',
    {
      ...HAS_IMAGE,
      behaviours: {
        'job-work': {
          output: ['one', { line: 'two', after: 300 }, { line: 'three', after: 600, stream: 'stderr' }],
          runsFor: 900,
          exitCode: 0,
        },
      },
    },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod('job', `  restartPolicy: Never\n  containers: [{name: work, image: '${IMAGE}'}]`),
      );
      const ended = await desk.podpose('up');
      assertEnded(ended, 0);
      assert.deepEqual(ended.stdout.split('\n').sort(), [
        '',
        'job work | one',
        'job work | three',
        'job work | two',
      ]);
    },
  );

  story(
    'attached, it follows a restarted container',
    {
      ...HAS_IMAGE,
      behaviours: {
        'job-work': [
          { output: ['first try'], runsFor: 200, exitCode: 1 },
          { output: ['second try'], runsFor: 1500, exitCode: 0 },
        ],
      },
    },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod('job', `  restartPolicy: OnFailure\n  containers: [{name: work, image: '${IMAGE}'}]`),
      );
      const ended = await desk.podpose('up', '--no-prefix');
      assertEnded(ended, 2, "unknown option '--no-prefix'");
      const attached = await desk.podpose('up');
      assertEnded(attached, 0);
      assert.deepEqual(attached.stdout, 'job work | first try\njob work | second try\n');
    },
  );

  story('only the changed container is replaced', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const before = desk.fake.container('web-app');
    desk.file('pod.yaml', WEB.replace(/(name: side.*)\}/, '$1, args: [x]}'));
    assertEnded(await desk.podpose('up', '-d'), 0);
    assert.deepEqual(desk.fake.container('web-app'), before);
    assert.deepEqual(desk.fake.container('web-side')?.command, ['x']);
    assert.deepEqual(desk.fake.things().containers, ['web-app', 'web-first', 'web-second', 'web-side']);
  });

  story('--pull never with a missing image is reported before anything is created', {}, async (desk) => {
    desk.file('pod.yaml', WEB);
    const ended = await desk.podpose('up', '-d', '--pull', 'never');
    assertEnded(ended, 1, /pod\.yaml:\d+:\d+: error \(podpose\): .*image/, 'its pull policy is Never');
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('--remove-orphans removes orphaned pods', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', `${WEB}---\n${pod('old', `  containers: [{name: app, image: '${IMAGE}'}]`)}`);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d'), 0, 'warning: pod/old of project', 'It is kept');
    assert.deepEqual(desk.fake.things().pods, ['old', 'web']);
    assertEnded(await desk.podpose('up', '-d', '--remove-orphans'), 2, 'there is no terminal', '--yes');
    assert.deepEqual(desk.fake.things().pods, ['old', 'web']);
    assertEnded(await desk.podpose('up', '-d', '--remove-orphans', '--yes'), 0);
    assert.deepEqual(desk.fake.things().pods, ['web']);
  });

  story('a PVC volume is created before its pod, and kept without --volumes', HAS_IMAGE, async (desk) => {
    const claim = `${desk.project}-data`;
    desk.file(
      'pod.yaml',
      `${pod(
        'web',
        `  containers: [{name: app, image: '${IMAGE}', volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: ${claim}}}]`,
      )}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${claim}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
    );
    assertEnded(await desk.podpose('up', '-d'), 0, `volume/${claim}`, 'created');
    assert.deepEqual(desk.fake.things().volumes, [claim]);
    assertEnded(await desk.podpose('up', '-d'), 0, 'Nothing to do');
    assertEnded(await desk.podpose('down'), 0, `volume/${claim} is kept with its data`, 'down --volumes');
    assertEnded(await desk.podpose('down'), 0, 'No pods in project');
    assert.deepEqual(desk.fake.things().volumes, [claim]);
    assertEnded(await desk.podpose('down', '-v'), 2, `removing volume/${claim} needs confirmation`, '--yes');
    assertEnded(await desk.podpose('down', '-v', '-y'), 0, `volume/${claim}`, 'removed');
    assert.deepEqual(desk.fake.things().volumes, []);
  });

  story('foreign pods are never changed', HAS_IMAGE, async (desk) => {
    desk.fake.podman('pod', 'create', '--name', 'web');
    desk.file('pod.yaml', WEB);
    for (const args of [['up', '-d'], ['up', '-d', '--force-recreate'], ['down']]) {
      const ended = await desk.podpose(...args);
      if (args[0] === 'up') assertEnded(ended, 1, "pod 'web' already exists, and was not created by podpose");
      else assertEnded(ended, 0, 'No pods in project');
    }
    assert.deepEqual(desk.fake.changes(), []);
  });
});
