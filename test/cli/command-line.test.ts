import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, SIDE_BY_SIDE, story } from './support.ts';

const VERBS = ['validate', 'plan', 'up', 'down', 'ps', 'logs'];

void describe('the command line', SIDE_BY_SIDE, () => {
  story('help, of podpose and of each verb, without podman', {}, async (desk) => {
    const help = await desk.podpose('--help');
    assertEnded(help, 0);
    for (const verb of VERBS) assert.match(help.stdout, new RegExp(`^ +${verb} +\\S`, 'm'));
    const bare = await desk.podpose();
    assert.equal(bare.stdout, help.stdout);
    const texts = await Promise.all(VERBS.map((verb) => desk.podpose(verb, '--help')));
    for (const [index, text] of texts.entries()) {
      assertEnded(text, 0);
      assert.match(text.stdout, new RegExp(`^podpose ${VERBS[index] ?? ''}: .*\\n\\nUsage: `));
      assert.ok(
        text.stdout.split('\n').every((line) => line.length <= 110),
        'a line is too long',
      );
    }
    assert.equal((await desk.podpose('help', 'up')).stdout, texts[VERBS.indexOf('up')]?.stdout);
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
    [['up', '--detach=yes'], 'takes no value'],
    [['up', '--timeout', 'soon'], "--timeout cannot be 'soon'", '30s'],
    [['up', '--pull', 'sometimes'], "--pull cannot be 'sometimes'", 'always, missing, never'],
    [['up', '--progress', 'fancy'], "--progress cannot be 'fancy'", 'plain'],
    [['plan', '--format', 'txt'], "--format cannot be 'txt', did you mean 'text'?"],
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
