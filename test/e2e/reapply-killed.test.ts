import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { at, listAt, parse, textAt } from './support/json.ts';
import { fetchText, freePort } from './support/network.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, scenario, type Scenario } from './support/scenario.ts';

const podWith = (port: number, { image = TEST_IMAGE, hostname = 'one', word = 'init' }) => `
  hostname: ${hostname}
  terminationGracePeriodSeconds: 5
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: [sh, -c, "echo ${word} >> /log/chain; sleep 0.5"], volumeMounts: [{ name: log, mountPath: /log }] }
    - { name: last, image: ${BUSYBOX}, command: ["true"] }
  containers:
    - { name: web, image: ${image}, ports: [{ containerPort: 8080, hostPort: ${port} }], volumeMounts: [{ name: work, mountPath: /work }] }
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }
  volumes: [{ name: work, emptyDir: {} }, { name: log, hostPath: { path: log } }]`;

/** Runs `up` and kills it hard when the step that begins so has been begun. */
async function killUpAt({ start }: Scenario, step: string): Promise<void> {
  const running = start(['up', '-d', '--progress', 'json']);
  let ended = false;
  void running.end.then(() => (ended = true));
  const begins = new RegExp(`"type":"step-started","step":\\{"id":"${step}`);
  while (!begins.test(running.output())) {
    assert.ok(!ended, `there was no step ${step}:\n${running.output()}`);
    await sleep(2);
  }
  running.kill('SIGKILL');
  assert.equal((await running.end).signal, 'SIGKILL');
}

/** All that podman has of a scenario, with what it was made from and whether it runs. */
async function stateOf(id: string): Promise<unknown> {
  const [containers, pods, volumes] = await Promise.all(
    [
      ['ps', '--all'],
      ['pod', 'ps'],
      ['volume', 'ls'],
    ].map(async (command) =>
      listAt(parse((await podman(...command, '--format', 'json')) || '[]')).filter(
        (thing) => at(thing, 'Labels', 'podpose.project') === id || JSON.stringify(thing).includes(`"${id}`),
      ),
    ),
  );
  const sorted = (things: readonly unknown[] = [], name: (thing: unknown) => string) =>
    things
      .map((thing) => ({
        name: name(thing),
        state: at(thing, 'State'),
        exitCode: at(thing, 'ExitCode'),
        labels: at(thing, 'Labels'),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    containers: sorted(
      containers?.filter((container) => at(container, 'IsInfra') !== true),
      (container) => textAt(container, 'Names', 0),
    ),
    pods: (pods ?? []).map((pod) => textAt(pod, 'Name')),
    volumes: sorted(volumes, (volume) => textAt(volume, 'Name')),
  };
}

scenario('A first up that was killed is finished by the next', async (story) => {
  const { id, directory, step, pod, ok } = story;
  const port = await freePort();
  await mkdir(join(directory, 'log'));
  await pod(podWith(port, {}));
  await ok('up', '-d');
  const wanted = await stateOf(id);
  await ok('down');
  for (const moment of ['volume/', 'pod/\\S+"', 'pod/\\S+ init/init', 'pod/\\S+ container/web']) {
    await step(`killed when ${moment} had begun`, async () => {
      await killUpAt(story, moment);
      await ok('up', '-d');
      assert.deepEqual(await stateOf(id), wanted);
      await fetchText(`http://127.0.0.1:${port}/`);
      await ok('plan', '--detailed-exitcode');
    });
    await step('down leaves nothing', async () => {
      await ok('down');
      await assertNothingLeft(story);
    });
  }
});

const CHANGES: readonly {
  readonly what: string;
  readonly change: Parameters<typeof podWith>[1];
  readonly moments: readonly string[];
}[] = [
  {
    what: 'The replacement of a container',
    change: { image: TEST_IMAGE_2 },
    moments: ['create/', 'stop/', 'start/', 'see/', 'remove/', 'pod/\\S+ container/web'],
  },
  {
    what: 'The replacement of a pod',
    change: { hostname: 'two' },
    moments: ['remove-pod/', 'pod/\\S+"', 'pod/\\S+ container/aside'],
  },
  {
    what: 'Another chain of init containers',
    change: { word: 'other' },
    moments: ['stop/', 'pod/\\S+ init/init', 'pod/\\S+ container/web'],
  },
];

for (const { what, change, moments } of CHANGES)
  scenario(`${what} that was killed is finished by the next up`, async (story) => {
    const { id, directory, step, pod, ok } = story;
    const port = await freePort();
    await mkdir(join(directory, 'log'));
    let next = { change: {}, state: undefined as unknown };
    let last = { change, state: undefined as unknown };
    for (const variant of [next, last]) {
      await pod(podWith(port, variant.change));
      await ok('up', '-d');
      variant.state = await stateOf(id);
    }
    for (const moment of moments) {
      await pod(podWith(port, next.change));
      await step(`killed when ${moment} had begun`, async () => {
        await killUpAt(story, moment);
        await ok('up', '-d');
        assert.deepEqual(await stateOf(id), next.state);
        await fetchText(`http://127.0.0.1:${port}/`);
        await ok('plan', '--detailed-exitcode');
      });
      [next, last] = [last, next];
    }
    await step('down leaves nothing', async () => {
      await ok('down');
      await assertNothingLeft(story);
    });
  });
