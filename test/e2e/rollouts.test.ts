import assert from 'node:assert/strict';
import { killedAt } from './support/kill-rounds.ts';
import { fetchText, freePort } from './support/network.ts';
import { podsOf, sendRequests, serviceText, workloadText, type Rollout } from './support/rollouts.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

scenario('Requests through a Service do not fail during a rolling update', async (story) => {
  const { id, step, file, ok } = story;
  const owner = `deploy/${id}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const write = (rollout: Rollout) => file('pod.yaml', serviceText(id, port) + workloadText(id, rollout));
  await write({ version: 'one' });
  await ok('up', '-d', '--wait');
  const first = await podsOf(owner);
  await step('a changed template replaces all pods', async () => {
    await write({ version: 'two' });
    const requests = sendRequests(url);
    await ok('up', '-d');
    const { answers, count } = await requests.end();
    assert.deepEqual(answers.toSorted(), ['one', 'two'], `${count} requests`);
    assert.ok(count > 50, `${count} requests`);
    const second = await podsOf(owner);
    assert.equal(second.length, 3);
    assert.ok(second.every((name) => !first.includes(name)));
    assert.equal((await fetchText(url)).trim(), 'two');
  });
  await step('an unchanged up does nothing', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
  });
  await ok('down', '-t', '0');
  await assertNothingLeft(story);
});

scenario('A new pod that does not get ready stops a rollout, and the old ones serve', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const owner = `deploy/${id}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const write = (rollout: Rollout) => file('pod.yaml', serviceText(id, port) + workloadText(id, rollout));
  await write({ version: 'one' });
  await ok('up', '-d', '--wait');
  const first = await podsOf(owner);
  await step('up fails at the deadline, names the pod and its trouble', async () => {
    await write({ version: 'two', probed: '/missing', spec: '  progressDeadlineSeconds: 5' });
    const requests = sendRequests(url);
    const { code, stderr } = await podpose(['up', '-d']);
    const { answers } = await requests.end();
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(
        `rollout of ${owner} has stopped: pod/${id}-[0-9a-f]{5}-1 container/app was not ready within 5 s: ` +
          'readiness GET :8080/missing -> 404',
      ),
    );
    assert.deepEqual(answers, ['one']);
  });
  await step('the old pods are the same', async () => {
    const pods = await podsOf(owner);
    assert.equal(pods.length, 4);
    for (const name of first) assert.ok(pods.includes(name));
    assert.equal((await fetchText(url)).trim(), 'one');
  });
  await step('rollout status fails at once', async () => {
    const { code, stderr } = await podpose(['rollout', 'status', owner]);
    assert.equal(code, 1);
    assert.match(stderr, /rollout of .* has stopped: 1 of 4 pods has the new template, 0 available/);
  });
  await step('the corrected template replaces all of them', async () => {
    await write({ version: 'three' });
    const requests = sendRequests(url);
    await ok('up', '-d');
    const { answers } = await requests.end();
    assert.deepEqual(answers.toSorted(), ['one', 'three']);
    assert.equal((await podsOf(owner)).length, 3);
  });
  await ok('down', '-t', '0');
  await assertNothingLeft(story);
});

scenario(
  'Pods of a StatefulSet are created and changed in order, each ready before the next',
  async (story) => {
    const { id, step, file, ok } = story;
    const write = (rollout: Rollout) =>
      file(
        'pod.yaml',
        workloadText(id, { kind: 'StatefulSet', replicas: 2, spec: `  serviceName: ${id}`, ...rollout }),
      );
    await write({ version: 'one' });
    await step('the second pod is created when the first one is ready', async () => {
      const { stderr } = await ok('up', '-d');
      assert.match(stderr, new RegExp(`pod/${id}-0 container/app +ready[^]*pod/${id}-1 +created`));
    });
    await step('the last one changes first', async () => {
      await write({ version: 'two' });
      const { stderr } = await ok('up', '-d');
      assert.match(stderr, new RegExp(`pod/${id}-1 container/app +ready[^]*pod/${id}-0 container/app +`));
    });
    const owner = `sts/${id}`;
    const shown = async () => (await ok('get', owner, '-o', 'yaml')).stdout;
    await step('both templates are revisions, which the changed containers record', async () => {
      assert.match((await ok('rollout', 'history', owner)).stdout, /^1 [^]*^2 /m);
      assert.match(await shown(), /updatedReplicas: 2/);
      assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
    });
    await step('undo returns to the one before, as the third revision', async () => {
      const before = await shown();
      await ok('rollout', 'undo', owner);
      assert.notEqual(await shown(), before);
      const { stdout } = await ok('rollout', 'history', owner);
      assert.match(stdout, /^3 /m);
      assert.doesNotMatch(stdout, /^1 /m);
      await ok('up', '-d');
      assert.equal(await shown(), before);
    });
    await ok('down', '-t', '0');
    await assertNothingLeft(story);
  },
);

scenario('After a kill at any step of a rollout, the next up completes it', async (story) => {
  const { id, step, file, ok } = story;
  const owner = `deploy/${id}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const write = (version: string) =>
    file('pod.yaml', serviceText(id, port) + workloadText(id, { replicas: 2, version }));
  await write('0');
  await ok('up', '-d', '--wait');
  for (const [round, [command, moment]] of (
    [
      [1, 'before'],
      [2, 'after'],
      ['unshare sh -c *', 'before'],
      ['pod rm *', 'during'],
    ] as const
  ).entries())
    await step(`it is killed ${moment} the command ${command}`, async () => {
      const version = String(round + 1);
      await write(version);
      await killedAt(story, ['up', '-d'], { command, moment, signal: 'KILL' });
      // A pod of either version answers.
      assert.match(await fetchText(url), /^\d$/m);
      const requests = sendRequests(url);
      await ok('up', '-d');
      const { answers } = await requests.end();
      assert.ok(
        answers.every((answer) => /^\d$/.test(answer)),
        answers.join(),
      );
      assert.equal((await podsOf(owner)).length, 2);
      assert.equal((await fetchText(url)).trim(), version);
      await ok('plan', '--detailed-exitcode');
    });
  await ok('down', '-t', '0');
  await assertNothingLeft(story);
});

scenario('A workload is scaled until the next up', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const owner = `deploy/${id}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const write = (version: string, otherVersion: string) =>
    file(
      'pod.yaml',
      serviceText(id, port) +
        workloadText(id, { replicas: 1, version }) +
        workloadText(`${id}-other`, { replicas: 1, version: otherVersion }),
    );
  await write('one', 'one');
  await ok('up', '-d', '--wait');
  const [first = ''] = await podsOf(owner);
  const others = await podsOf(`${owner}-other`);
  await step('scale creates pods, and leaves other workloads alone', async () => {
    await write('one', 'two');
    await ok('scale', `${owner}=3`);
    const pods = await podsOf(owner);
    assert.equal(pods.length, 3);
    assert.ok(pods.includes(first));
    assert.deepEqual(await podsOf(`${owner}-other`), others);
  });
  await step('the same number again is nothing to do', async () => {
    assert.match((await ok('scale', `deployment/${id}=3`)).stderr, /^Nothing to do/m);
  });
  await step('fewer pods: requests do not fail', async () => {
    const requests = sendRequests(url);
    await ok('scale', `${owner}=2`);
    assert.deepEqual((await requests.end()).answers, ['one']);
    assert.equal((await podsOf(owner)).length, 2);
  });
  await step('up returns to the number in the manifest, and reports it', async () => {
    await write('one', 'one');
    const { stdout } = await ok('plan');
    assert.match(stdout, new RegExp(` - ${owner} pod/${first.slice(0, -1)}2 +replicas reduced to 1`));
    await ok('up', '-d');
    assert.deepEqual(await podsOf(owner), [first]);
  });
  await step('a workload that is not in the files is refused', async () => {
    assertRefused(await podpose(['scale', 'deploy/missing=1']), 2, /no deploy\/missing with replicas/);
    assertRefused(await podpose(['scale', 'web']), 2, /missing|no workload|web/);
  });
  await ok('down', '-t', '0');
  await assertNothingLeft(story);
});

scenario('A rollout is undone until the next up, and a restart is kept', async (story) => {
  const { id, step, file, ok, start, podpose } = story;
  const owner = `deploy/${id}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const write = (version: string, spec = '') =>
    file('pod.yaml', serviceText(id, port) + workloadText(id, { replicas: 1, version, spec }));
  await write('one');
  await ok('up', '-d');
  const first = await podsOf(owner);
  await step('rollout status waits for the first pods', async () => {
    assert.match(
      (await ok('rollout', 'status', owner)).stdout,
      /successfully rolled out: 1 of 1 pod available/,
    );
    assert.equal((await fetchText(url)).trim(), 'one');
  });
  await write('two');
  await step('rollout status waits for a rollout that is under way', async () => {
    const rollout = start(['up', '-d']);
    const status = start(['rollout', 'status', owner, '--timeout', '60']);
    assert.equal((await rollout.end).code, 0);
    assert.equal((await status.end).code, 0);
    assert.equal((await fetchText(url)).trim(), 'two');
  });
  const second = await podsOf(owner);
  await step('undo returns to the old names without a failed request', async () => {
    const requests = sendRequests(url);
    await ok('rollout', 'undo', owner);
    assert.deepEqual((await requests.end()).answers.toSorted(), ['one', 'two']);
    assert.deepEqual(await podsOf(owner), first);
    assert.match((await ok('rollout', 'history', owner)).stdout, /^REVISION[^]*^2 [^]*^3 /m);
  });
  await step('up returns to the template of the file', async () => {
    await ok('up', '-d');
    assert.deepEqual(await podsOf(owner), second);
  });
  await step('the Service names its pods for logs and exec', async () => {
    assert.equal((await ok('logs', `svc/${id}`, '--no-prefix')).stdout, 'started two\n');
    assert.equal((await ok('exec', `svc/${id}`, '--', 'cat', '/w/index.html')).stdout, 'two\n');
    assertRefused(await podpose(['logs', 'svc/missing']), 2, /no Service 'missing'/);
  });
  await step('restart creates new pods, which the next up keeps', async () => {
    const requests = sendRequests(url);
    await ok('rollout', 'restart', owner);
    assert.deepEqual((await requests.end()).answers, ['two']);
    const restarted = await podsOf(owner);
    assert.notDeepEqual(restarted, second);
    await ok('plan', '--detailed-exitcode');
  });
  await step('a paused Deployment keeps the template of its pods', async () => {
    const before = await podsOf(owner);
    await write('three', '  paused: true');
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/m);
    assert.deepEqual(await podsOf(owner), before);
  });
  await ok('down', '-t', '0');
  await assertNothingLeft(story);
});
