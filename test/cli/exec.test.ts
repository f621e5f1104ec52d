import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Behaviour } from '../fake-podman/model.ts';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  pod,
  IMAGE,
  SIDE_BY_SIDE,
  story,
  WEB,
  type Desk,
  until,
} from './support.ts';

async function up(desk: Desk, manifest = WEB): Promise<void> {
  desk.file('pod.yaml', manifest);
  assertEnded(await desk.podpose('up', '-d'), 0);
  desk.fake.forgetCommands();
}

/** The arguments of `podman exec`. */
function executed({ fake }: Desk): readonly string[] {
  return fake.commands().flatMap(({ line }) => (line.startsWith('exec ') ? [line] : []));
}

void describe('exec', SIDE_BY_SIDE, () => {
  story('each way to name a container and a command', HAS_IMAGE, async (desk) => {
    await up(desk);
    const forms: readonly (readonly [readonly string[], string])[] = [
      [['web/app', 'echo', 'a'], 'exec web-app echo a'],
      [['web/side', '--', 'echo', '-c', '--'], 'exec web-side echo -c --'],
      [['-c', 'side', 'web', 'echo', '-i', '-c', 'x'], 'exec web-side echo -i -c x'],
      [['web', '-c', 'side', '--', 'echo'], 'exec web-side echo'],
      [['pod/web', '-ic', 'side', 'echo'], 'exec --interactive web-side echo'],
      [['pods/web', '--', 'echo'], 'exec web-app echo'],
      [['po/web', '-c', 'side', '--', 'echo'], 'exec web-side echo'],
      [['pod/web', 'container/side', 'echo', '--', 'x'], 'exec web-side echo -- x'],
      [['--container=side', 'web', '--', 'echo', '--help'], 'exec web-side echo --help'],
    ];
    for (const [args] of forms) assertEnded(await desk.podpose('exec', ...args), 0);
    assert.deepEqual(
      executed(desk),
      forms.map(([, line]) => line),
    );
    assert.deepEqual(desk.fake.changes(), []);
  });

  story(
    'the default container is the first, which is reported, or the annotated one',
    HAS_IMAGE,
    async (desk) => {
      await up(desk);
      const first = await desk.podpose('exec', 'web', 'echo', 'hello');
      assertEnded(first, 0, 'Defaulted container "app" out of: app, side, first (init), second (init)\n');
      assert.equal(first.stdout, 'hello\n');
      const annotations = '  name: web\n  annotations: {kubectl.kubernetes.io/default-container: side}';
      await up(desk, WEB.replace('  name: web', annotations));
      const annotated = await desk.podpose('exec', 'web', 'echo');
      assert.equal(annotated.stderr, '');
      assert.match(executed(desk).join(), /exec web-side echo$/);
    },
  );

  story('standard input, output and exit code are those of the command', HAS_IMAGE, async (desk) => {
    await up(desk);
    const passed = await desk.run(['exec', '-i', 'web/app', 'sh', '-c', 'cat; echo no >&2; exit 42'], {
      input: 'typed',
    });
    assert.deepEqual([passed.stdout, passed.stderr, passed.code], ['typed', 'no\n', 42]);
    const missing = await desk.podpose('exec', 'web/app', 'no-such-program');
    assertEnded(missing, 127, 'no-such-program');
    const withoutTerminal = await desk.podpose('exec', '-t', 'web/app', 'true');
    assertEnded(withoutTerminal, 0, 'Unable to use a TTY');
    assert.doesNotMatch(executed(desk).join(), /--tty/);
  });

  story('arguments of the user are neither printed nor traced', HAS_IMAGE, async (desk) => {
    await up(desk);
    const ended = await desk.run(['-v', 'exec', 'web/app', 'true', '--password', 'tiger'], {
      env: { PODPOSE_TRACE: `${desk.directory}/trace.json` },
    });
    assertEnded(ended, 0, /^\$ podman exec web-app \.\.\.$/m);
    const { readFileSync } = await import('node:fs');
    const trace = readFileSync(`${desk.directory}/trace.json`, 'utf8');
    assert.match(trace, /podman exec web-app/);
    assert.doesNotMatch(ended.stderr + trace, /tiger/);
  });

  story('a container that does not run is reported', HAS_IMAGE, async (desk) => {
    await up(desk);
    assertRefused(
      await desk.podpose('exec', 'web/first', 'ls'),
      1,
      'cannot run a command in web/first: it is not running (Completed, exit code 0)',
      'podpose logs web/first',
    );
    assertEnded(await desk.podpose('exec', 'web/app', 'true'), 0);
    desk.fake.podman('pause', 'web-app');
    assertRefused(await desk.podpose('exec', 'web/app', 'ls'), 1, 'not running (Paused)');
  });

  const stubborn: Behaviour = { onTerm: 'ignore' };
  story(
    'a container that is being stopped is reported',
    { ...HAS_IMAGE, behaviours: { 'web-app': stubborn } },
    async (desk) => {
      await up(desk);
      const stop = desk.start(['stop', '-t', '4', 'web']);
      await until('it is being stopped', () => desk.fake.container('web-app')?.state === 'stopping');
      assertRefused(await desk.podpose('exec', 'web/app', 'ls'), 1, 'not running (Stopping)');
      assertEnded(await stop.end, 0);
    },
  );

  story('what is missing or unknown', HAS_IMAGE, async (desk) => {
    await up(desk, `${WEB}---\n${pod('other', `  containers: [{name: app, image: '${IMAGE}'}]`)}`);
    const mistakes: readonly (readonly [readonly string[], ...(string | RegExp)[]])[] = [
      [[], 'exec needs a pod', 'podpose exec web -- ls'],
      [['web'], 'exec needs a command'],
      [['web', '--'], 'exec needs a command'],
      [['wbe', 'ls'], "no such pod: wbe, did you mean 'web'?"],
      [['web/ap', 'ls'], 'no such container: web/ap', 'Containers: first, second, app, side.'],
      [['web/app', '-c', 'side', 'ls'], 'exec runs a command in one container'],
      [
        ['web', '-c', 'nosuch', 'ls'],
        'no such container: web/nosuch',
        'Containers: app, side, first, second.',
      ],
      [['-p', 'elsewhere', 'web/app', 'ls'], ", not to 'elsewhere'"],
      [['-x', 'web', 'ls'], "unknown option '-x'"],
    ];
    for (const [args, ...words] of mistakes) assertRefused(await desk.podpose('exec', ...args), 2, ...words);
    assert.deepEqual(executed(desk), []);
  });
});
