import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import { assertRefused, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

/** A podman that no longer lists the containers of one project: what is asked last. */
function blind(answer: { readonly exitCode: number; readonly stdout?: string }): Settings {
  return {
    ...HAS_IMAGE,
    behaviours: { 'web-app': { exitCode: 0, runsFor: 500 } },
    rules: [
      { match: '^ps .*--filter label=podpose.project', ...answer, stderr: 'Error: database is locked\n' },
    ],
  };
}
const WEB = pod('web', `  restartPolicy: Never\n  containers: [{name: app, image: '${IMAGE}'}]`);

void describe('podman does not list the started containers', SIDE_BY_SIDE, () => {
  for (const [name, args] of [
    ['in the background', ['up', '-d']],
    ['while it is waited for', ['up', '-d', '--wait']],
    ['after the logs have ended', ['up']],
  ] as const)
    story(name, blind({ exitCode: 125 }), async (desk) => {
      desk.file('pod.yaml', WEB);
      assertRefused(
        await desk.podpose(...args),
        1,
        'database is locked',
        'not known whether they are running',
        'podpose ps',
      );
    });

  story('its output is truncated', blind({ exitCode: 0, stdout: '[{"Id": ' }), async (desk) => {
    desk.file('pod.yaml', WEB);
    assertRefused(
      await desk.podpose('up', '-d'),
      1,
      'cannot read the output of podman',
      'not known whether they are running',
    );
  });

  story(
    'a query that fails once is retried',
    {
      ...HAS_IMAGE,
      rules: [
        { match: '^ps .*--filter label=podpose.project', occurrence: 1, exitCode: 125, stderr: 'Error: x\n' },
      ],
    },
    async (desk) => {
      desk.file('pod.yaml', pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`));
      const { code, story } = await desk.podpose('up', '-d');
      if (code !== 0) throw new Error(story);
    },
  );
});
