import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { at, listAt, parse } from './support/json.ts';
import { containerState, podman, tryPodman } from './support/podman.ts';
import { scenario, type Scenario } from './support/scenario.ts';

/** Back-offs of a second where a cluster has ten. */
const FAST = { env: { PODPOSE_BACK_OFF: '1' } };

/** A sidecar that serves after two seconds, and says when. */
const PROXY = `    - name: proxy
      image: ${BUSYBOX}
      restartPolicy: Always
      command: [sh, -c, "trap 'exit 0' TERM; mkdir -p /w; echo served >/w/index.html; sleep 2; date +%s >/share/serving; httpd -f -p 8080 -h /w & wait"]
      volumeMounts: [{ name: share, mountPath: /share }]
      startupProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1, failureThreshold: 20 }`;

const HEAD = `  terminationGracePeriodSeconds: 2
  volumes: [{ name: share, emptyDir: {} }]`;

async function podStatus({ podpose, id }: Scenario): Promise<unknown> {
  const ps = await podpose(['-p', id, 'ps', '-o', 'json'], FAST);
  return at(parse(ps.stdout), 'items', 0, 'status');
}

async function restartsOf(story: Scenario, list: string, container: string): Promise<number> {
  const statuses = listAt(await podStatus(story), list);
  return Number(
    at(
      statuses.find((one) => at(one, 'name') === container),
      'restartCount',
    ),
  );
}

scenario('a startup probe holds up what follows a sidecar, which ends with its pod', async (story) => {
  const { id, directory, step, pod, file, podpose } = story;
  await pod(`  restartPolicy: Never
${HEAD}
  initContainers:
${PROXY}
    - name: check
      image: ${BUSYBOX}
      command: [sh, -c, "wget -qO /dev/null http://127.0.0.1:8080/ && test -e /share/serving && date +%s >/share/checked"]
      volumeMounts: [{ name: share, mountPath: /share }]
  containers:
    - name: main
      image: ${BUSYBOX}
      command: [sh, -c, "test -e /share/checked && wget -qO- http://127.0.0.1:8080/; until test -e /share/end; do sleep 0.1; done"]
      volumeMounts: [{ name: share, mountPath: /share }]`);
  const up = await podpose(['up', '-d'], FAST);
  assert.equal(up.code, 0, up.story);
  assert.match(up.stderr, /init\/proxy +started in .*\n.*init\/proxy +startup probe succeeded in /);
  await step('both wait for it, and it counts as ready', async () => {
    await eventually('what the app container has got', async () =>
      (await podpose(['-p', id, 'logs'])).stdout.includes('served') ? true : undefined,
    );
    const { stdout } = await podpose(['-p', id, 'ps'], FAST);
    assert.match(stdout, new RegExp(`^${id} +2/2 +Running +0 `, 'm'));
  });
  await step('the pod completes, the sidecar is stopped, and nothing starts it again', async () => {
    // The container may end before the command does, which then counts as killed.
    await tryPodman('exec', `${id}-main`, 'touch', '/share/end');
    await eventually('Succeeded', async () => {
      assert.equal(at(await podStatus(story), 'phase'), 'Succeeded');
      assert.equal((await containerState(`${id}-proxy`)).status, 'exited');
      return true;
    });
    const again = await podpose(['up', '-d'], FAST);
    assert.match(again.stderr, /Nothing to do/, again.story);
    assert.equal((await containerState(`${id}-proxy`)).status, 'exited');
  });
  await step('when an init container fails for good, the sidecar is stopped, too', async () => {
    await file(
      'pod.yaml',
      (await readFile(join(directory, 'pod.yaml'), 'utf8')).replace('wget -qO /dev/null', 'exit 3; '),
    );
    const failed = await podpose(['up', '-d'], FAST);
    assert.equal(failed.code, 1, failed.story);
    await eventually('Failed, and the sidecar has ended', async () => {
      assert.equal(at(await podStatus(story), 'phase'), 'Failed');
      assert.equal((await containerState(`${id}-proxy`)).status, 'exited');
      return true;
    });
  });
});

scenario('a sidecar restarts, is replaced alone, and starts in its place again', async (story) => {
  const { id, step, pod, podpose } = story;
  const manifest = (proxy: string) => `${HEAD}
  initContainers:
${proxy}
  containers:
    - name: main
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 0' TERM; wget -qO- http://127.0.0.1:8080/; while :; do sleep 0.1; done"]`;
  await pod(manifest(PROXY));
  const up = await podpose(['up', '-d'], FAST);
  assert.equal(up.code, 0, up.story);
  const idOf = async (name: string) =>
    (await podman('inspect', '--format', '{{.Id}}', `${id}-${name}`)).trim();
  const main = await idOf('main');
  await step('killed, it is restarted', async () => {
    await podman('exec', `${id}-proxy`, 'killall', '-9', 'httpd').catch(() => '');
    await eventually('running again', async () => {
      assert.equal(await restartsOf(story, 'initContainerStatuses', 'proxy'), 1);
      assert.equal((await containerState(`${id}-proxy`)).status, 'running');
      return true;
    });
  });
  await step('changed, it is replaced, and the app container goes on', async () => {
    await pod(manifest(PROXY.replace('served', 'changed')));
    const changed = await podpose(['up', '-d'], FAST);
    assert.equal(changed.code, 0, changed.story);
    assert.equal(await idOf('main'), main);
    assert.match(await podman('exec', `${id}-main`, 'wget', '-qO-', 'http://127.0.0.1:8080/'), /changed/);
  });
  await step('after stop and start, the app container waits for it again', async () => {
    for (const command of ['stop', 'start']) {
      const done = await podpose(['-p', id, command], FAST);
      assert.equal(done.code, 0, done.story);
    }
    await eventually('what it has got', async () =>
      (await podpose(['-p', id, 'logs', id])).stdout.includes('changed') ? true : undefined,
    );
  });
});

scenario('a startup probe that fails restarts the sidecar, and up ends at its time limit', async (story) => {
  const { step, pod, podpose, id } = story;
  await pod(`${HEAD}
  initContainers:
    - name: proxy
      image: ${BUSYBOX}
      restartPolicy: Always
      command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
      startupProbe: { exec: { command: [test, -e, /none] }, periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1 }
  containers:
    - { name: main, image: ${BUSYBOX} }`);
  const up = await podpose(['up', '-d', '--timeout', '20s'], FAST);
  assert.equal(up.code, 1, up.story);
  assert.match(
    up.stderr,
    /init\/proxy has not started in time: startup exec test -e \/none -> exit code 1.*; restarted/,
  );
  await step('the app container was not created', async () => {
    assert.doesNotMatch(
      await podman('ps', '--all', '--format', '{{.Names}}'),
      new RegExp(`^${id}-main$`, 'm'),
    );
  });
});

scenario('exit codes decide on restarts', async (story) => {
  const { id, step, pod, podpose } = story;
  // Both run until up has looked at them.
  const wait = 'until [ -e /share/go ]; do sleep 0.1; done';
  // It ends with 42 twice, then with 7, which no rule has.
  const count = `echo run >>/share/runs; ${wait}; [ $(wc -l </share/runs) -lt 3 ] && exit 42; exit 7`;
  await pod(`  restartPolicy: Never
${HEAD}
  containers:
    - name: ruled
      image: ${BUSYBOX}
      command: [sh, -c, "${count}"]
      restartPolicy: Never
      restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]
      volumeMounts: [{ name: share, mountPath: /share }]
    - name: own
      image: ${BUSYBOX}
      command: [sh, -c, "${wait}; exit 1"]
      restartPolicy: OnFailure
      volumeMounts: [{ name: share, mountPath: /share }]`);
  const up = await podpose(['up', '-d'], FAST);
  assert.equal(up.code, 0, up.story);
  await step('a container follows its rules and its own policy, not that of the pod', async () => {
    // The container may end before the command does, which then counts as killed.
    await tryPodman('exec', `${id}-own`, 'touch', '/share/go');
    await eventually('ended for good', async () => {
      assert.equal(await restartsOf(story, 'containerStatuses', 'ruled'), 2);
      assert.equal((await containerState(`${id}-ruled`)).status, 'exited');
      assert.ok((await restartsOf(story, 'containerStatuses', 'own')) >= 1);
      return true;
    });
  });
});
