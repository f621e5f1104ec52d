import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const one = (policy: string) =>
  pod('web', `  restartPolicy: ${policy}\n  containers: [{name: app, image: '${IMAGE}'}]`);
const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

void describe('up -d checks what it has started', SIDE_BY_SIDE, () => {
  const crashes = [
    ['Always', 3, 'failed with exit code 3 and is being restarted (restartPolicy: Always)'],
    ['Always', 0, 'ended with exit code 0 and is being restarted (restartPolicy: Always)'],
    ['OnFailure', 3, 'failed with exit code 3 and is being retried (restartPolicy: OnFailure)'],
    ['Never', 3, 'failed with exit code 3'],
  ] as const;
  for (const version of ['4.3.1', '5.4.2'])
    for (const [policy, exitCode, words] of crashes)
      story(
        `podman ${version}: a container that exits at once with ${exitCode}, ${policy}`,
        { ...HAS_IMAGE, version, behaviours: { 'web-app': { runsFor: 40, exitCode, output: ['gone'] } } },
        async (desk) => {
          desk.file('pod.yaml', one(policy));
          const ended = await desk.podpose('up', '-d');
          assertEnded(ended, 1, `pod/web container/app ${words}\n   | gone`, 'podpose logs web/app');
        },
      );

  for (const policy of ['OnFailure', 'Never'])
    story(
      `a container that completes at once, ${policy}`,
      { ...HAS_IMAGE, behaviours: { 'web-app': { exitCode: 0 } } },
      async (desk) => {
        desk.file('pod.yaml', one(policy));
        assertEnded(await desk.podpose('up', '-d'), 0);
      },
    );

  story(
    'the last 20 lines are shown, and containers that run are not',
    { ...HAS_IMAGE, behaviours: { 'web-app': { exitCode: 3, output: lines(30) } } },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod(
          'web',
          `  restartPolicy: Never
  containers: [{name: app, image: '${IMAGE}'}, {name: side, image: '${IMAGE}'}]`,
        ),
      );
      const ended = await desk.podpose('up', '-d');
      assertEnded(ended, 1, 'failed with exit code 3');
      assert.deepEqual(
        ended.stderr.split('\n').flatMap((line) => /^ {3}\| (.*)/.exec(line)?.[1] ?? []),
        lines(30).slice(-20),
      );
      assert.doesNotMatch(ended.stderr, /container\/side (?:failed|is)/);
    },
  );

  story(
    'also if another container could not be started',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-app': { exitCode: 3, output: ['gone'] } },
      rules: [
        {
          match: '^run .*--name other-app',
          when: 'after',
          exitCode: 127,
          stderr: 'Error: crun: no such program\n',
        },
      ],
    },
    async (desk) => {
      const other = pod('other', `  containers: [{name: app, image: '${IMAGE}'}]`);
      desk.file('pod.yaml', `${one('Never')}---\n${other}`);
      const ended = await desk.podpose('up', '-d');
      assertEnded(
        ended,
        1,
        'error: pod/web container/app failed with exit code 3\n   | gone',
        'cannot run pod/other container/app',
      );
      assert.equal(ended.stderr.match(/^error: /gm)?.length, 2);
    },
  );
});
