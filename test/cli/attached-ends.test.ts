import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Behaviour } from '../fake-podman/model.ts';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const two = (policy: string) =>
  pod(
    'web',
    `  restartPolicy: ${policy}
  containers: [{name: app, image: '${IMAGE}'}, {name: side, image: '${IMAGE}'}]`,
  );
const ends = (exitCode: number, runsFor = 400): Behaviour => ({ exitCode, runsFor });

void describe('up that follows the logs, when a container ends', SIDE_BY_SIDE, () => {
  story(
    'reports each end, and ends with the last container',
    { ...HAS_IMAGE, behaviours: { 'web-app': ends(3), 'web-side': ends(0, 2500) } },
    async (desk) => {
      desk.file('pod.yaml', two('Never'));
      assertEnded(
        await desk.podpose('up'),
        1,
        'pod/web container/app ended with exit code 3.',
        'pod/web container/side ended with exit code 0.',
        'error: pod/web container/app failed with exit code 3',
      );
    },
  );

  for (const exitCode of [0, 7])
    story(
      `--exit-code-from stops the pods and passes ${exitCode}`,
      { ...HAS_IMAGE, behaviours: { 'web-app': ends(exitCode) } },
      async (desk) => {
        desk.file('pod.yaml', two('Never'));
        const ended = await desk.podpose('up', '--exit-code-from', 'web/app');
        assertEnded(ended, exitCode, 'Stopping web');
        assert.equal(desk.fake.container('web-side')?.state, 'exited');
      },
    );

  story(
    '--exit-code-from does not wait for the restarts of a container',
    { ...HAS_IMAGE, behaviours: { 'web-app': ends(7) } },
    async (desk) => {
      desk.file('pod.yaml', two('OnFailure'));
      assertEnded(await desk.podpose('up', '--exit-code-from', 'web/app'), 7, 'Stopping web');
    },
  );

  story(
    '--abort-on-failure stops the pods when a container fails, not when one completes',
    { ...HAS_IMAGE, behaviours: { 'web-app': ends(0), 'web-side': ends(4, 2000) } },
    async (desk) => {
      desk.file(
        'pod.yaml',
        `${two('Never')}---\n${pod('db', `  containers: [{name: db, image: '${IMAGE}'}]`)}`,
      );
      assertEnded(
        await desk.podpose('up', '--abort-on-failure'),
        1,
        'Stopping web, db',
        'pod/web container/side failed with exit code 4: the pods were stopped (--abort-on-failure)',
      );
      assert.equal(desk.fake.container('db-db')?.state, 'exited');
    },
  );

  story(
    '--exit-code-from accepts the names that plans print, and a pod with one container',
    { ...HAS_IMAGE, behaviours: { 'web-app': ends(7), 'one-app': ends(5) } },
    async (desk) => {
      desk.file('pod.yaml', two('Never'));
      assertEnded(await desk.podpose('up', '--exit-code-from', 'pod/web container/app'), 7);
      desk.file(
        'one.yaml',
        pod('one', `  restartPolicy: Never\n  containers: [{name: app, image: '${IMAGE}'}]`),
      );
      for (const name of ['pod/one', 'pods/one', 'po/one', 'one', 'one/app'])
        assertEnded(await desk.podpose('up', '--exit-code-from', name, '--force-recreate', 'one.yaml'), 5);
    },
  );

  story('what these options cannot have', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', two('Never'));
    assertEnded(
      await desk.podpose('up', '--exit-code-from', 'web/nope'),
      2,
      'no such container: web/nope',
      'web/side',
    );
    // Which of the containers?
    assertEnded(await desk.podpose('up', '--exit-code-from', 'pod/web'), 2, 'web/app, web/side');
    assertEnded(
      await desk.podpose('up', '-d', '--exit-code-from', 'web/app'),
      2,
      'needs up to follow the logs',
    );
    assertEnded(await desk.podpose('up', '--wait', '--abort-on-failure'), 2, 'needs up to follow the logs');
    assert.deepEqual(desk.fake.changes(), []);
  });
});
