import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'node:test';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  WEB,
  type Desk,
} from './support.ts';

const ONE = pod('one', `  containers: [{name: app, image: '${IMAGE}'}]`);

/** What PODPOSE_SERVICE cannot be. */
const SERVICES = ['junk', '-1', '1.5', '604801', '99999999999', 'OFF'];

/** Two of the verbs that ask podman. */
const ASKING: readonly (readonly string[])[] = [['up', '-d', 'one.yaml'], ['ps']];

/** A directory of another user; of root's, where this user cannot make one. */
async function foreignDirectory(desk: Desk): Promise<string> {
  if (process.getuid?.() !== 0) return '/';
  const path = join(desk.directory, 'foreign');
  mkdirSync(path);
  await chown(path, 12345, 12345);
  return path;
}

async function eachIsRefused(
  desk: Desk,
  env: NodeJS.ProcessEnv,
  ...words: readonly (string | RegExp)[]
): Promise<void> {
  desk.file('one.yaml', ONE);
  const all = await Promise.all(ASKING.map((args) => desk.run(args, { env })));
  for (const ended of all) assertRefused(ended, 1, ...words);
  assert.deepEqual(desk.fake.changes(), []);
}

void describe('errors of podman', SIDE_BY_SIDE, () => {
  story('no podman on PATH', {}, async (desk) => {
    await eachIsRefused(
      desk,
      { PATH: desk.directory },
      "cannot run 'podman': not found in PATH",
      'Install podman 4.3 or newer',
      '--podman',
    );
  });

  story('a missing --podman executable', {}, async (desk) => {
    desk.file('one.yaml', ONE);
    const args = ['up', '-d', 'one.yaml'];
    assertRefused(
      await desk.podpose('--podman', '/no/such/podman', ...args),
      1,
      "cannot run '/no/such/podman': not found",
    );
    const file = desk.file('podman', 'not a program');
    assertRefused(await desk.run(args, { env: { PODPOSE_PODMAN: file } }), 1, `cannot run '${file}'`);
    const named = await desk.run(args, {
      env: { PATH: desk.env['PATH'], PODPOSE_PODMAN: `${desk.fake.bin}/podman` },
    });
    assertEnded(named, 0);
  });

  story('a runtime directory of another user', HAS_IMAGE, async (desk) => {
    const deaf = desk.file(
      'deaf',
      '#!/bin/sh\necho "mkdir $XDG_RUNTIME_DIR/libpod: permission denied" >&2\nexit 1\n',
    );
    chmodSync(deaf, 0o755);
    const [link, foreign] = [join(desk.directory, 'link'), await foreignDirectory(desk)];
    symlinkSync(desk.directory, link);
    for (const [path, words] of [
      [link, 'is a symbolic link'],
      [foreign, /belongs to another user \(uid \d+\)/],
      [join(desk.directory, 'none'), 'does not exist'],
    ] as const) {
      const env = { PODPOSE_PODMAN: deaf, XDG_RUNTIME_DIR: path };
      await eachIsRefused(desk, env, `XDG_RUNTIME_DIR: ${path} `, words, '/run/user/');
    }
    // Where podman works with it, podpose does; but nothing is kept there and nothing of it believed.
    for (const path of [link, foreign])
      assertEnded(
        await desk.run(['up', '-d', '-v', 'one.yaml'], { env: { XDG_RUNTIME_DIR: path } }),
        0,
        new RegExp(`^Running commands instead of requests: ${path} (?:is a sym|belongs to)`, 'm'),
      );
    assert.deepEqual(
      readdirSync(foreign).filter((name) => name.startsWith('podpose')),
      [],
    );
    assert.deepEqual(desk.fake.services(), []);
  });

  for (const version of ['4.2.1'])
    story(`podman ${version} is too old`, { ...HAS_IMAGE, version }, async (desk) => {
      desk.file('one.yaml', ONE);
      const ended = await desk.podpose('up', '-d', 'one.yaml');
      assertRefused(ended, 1, `podman ${version} is too old: podpose needs 4.3 or newer`);
      assert.deepEqual(desk.fake.changes(), []);
    });

  for (const version of ['6.0.0-rc1'])
    story(`podman ${version} is supported`, { ...HAS_IMAGE, version }, async (desk) => {
      desk.file('one.yaml', ONE);
      assertEnded(await desk.podpose('up', '-d', 'one.yaml'), 0);
    });

  story(
    'a different program with the name podman',
    { rules: [{ stdout: 'hello\n', exitCode: 0 }] },
    async (desk) => {
      await eachIsRefused(desk, {}, /'podman.*' is not podman|cannot read the output of podman/);
    },
  );

  story(
    'podman reports an error',
    { rules: [{ match: '^(ps|image|volume)', exitCode: 125, stderr: 'Error: database is locked\n' }] },
    async (desk) => {
      await eachIsRefused(desk, {}, /'podman .*' failed: /, 'database is locked');
    },
  );

  story(
    'podman returns truncated JSON',
    { rules: [{ match: '^ps', stdout: '[{"Id": "1", ', exitCode: 0 }] },
    async (desk) => {
      await eachIsRefused(desk, {}, /podman/);
    },
  );

  story(
    'podman returns unexpected JSON',
    { rules: [{ match: '^(ps|volume|image)', stdout: '{"containers": 3}', exitCode: 0 }] },
    async (desk) => {
      desk.file('one.yaml', ONE);
      // Taken as nothing; what is there in truth then gets in the way, and is told.
      const ended = await desk.podpose('plan', 'one.yaml');
      assertEnded(ended, 0);
    },
  );

  story(
    'podman is killed by a signal',
    { rules: [{ match: '^pod create', when: 'after', exitCode: 137 }] },
    async (desk) => {
      desk.file('one.yaml', ONE);
      assertRefused(
        await desk.podpose('up', '-d', '--pull', 'missing', 'one.yaml'),
        1,
        'cannot create pod/one',
      );
    },
  );

  story('-c selects a podman connection', HAS_IMAGE, async (desk) => {
    desk.file('one.yaml', ONE);
    assertEnded(await desk.podpose('-c', 'far-away', 'up', '-d', 'one.yaml'), 0);
    assert.ok(desk.fake.commands().every(({ connection }) => connection === 'far-away'));
    desk.fake.forgetCommands();
    assertEnded(await desk.run(['ps'], { env: { CONTAINER_CONNECTION: 'elsewhere' } }), 0);
    assert.ok(desk.fake.commands().every(({ connection }) => connection === 'elsewhere'));
    const stderr =
      'Error: unable to connect to Podman socket: dial unix ///run/podman.sock: connect: refused\n';
    desk.fake.set({ rules: [{ match: '^(?!--version)', exitCode: 125, stderr }] });
    const refused = await desk.podpose('-c', 'far-away', 'ps', 'one.yaml');
    assertRefused(refused, 1, "cannot connect to podman (connection 'far-away')", 'connection list');
  });

  for (const version of ['4.3.1', '5.4.2'])
    story(
      `no podman is used for an unknown connection (${version})`,
      { version, connections: ['far'] },
      async (desk) => {
        desk.file('one.yaml', ONE);
        const words = ["podman has no connection 'fra'", "'podman system connection list'"];
        for (const command of [['up', '-d'], ['plan'], ['down', '--yes'], ['ps'], ['logs']]) {
          assertRefused(await desk.podpose('-c', 'fra', ...command, 'one.yaml'), 1, ...words);
          const env = { CONTAINER_CONNECTION: 'fra' };
          assertRefused(await desk.run([...command, 'one.yaml'], { env }), 1, ...words);
        }
        assert.ok(
          desk.fake.commands().every(({ exitCode, args }) => exitCode === 125 || args[0] === '--version'),
        );
        assert.deepEqual(desk.fake.services(), []);
      },
    );
});

void describe('the reader closes the pipe', SIDE_BY_SIDE, () => {
  story(
    'standard output is closed early',
    {
      ...HAS_IMAGE,
      behaviours: { 'one-app': { output: Array.from({ length: 20_000 }, (_, i) => `line ${i}`) } },
    },
    async (desk) => {
      desk.file('one.yaml', ONE);
      assertEnded(await desk.podpose('up', '-d', 'one.yaml'), 0);
      const logs = desk.start(['logs']);
      const { code, stderr } = await headOf(desk, ['logs', 'one']);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assertEnded(await logs.end, 0);
    },
  );

  story('standard error is closed: the plan is still applied', HAS_IMAGE, async (desk) => {
    desk.file('web.yaml', WEB);
    const child = spawn(process.execPath, [desk.program, 'up', '-d', 'web.yaml'], {
      cwd: desk.directory,
      env: desk.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.destroy();
    await new Promise((resolve) => child.once('close', resolve));
    assert.equal(desk.fake.container('web-app')?.state, 'running');
  });

  story('standard output is not writable', HAS_IMAGE, async (desk) => {
    desk.file('one.yaml', ONE);
    const script = `"$0" "$1" plan one.yaml >/dev/full`;
    const ended = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = spawn('sh', ['-c', script, process.execPath, desk.program], {
        cwd: desk.directory,
        env: desk.env,
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.once('close', (code) => {
        resolve({ code, stderr });
      });
    });
    assert.notEqual(ended.code, 0);
    assert.doesNotMatch(ended.stderr, /^ +at .+:\d+:\d+\)?$/m, ended.stderr);
    assert.match(ended.stderr, /ENOSPC|no space|cannot/i);
  });

  story('PODPOSE_SERVICE with valid and invalid values', HAS_IMAGE, async (desk) => {
    desk.file('one.yaml', ONE);
    for (const PODPOSE_SERVICE of SERVICES)
      assertRefused(
        await desk.run(['plan', 'one.yaml'], { env: { PODPOSE_SERVICE } }),
        2,
        `invalid PODPOSE_SERVICE '${PODPOSE_SERVICE}'`,
        'a number of seconds up to 604800, or 0 or off',
      );
    for (const PODPOSE_SERVICE of ['', '0', 'off', '5'])
      assertEnded(await desk.run(['plan', 'one.yaml'], { env: { PODPOSE_SERVICE } }), 0);
  });

  story('a manifest in a loop of links, or with too long a name', {}, async (desk) => {
    symlinkSync('loop.yaml', join(desk.directory, 'loop.yaml'));
    const loop = await desk.podpose('plan', 'loop.yaml');
    assertRefused(loop, 2, 'loop.yaml: too many levels of symbolic links', 'Check the link');
    assert.doesNotMatch(loop.stderr, /permissions/);
    const long = await desk.podpose('plan', `${'x'.repeat(300)}.yaml`);
    assertRefused(long, 2, 'file name too long');
  });
});

/** Runs podpose with `head -n 1` behind it. */
function headOf(
  desk: Desk,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [desk.program, ...args], { cwd: desk.directory, env: desk.env });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    child.once('close', (code) => {
      resolve({ code, stderr });
    });
  });
}
