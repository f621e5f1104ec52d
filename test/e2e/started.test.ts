import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { tryPodman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

const one = (policy: string, script: string) => `
  restartPolicy: ${policy}
  terminationGracePeriodSeconds: 0
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, '${script}'] }
    - { name: side, image: ${BUSYBOX}, command: [sleep, '600'] }`;

/** What podpose prints about containers that it does not find as it should, without their output. */
const findings = (stderr: string) =>
  stderr
    .slice(stderr.indexOf('error:'))
    .replace(/(?:\n {3}\| .*)+/, '')
    .replaceAll(/^.*rate limit.*\n/gm, '');

const ROUNDS = 5;
const ways = [
  ['Always', 3, 'failed with exit code 3 and is being restarted (restartPolicy: Always)'],
  ['OnFailure', 3, 'failed with exit code 3 and is being retried (restartPolicy: OnFailure)'],
  ['Never', 3, 'failed with exit code 3'],
  ['Always', 0, 'ended with exit code 0 and is being restarted (restartPolicy: Always)'],
] as const;

scenario('up -d gives the same result for a container that exits at once, each time', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  for (const [policy, exitCode, words] of ways) {
    await pod(one(policy, `echo last words; exit ${exitCode}`));
    const rounds = policy === 'Always' && exitCode === 3 ? ROUNDS : 1;
    await step(`${policy}, exit code ${exitCode}`, async () => {
      for (let round = 0; round < rounds; round++) {
        const { code, stderr } = await podpose(['up', '-d', '--force-recreate']);
        assert.equal(code, 1, stderr);
        assert.equal(
          findings(stderr),
          `error: pod/${id} container/app ${words}\n   help: podpose logs ${id}/app shows its output.\n`,
        );
        // The journal drops lines of a user with many, and podpose then says so.
        assert.match(stderr, /^ {3}\| last words$|rate limit/m);
      }
    });
  }
  await pod(one('OnFailure', 'exit 0'));
  await step('one that completes is as it should be', () => ok('up', '-d', '--force-recreate'));
});

scenario('ps shows how often a container was restarted, and when', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await pod(one('Always', 'until rm /go; do sleep 0.1; done; exit 3'));
  await ok('up', '-d');
  // The container may end before the command does, which then counts as killed.
  await tryPodman('exec', `${id}-app`, 'touch', '/go');
  await step('after a crash', async () => {
    // Between two runs, the end of the last one is the state of the container.
    const stdout = await eventually('the time of a restart', async () => {
      const shown = (await podpose(['ps'])).stdout;
      return /^\S+ +[12]\/2 .* [1-9] \(\d+s ago\) /m.test(shown) ? shown : undefined;
    });
    assert.match(stdout, /^ {2}container\/app .* [1-9] \(\d+s ago\) /m, stdout);
    assert.match(stdout, /^ {2}container\/side +1\/1 +Running +0 /m, stdout);
  });
});

scenario('up --wait names what a running container lacks, and not its earlier end', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await pod(`
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sleep, '600']
      startupProbe: { exec: { command: [test, -e, /started] }, periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 300 }`);
  await ok('up', '-d');
  await step('after a restart', async () => {
    await ok('kill', `${id}/app`);
    await eventually('a restart', async () =>
      /^ {2}container\/app .* Running +1 /m.test((await podpose(['ps'])).stdout) ? true : undefined,
    );
    const { code, stderr } = await podpose(['up', '-d', '--wait', '--timeout', '20s']);
    assert.equal(code, 1, stderr);
    const words = `error: pod/${id} container/app was not ready in time: startup exec test -e /started -> exit code 1`;
    assert.ok(stderr.includes(words), stderr);
  });
});
