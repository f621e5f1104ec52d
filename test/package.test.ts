import assert from 'node:assert/strict';
import { access, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './e2e/support/program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Place {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

async function succeed(program: string, args: readonly string[], { cwd, env }: Place): Promise<string> {
  const ended = await run(program, args, { cwd, seconds: 120, ...(env === undefined ? {} : { env }) });
  assert.equal(ended.code, 0, ended.story);
  return ended.stdout;
}

/** The commands of the README's block under that heading. */
async function readmeCommands(heading: string): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const block = new RegExp(`^## ${heading}\\n\\n\`\`\`sh\\n(.*?)\`\`\``, 'ms').exec(readme);
  assert.ok(block?.[1], `the README has no commands under ${heading}`);
  return block[1];
}

void test('the README installs the package from a fresh clone, as an ordinary user, and nothing with it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'podpose-package-'));
  t.after(() => rm(directory, { recursive: true }));
  const [clone, home] = [join(directory, 'clone'), join(directory, 'home')];
  // What git would bring: neither node_modules nor dist.
  const isCloned = (path: string) =>
    !/^\/(?:node_modules|dist|\.git|\.bench)(?:\/|$)/.test(path.slice(ROOT.length - 1));
  await cp(ROOT, clone, { recursive: true, filter: isCloned });

  // Another home has another configuration of npm: what this machine needs to reach its registry may be in its own.
  const config = async (key: string) => (await succeed('npm', ['config', 'get', key], { cwd: ROOT })).trim();
  const env = {
    ...process.env,
    HOME: home,
    npm_config_cache: await config('cache'),
    npm_config_userconfig: await config('userconfig'),
    npm_config_globalconfig: await config('globalconfig'),
  };
  const commands = await readmeCommands('Install');
  await succeed('bash', ['-euc', commands.replaceAll('~', '"$HOME"')], { cwd: clone, env });

  const installed = join(home, '.local/lib/node_modules/podpose');
  await assert.rejects(access(join(installed, 'node_modules')), 'what is bundled is installed once more');
  const podpose = (...args: readonly string[]) =>
    succeed(join(home, '.local/bin/podpose'), args, { cwd: directory, env });
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  assert.equal(await podpose('--version'), `podpose ${version}\n`);
  assert.match(await podpose('--help'), /^Usage: podpose/m);
  assert.match(await podpose('up', '--help'), /--detach/);
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: b, image: c }] }\n';
  await writeFile(join(directory, 'pod.yaml'), pod);
  await podpose('validate');
  await podpose('validate', join(installed, 'examples/hello'));
});

void test('the changelog has this version, with its date', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm');
  assert.match(await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'), heading);
});
