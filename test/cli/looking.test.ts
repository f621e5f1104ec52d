import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  WEB,
  type Desk,
} from './support.ts';

const ONE = pod('one', `  containers: [{name: app, image: '${IMAGE}'}]`);

function assertOnlyLooked({ fake }: Desk): void {
  assert.deepEqual(fake.changes(), []);
}

void describe('read-only commands make no changes', SIDE_BY_SIDE, () => {
  story('plan with a Service that a cluster refuses', {}, async (desk) => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: one}\nspec: {type: NodePort}\n---\n';
    desk.file('pod.yaml', service + ONE);
    const planned = await desk.podpose('plan');
    assertEnded(planned, 0);
    assert.match(planned.stderr, /^pod\.yaml:4:1: warning: spec: missing required field 'ports'$/m);
    assert.equal((await desk.podpose('validate')).code, 2);
  });

  story('plan in all formats, and up --dry-run, for a new pod', {}, async (desk) => {
    desk.file('pod.yaml', WEB);
    const text = await desk.podpose('plan');
    assertEnded(text, 0);
    assert.equal(
      text.stdout,
      [
        'pod.yaml',
        '',
        ...[
          `network/podpose-${desk.project}`,
          'pod/web',
          'pod/web init/first',
          'pod/web init/second',
          'pod/web container/app',
          'pod/web container/side',
        ].map((subject, _, [{ length } = '']) => `  + ${subject.padEnd(length)}   will be created`),
        '',
        'Plan: 1 network, 1 pod and 4 containers to create, 0 to replace, 0 to update in place, 0 to remove.',
        '',
      ].join('\n'),
    );
    const dryRun = await desk.podpose('up', '--dry-run');
    assertEnded(dryRun, 0);
    assert.equal(dryRun.stdout, text.stdout);

    const commands = await desk.podpose('plan', '--format', 'commands');
    assertEnded(commands, 0);
    const lines = commands.stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(' ').slice(0, 3).join(' ')),
      [
        `podman pull ${IMAGE}`,
        'podman network create',
        'podman pod create',
        // podman 4.3.1: the infra container, whose hosts file is written, and the address of the bridge.
        `sh -c '"$0"`,
        'podman unshare --rootless-netns',
        ...Array<string>(2).fill('podman run --pod'),
        ...Array<string>(2).fill('podman run --detach'),
      ],
    );
    const json = await desk.podpose('plan', '--format', 'json');
    assertEnded(json, 0);
    assert.equal((JSON.parse(json.stdout) as { readonly project: string }).project, desk.project);
    assertOnlyLooked(desk);
  });

  story('plan and up --dry-run for replacements and removals', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', `${WEB}---\n${ONE}`);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.fake.forgetCommands();
    desk.file('pod.yaml', WEB.replace('name: app,', 'name: app, args: [x],'));
    const everything = ['--remove-orphans', '--force-recreate', '--pull', 'always'];
    assertEnded(await desk.podpose('plan', ...everything), 0);
    assertEnded(await desk.podpose('up', '--dry-run', '-d', '--yes', ...everything), 0);
    const diff = await desk.podpose('diff');
    assertEnded(diff, 1);
    assert.match(diff.stdout, /^\+.*x$/m);
    assertOnlyLooked(desk);
  });

  story('plan --detailed-exitcode: 0 for no changes, 2 for changes, 1 on error', HAS_IMAGE, async (desk) => {
    const plan = () => desk.podpose('plan', '--detailed-exitcode');
    assertEnded(await plan(), 1);
    desk.file('pod.yaml', ONE);
    assertEnded(await plan(), 2);
    assertEnded(await desk.podpose('up', '-d'), 0);
    assertEnded(await plan(), 0);
    desk.file('pod.yaml', ONE.replace('app:1', 'app:2'));
    assertEnded(await plan(), 2);
    desk.file('pod.yaml', ONE.replace('containers', 'contaners'));
    assertEnded(await plan(), 1, "did you mean 'containers'");
  });

  story('validate needs no podman', {}, async (desk) => {
    desk.file('pod.yaml', WEB);
    const sound = await desk.run(['validate'], { env: { PATH: desk.directory } });
    assertEnded(sound, 0);
    assert.equal(sound.stdout, '1 file valid (1 pod).\n');
    desk.file('bad.yaml', WEB.replace('image:', 'imgae:'));
    const bad = await desk.run(['validate', 'bad.yaml'], { env: { PATH: desk.directory } });
    assertRefused(bad, 2, /^bad\.yaml:\d+:\d+: error: .*did you mean 'image'/m);
    const json = await desk.run(['validate', '--format', 'json', 'bad.yaml'], {
      env: { PATH: desk.directory },
    });
    assert.equal(json.code, 2);
    assert.ok(JSON.parse(json.stdout));
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('ps and logs are read-only, too', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.fake.forgetCommands();
    for (const args of [
      ['ps', '-a', '-o', 'wide'],
      ['ps', '-o', 'yaml'],
      ['logs', 'web', '--tail', '1', '-t'],
    ])
      assertEnded(await desk.podpose(...args), 0);
    assertOnlyLooked(desk);
  });

  story('refused plans make no changes', HAS_IMAGE, async (desk) => {
    desk.fake.podman('pod', 'create', '--name', 'web');
    desk.file('pod.yaml', WEB);
    assertRefused(await desk.podpose('plan'), 1, 'was not created by podpose');
    assertOnlyLooked(desk);
  });
});
