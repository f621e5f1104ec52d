import { describe } from 'node:test';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const one = (policy: string) =>
  pod('web', `  restartPolicy: ${policy}\n  containers: [{name: app, image: '${IMAGE}'}]`);
const crashing = { runsFor: 150, exitCode: 3, output: ['out of luck'] };

void describe('up --wait', SIDE_BY_SIDE, () => {
  story('returns when the pod is ready', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', one('Always'));
    assertEnded(await desk.podpose('up', '-d', '--wait', '--timeout', '60s'), 0);
    assertEnded(await desk.podpose('up', '-d', '--wait'), 0, 'Nothing to do');
  });

  for (const version of ['4.3.1', '5.4.2'])
    story(
      `podman ${version}: a container that crashes again and again is never ready`,
      { ...HAS_IMAGE, version, behaviours: { 'web-app': crashing } },
      async (desk) => {
        desk.file('pod.yaml', one('Always'));
        assertEnded(
          await desk.podpose('up', '-d', '--wait', '--timeout', '8s'),
          1,
          /^Waiting for pod\/web container\/app \(.*\)(?:, \d+ s so far)?\.$/m,
          'error: pod/web container/app failed with exit code 3 and is being restarted (restartPolicy: Always)',
          '| out of luck',
        );
      },
    );

  story(
    'waits for the last of several tries',
    { ...HAS_IMAGE, behaviours: { 'web-app': [crashing, crashing, { exitCode: 0 }] } },
    async (desk) => {
      desk.file('pod.yaml', one('OnFailure'));
      assertEnded(await desk.podpose('up', '-d', '--wait', '--timeout', '60s'), 0);
    },
  );
});
