import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const PROBED = pod(
  'web',
  `  containers: [{name: app, image: '${IMAGE}', readinessProbe: {tcpSocket: {port: 80}}}]`,
);

void describe('without a watcher', SIDE_BY_SIDE, () => {
  story('what nobody does is reported when containers are created, once', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', PROBED);
    const first = await desk.podpose('up', '-d');
    assertEnded(first, 0, 'podman restarts the containers of pod/web', 'PODPOSE_WATCH is off');
    assert.match(first.stderr, /warning: pod\/web: there is no watcher to run the probes of container\/app/);
    const second = await desk.podpose('up', '-d');
    assertEnded(second, 0);
    assert.equal(second.stderr, 'Nothing to do: 1 pod is up to date.\n');
  });

  story('up --wait does not wait for a readiness that nobody finds out', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', PROBED);
    const ended = await desk.podpose('up', '--wait');
    assertRefused(ended, 1, /container\/app runs, but whether it is ready is unknown/, /omit --wait/);
    assert.ok(ended.milliseconds < 30_000);
    assert.match((await desk.podpose('ps')).stdout, /^web +\?/m);
  });

  story('the log of a watcher is found by the name of a pod', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', PROBED);
    assertEnded(await desk.podpose('up', '-d'), 0);
    assertEnded(
      await desk.podpose('logs', '--watcher', 'web'),
      0,
      /^No watcher of project '[a-z0-9-]+' has run/,
    );
    assertRefused(await desk.podpose('logs', '--watcher', 'wbe'), 2, 'no such pod: wbe');
    for (const option of ['-f', '--since=1m', '-c=app', '-t', '--no-prefix'])
      assertRefused(
        await desk.podpose('logs', '--watcher', option),
        2,
        /--watcher does not support --[a-z]+/,
      );
  });
});
