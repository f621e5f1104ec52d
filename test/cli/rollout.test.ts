import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, HAS_IMAGE, IMAGE, SIDE_BY_SIDE, story, type Desk } from './support.ts';

function write(desk: Desk, version: string, spec = ''): void {
  desk.file(
    'pod.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {kubernetes.io/change-cause: version ${version}}}
spec:
  replicas: 1
${spec}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {hostNetwork: true, containers: [{name: app, image: '${IMAGE}', args: ['${version}']}]}
`,
  );
}

function stopApp({ fake }: Desk): void {
  const [name = ''] = fake.commands().flatMap(({ args }) => args.filter((arg) => /^web-.*-app$/.test(arg)));
  fake.podman('stop', '--time', '0', name);
}

async function ok(desk: Desk, ...args: readonly string[]): Promise<string> {
  const ended = await desk.podpose(...args);
  assertEnded(ended, 0);
  return ended.stdout;
}

void describe('rollout', SIDE_BY_SIDE, () => {
  story(
    'history, undo and the return to the file',
    HAS_IMAGE,
    async (desk) => {
      write(desk, 'one');
      await ok(desk, 'up', '-d');
      assertRefused(
        await desk.podpose('rollout', 'undo', 'deploy/web'),
        2,
        'no earlier revision of deploy/web',
      );
      write(desk, 'two');
      await ok(desk, 'up', '-d');
      assert.match(
        await ok(desk, 'rollout', 'history', 'deploy', 'web'),
        /^REVISION +CHANGE-CAUSE\n1 +version one\n2 +version two\n$/,
      );
      assert.match(await ok(desk, 'rollout', 'undo', 'deploy/web', '--dry-run'), /template changed/);
      await ok(desk, 'rollout', 'undo', 'deploy/web');
      assert.match(await ok(desk, 'plan'), /args: \["one"\] -> \["two"\]/);
      assertRefused(
        await desk.podpose('rollout', 'undo', 'deploy/web', '--to-revision=9'),
        2,
        'no revision 9 of deploy/web',
        'Its pods record: 2, 3.',
      );
    },
    180_000,
  );

  story('restart, and the up after it', HAS_IMAGE, async (desk) => {
    write(desk, 'one');
    await ok(desk, 'up', '-d');
    await ok(desk, 'rollout', 'restart', 'deploy/web');
    assert.equal(await ok(desk, 'plan'), 'pod.yaml\n\nNo changes.\n');
    assert.match(await ok(desk, 'rollout', 'status', 'deploy/web'), /1 of 1 pod available/);
  });

  story('status of pods that do not become ready', HAS_IMAGE, async (desk) => {
    write(desk, 'one', '  progressDeadlineSeconds: 2');
    await ok(desk, 'up', '-d');
    stopApp(desk);
    assertEnded(
      await desk.podpose('rollout', 'status', 'deploy/web'),
      1,
      'deploy/web exceeded its progress deadline of 2 s: 0 of 1 pod available',
    );
  });

  story('the time limit of status', HAS_IMAGE, async (desk) => {
    write(desk, 'one');
    await ok(desk, 'up', '-d');
    stopApp(desk);
    const ended = await desk.podpose('rollout', 'status', 'deploy/web', '--timeout', '5s');
    assertEnded(ended, 1, 'timed out waiting for the rollout of deploy/web');
    assert.equal(ended.stdout, 'Waiting for deploy/web: 0 of 1 pod available\n');
    assert.equal(await ok(desk, 'rollout', 'status', 'deploy/web', '--watch=false'), ended.stdout);
  });

  story('what is refused', HAS_IMAGE, async (desk) => {
    write(desk, 'one', '  paused: true');
    for (const [args, code, message] of [
      [[], 2, 'rollout needs an action'],
      [['pause', 'deploy/web'], 2, "Write 'paused: true'"],
      [['resart', 'deploy/web'], 2, "did you mean 'restart'?"],
      [['restart', 'deploy/wbe'], 2, "did you mean 'deploy/web'?"],
      [['restart', 'deploy/web'], 2, 'cannot restart deploy/web: it is paused'],
      [['restart', 'deploy/web', '--to-revision=1'], 2, 'rollout restart does not support --to-revision'],
      [['undo', 'deploy/web', '--to-revision=x'], 2, "invalid value 'x' for --to-revision"],
      [['status', 'deploy/web'], 2, 'no pods of deploy/web'],
      [['history', 'deploy/web', '--dry-run'], 2, 'rollout history does not support --dry-run'],
    ] as const)
      assertRefused(await desk.podpose('rollout', ...args), code, message);
  });
});
