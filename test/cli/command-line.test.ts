import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, SIDE_BY_SIDE, story } from './support.ts';

const COMMANDS = ['validate', 'plan', 'up', 'down', 'ps', 'logs'];

void describe('the command line', SIDE_BY_SIDE, () => {
  story('help, of podpose and of each verb, without podman', {}, async (desk) => {
    const help = await desk.podpose('--help');
    assertEnded(help, 0);
    for (const verb of COMMANDS) assert.match(help.stdout, new RegExp(`^ +${verb} +\\S`, 'm'));
    const bare = await desk.podpose();
    assert.equal(bare.stdout, help.stdout);
    const texts = await Promise.all(COMMANDS.map((verb) => desk.podpose(verb, '--help')));
    for (const [index, text] of texts.entries()) {
      assertEnded(text, 0);
      assert.match(text.stdout, new RegExp(`^podpose ${COMMANDS[index] ?? ''}: .*\\n\\nUsage: `));
      assert.ok(
        text.stdout.split('\n').every((line) => line.length <= 110),
        'a line is too long',
      );
    }
    assert.equal((await desk.podpose('help', 'up')).stdout, texts[COMMANDS.indexOf('up')]?.stdout);
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('version', {}, async (desk) => {
    for (const args of [['--version'], ['-V'], ['up', '--version']]) {
      const ended = await desk.podpose(...args);
      assertEnded(ended, 0);
      assert.equal(ended.stdout, 'podpose 0.0.0-test\n');
    }
  });

  /** What is wrong on the command line, and what is said of it. Nothing is looked at. */
  const mistakes: readonly (readonly [readonly string[], ...(string | RegExp)[]])[] = [
    [['dwon'], "unknown verb 'dwon', did you mean 'down'?", 'podpose --help'],
    [['frobnicate'], /unknown verb 'frobnicate'(?!.*did you mean)/],
    [['-v'], 'no verb is given'],
    [['up', '--detatch'], "unknown option '--detatch', did you mean '--detach'?"],
    [['up', '-Q'], "unknown option '-Q'"],
    [['--nosuch', 'up'], "unknown option '--nosuch'"],
    [['up', '--timeout'], "the option '--timeout", 'needs a value'],
    [['up', '--detach=yes'], "the option '--detach' is true or false, got 'yes'"],
    [['up', '-d='], "the option '-d' is true or false, got ''"],
    [['up', '-d,'], "unknown option '-,'"],
    [['up', '-f'], "the option '-f' needs a value"],
    [['up', '--file'], "the option '--file' needs a value"],
    [['down', '-t', '-v'], "the option '-t' needs a value"],
    [['down', '-t', '-5'], "--time cannot be '-5'", 'whole number'],
    [['down', '-t=-5'], "--time cannot be '-5'", 'whole number'],
    [['down', '--time', '1.5'], "--time cannot be '1.5'"],
    [['up', '--project', '--detach=false'], "the option '--project' needs a value"],
    [['ps', '-p'], "the option '-p' needs a value"],
    [['ps', '-o'], "the option '-o' needs a value"],
    [['-c', 'x', '-p'], "the option '-p' needs a value"],
    [['ps', '-t'], "unknown option '-t'"],
    [['up', '--timeout', 'soon'], "--timeout cannot be 'soon'", '30s'],
    [['up', '--pull', 'sometimes'], "--pull cannot be 'sometimes'", 'always, missing, never'],
    [['up', '--progress', 'fancy'], "--progress cannot be 'fancy'", 'plain'],
    [['plan', '--format', 'txt'], "--format cannot be 'txt', did you mean 'text'?"],
    [['ps', '--progress', 'jsn'], "--progress cannot be 'jsn', did you mean 'json'?"],
    [['up', '--host-ip', 'foo', 'a.yaml'], "--host-ip cannot be 'foo'", '127.0.0.1'],
    [['up', '--host-ip=', 'a.yaml'], "--host-ip cannot be ''"],
    [['plan', '--host-ip', '[::1]', 'a.yaml'], "--host-ip cannot be '[::1]'"],
    [['diff', '--host-ip', '127.0.0.01', 'a.yaml'], "--host-ip cannot be '127.0.0.01'"],
    [['ps', '--color', 'alway'], "--color cannot be 'alway', did you mean 'always'?"],
    [['up', 'nosuch.yaml'], 'nosuch.yaml: there is no such file or folder'],
    [['up', '-f', 'a.yaml', 'b.yaml'], 'a.yaml: there is no such', 'b.yaml: there is no such'],
  ];
  for (const [args, ...words] of mistakes)
    story(`podpose ${args.join(' ')}`, {}, async (desk) => {
      assertRefused(await desk.podpose(...args), 2, ...words);
      assert.deepEqual(desk.fake.changes(), []);
    });
});
