import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseCommandLine } from '../../src/cli/parse/command-line.ts';

const ROOT = join(import.meta.dirname, '../..');
const names = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Their images are built first. */
const BUILT = new Set(['javaweb', 'three-tier']);

suite(
  'The commands in the README of an example are complete: they run when pasted in the root of the clone',
  () => {
    for (const name of names)
      test(name, () => {
        const manifest = readFileSync(join(ROOT, manifestOf(name)), 'utf8');
        const commands = commandsOf(readFileSync(join(ROOT, `examples/${name}/README.md`), 'utf8'));
        assert.equal(commands.at(0)?.startsWith('podpose up -d ') ?? false, !BUILT.has(name));
        for (const command of commands) assertComplete(command, name, manifest);
      });

    test('all are listed', () => {
      const readme = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
      for (const name of names) assert.ok(readme.includes(`[${name}](${name})`), name);
      for (const command of commandsOf(readme)) assertComplete(command, 'hello', '');
    });
  },
);

/** Those of all shell blocks, without comments; a function that is defined there is none. */
function commandsOf(readme: string): readonly string[] {
  const blocks = [...readme.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
  return blocks
    .join('')
    .split('\n')
    .map((line) => line.replace(/\s+# .*/, ''))
    .filter((line) => line !== '' && !line.includes('() {'));
}

function manifestOf(name: string): string {
  const path = `examples/${name}/pod.yaml`;
  return existsSync(join(ROOT, path)) ? path : `examples/${name}/app.yaml`;
}

/** `cronjobs,jobs`, `cronjob/report` */
const KINDS = /^[a-z]+(?:(?:,[a-z]+)+|\/[a-z-]+)?$/;

function assertComplete(command: string, name: string, manifest: string): void {
  const [program, ...args] = command.split(' ');
  const file = manifestOf(name);
  switch (program) {
    case 'podpose': {
      const request = parseCommandLine(args);
      assert.ok(request.ok && request.value.kind === 'run', command);
      const { operands, values } = request.value.commandLine;
      const files = [...operands.filter((operand) => !KINDS.test(operand)), ...[values['file'] ?? []].flat()];
      assert.deepEqual(files, [file]);
      return;
    }
    case 'curl': {
      const [, host] = /'Host: ([a-z.]+)'/.exec(command) ?? [];
      if (host !== undefined) {
        assert.match(manifest, new RegExp(`^ +- host: ${host}$`, 'm'), command);
        return;
      }
      const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(command)?.[1] ?? '';
      assert.match(manifest, new RegExp(`hostPort: ${port}$`, 'm'), command);
      return;
    }
    case 'podman':
      if (args[0] === 'exec') {
        const container = (args[1] ?? '').slice(`${name}-`.length);
        assert.match(manifest, new RegExp(`- name: ${container}$`, 'm'), command);
      } else assert.ok(existsSync(join(ROOT, args.at(-1) ?? '')), command);
      return;
    default:
      assert.ok(command.endsWith(` ${file}`) || program === 'sleep', command);
  }
}
