import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe } from 'node:test';
import { assertEnded, assertRefused, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const WEB = pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`);
const BATCH = pod('batch', `  restartPolicy: Never\n  containers: [{name: app, image: '${IMAGE}'}]`);

/** The scenarios with systemd are in test/e2e/install.test.ts. */
void describe('install', SIDE_BY_SIDE, () => {
  story(
    '--dry-run prints the unit, with absolute paths and what podpose and podman need',
    {},
    async (desk) => {
      const { directory, program, project } = desk;
      desk.file('sub/pod.yaml', WEB);
      const env = {
        PODPOSE_PODMAN: './podman',
        CONTAINERS_CONF: '/etc/own.conf',
        HTTPS_PROXY: 'http://user:secret@proxy',
        PODPOSE_TRACE: '',
        CI_TOKEN: 'secret',
      };
      const options = ['-p', project, '--network', 'lan', '--pull', 'never'];
      const { stdout } = await desk.run(['install', '--dry-run', ...options, 'sub'], { env });
      const line = (name: string) => stdout.split('\n').find((one) => one.startsWith(`${name}=`));
      assert.equal(
        line('ExecStart'),
        `ExecStart=${process.execPath} ${program} --project ${project} up --network lan --pull never --file ${join(directory, 'sub')}`,
      );
      assert.equal(line('WorkingDirectory'), `WorkingDirectory=${directory}`);
      assert.equal(line('TimeoutStopSec'), 'TimeoutStopSec=60');
      assert.equal(line('Restart'), 'Restart=on-failure');
      assert.ok(stdout.includes(`\nEnvironment=PODPOSE_PODMAN=${join(directory, 'podman')}\n`));
      assert.ok(stdout.includes('\nEnvironment=CONTAINERS_CONF=/etc/own.conf\n'));
      assert.doesNotMatch(stdout, /secret|TRACE/);
      assert.deepEqual(desk.fake.commands(), []);
    },
  );

  story('pods that may fail for good are not run again', {}, async (desk) => {
    desk.file('pod.yaml', `${WEB}---\n${BATCH}`);
    assert.match((await desk.podpose('install', '--dry-run')).stdout, /^Restart=on-abnormal$/m);
  });

  story('without systemd, it says what to do, and writes nothing', {}, async (desk) => {
    desk.file('pod.yaml', WEB);
    const env = { PATH: dirname(desk.file('bin/none', '')) };
    assertRefused(await desk.run(['install'], { env }), 1, /has no systemd/, /another supervisor/);
    const config = join(desk.directory, '.config');
    assert.ok(!existsSync(config));
    assertEnded(await desk.run(['uninstall'], { env }), 0);
  });

  story('what is refused before systemd is asked', {}, async (desk) => {
    desk.file('pod.yaml', WEB);
    desk.file('wrong.yaml', WEB.replace('image', 'imgae'));
    assertRefused(await desk.run(['install', '-'], { input: WEB }), 2, /standard input/);
    assertRefused(await desk.podpose('-c', 'far', 'install'), 2, /podman of this machine/);
    assertRefused(await desk.podpose('install', 'wrong.yaml'), 2, /did you mean 'image'/);
    assertRefused(await desk.podpose('uninstall', 'pod/web'), 2, /takes a project/);
    const unit = join('.config/systemd/user', `podpose-${desk.project}.service`);
    mkdirSync(join(desk.directory, unit), { recursive: true });
    assertRefused(await desk.podpose('install'), 1, /was not written by podpose install/);
  });
});
