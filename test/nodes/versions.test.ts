import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TEST_IMAGE } from '../e2e/support/images.ts';
import { run } from '../e2e/support/program.ts';
import { assertNothingLeft, ROOT, scenario, type Scenario } from '../e2e/support/scenario.ts';

/** What `engines` of package.json begins with, and the even-numbered majors since. */
const MAJORS = [20, 22, 24, 26];
const NEWEST = MAJORS.at(-1);

/** From 22.1 on node keeps compiled code itself, in folders; before, podpose keeps it in files. */
const KEEPS_CODE = 22;

type Succeed = (program: string, ...args: readonly string[]) => Promise<string>;

/** Runs a program in the folder of the scenario. */
const inDirectory =
  ({ directory }: Scenario, env: NodeJS.ProcessEnv = {}): Succeed =>
  async (program, ...args) => {
    const ended = await run(program, args, { cwd: directory, env: { ...process.env, ...env }, seconds: 120 });
    assert.equal(ended.code, 0, ended.story);
    return ended.stdout;
  };

/** The program of that major: the one that runs this, or the newest of npm's packages of node. */
async function nodeProgram(story: Scenario, major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const succeed = inDirectory(story);
  const directory = join(story.directory, `node-${major}`);
  await mkdir(directory);
  const archive = await succeed('npm', 'pack', '--silent', `node-linux-${process.arch}@${major}`);
  await succeed('tar', '-xzf', archive.trim(), '--strip-components=1', '-C', directory, 'package/bin/node');
  return join(directory, 'bin/node');
}

scenario('The package is installed and runs on each node that it is for', async (story) => {
  const { directory, step, pod } = story;
  await pod(`  containers: [{ name: app, image: ${TEST_IMAGE} }]\n  terminationGracePeriodSeconds: 1`);
  const npm = join((await inDirectory(story)('npm', 'root', '--global')).trim(), 'npm/bin/npm-cli.js');
  // An own configuration of npm would be looked for below the other prefix.
  const npmrc = (await inDirectory(story)('npm', 'config', 'get', 'globalconfig')).trim();
  const archive = await step('npm packs it', async () =>
    join(directory, (await inDirectory(story)('npm', 'pack', '--silent', '--ignore-scripts', ROOT)).trim()),
  );
  const nodes = await step('npm has the nodes', () =>
    Promise.all(MAJORS.map(async (major) => ({ major, node: await nodeProgram(story, major) }))),
  );
  for (const { major, node } of nodes)
    await step(`node ${major} installs it, validates and plans`, async () => {
      const [prefix, cache] = [join(directory, `prefix-${major}`), join(directory, `cache-${major}`)];
      const succeed = inDirectory(story, {
        PATH: `${dirname(node)}:${process.env['PATH'] ?? ''}`,
        XDG_CACHE_HOME: cache,
        npm_config_globalconfig: npmrc,
      });
      await succeed(node, npm, 'install', '--silent', '--global', '--prefix', prefix, archive);
      const podpose = (...args: readonly string[]) => succeed(join(prefix, 'bin/podpose'), ...args);
      assert.match(await succeed('node', '--version'), new RegExp(`^v${major}\\.`));
      for (const run of ['first', 'second'])
        assert.equal(await podpose('validate'), '1 file valid (1 pod).\n', run);
      assert.match(await podpose('plan'), /^Plan: 1 network, 1 pod and 1 container to create, /m);

      const kept = await readdir(join(cache, 'podpose/code'), { withFileTypes: true });
      assert.ok(kept.length > 0);
      assert.ok(kept.every((entry) => entry.isDirectory() === major >= KEEPS_CODE));
      if (major !== NEWEST) return;
      await podpose('up', '-d');
      assert.match(await podpose('ps'), /container\/app\s+1\/1\s+Running/);
      await podpose('down');
      await assertNothingLeft(story);
    });
});
