import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './e2e/support/program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function succeed(program: string, args: readonly string[], cwd: string): Promise<string> {
  const ended = await run(program, args, { cwd, seconds: 120 });
  assert.equal(ended.code, 0, ended.story);
  return ended.stdout;
}

void test('the package works when it is installed globally from its tarball', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'podpose-package-'));
  t.after(() => rm(directory, { recursive: true }));
  const npm = (...args: readonly string[]) => succeed('npm', args, ROOT);

  // dist/ is built already, and this user may not be the one who may write there.
  const tarball = (await npm('pack', '--silent', '--ignore-scripts', '--pack-destination', directory)).trim();
  // Another prefix would have another global configuration: what this machine needs to reach its registry may be in its own.
  const globalConfig = (await npm('config', 'get', 'globalconfig')).trim();
  const [prefix, archive] = [join(directory, 'prefix'), join(directory, tarball)];
  await npm('install', '--silent', '--global', '--globalconfig', globalConfig, '--prefix', prefix, archive);

  const podpose = (...args: readonly string[]) => succeed(join(prefix, 'bin/podpose'), args, directory);
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  assert.equal(await podpose('--version'), `podpose ${version}\n`);
  assert.match(await podpose('--help'), /^Usage: podpose/m);
  assert.match(await podpose('up', '--help'), /--detach/);
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: b, image: c }] }\n';
  await writeFile(join(directory, 'pod.yaml'), pod);
  await podpose('validate');
  await podpose('validate', join(prefix, 'lib/node_modules/podpose/examples/hello'));
});
