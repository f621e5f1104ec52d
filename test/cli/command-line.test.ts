import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { COMMANDS } from '../../src/cli/parse/options.ts';
import { assertEnded, assertRefused, SIDE_BY_SIDE, story } from './support.ts';

const NAMES = Object.keys(COMMANDS);

void describe('the command line', SIDE_BY_SIDE, () => {
  story('help of podpose and of each command, without podman', {}, async (desk) => {
    const help = await desk.podpose('--help');
    assertEnded(help, 0);
    for (const verb of NAMES) assert.match(help.stdout, new RegExp(`^ +${verb} +\\S`, 'm'));
    const bare = await desk.podpose();
    assert.equal(bare.stdout, help.stdout);
    const texts = await Promise.all(NAMES.map((verb) => desk.podpose(verb, '--help')));
    for (const [index, text] of texts.entries()) {
      assertEnded(text, 0);
      assert.match(text.stdout, new RegExp(`^podpose ${NAMES[index] ?? ''}: .*\\n\\nUsage: `));
      assert.ok(
        text.stdout.split('\n').every((line) => line.length <= 110),
        'a line is too long',
      );
    }
    assert.equal((await desk.podpose('help', 'up')).stdout, texts[NAMES.indexOf('up')]?.stdout);
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('version', {}, async (desk) => {
    for (const args of [['--version'], ['-V'], ['up', '--version']]) {
      const ended = await desk.podpose(...args);
      assertEnded(ended, 0);
      assert.equal(ended.stdout, 'podpose 0.0.0-test\n');
    }
  });

  story('the help of up says what Ctrl-C does', {}, async (desk) => {
    assert.match(
      (await desk.podpose('up', '--help')).stdout,
      /Usage: .*\n\n.*Ctrl-C then stops the pods[^]*\nOptions:/,
    );
  });

  /** What is wrong on the command line, and what is said of it. Nothing is looked at. */
  const mistakes: readonly (readonly [readonly string[], ...(string | RegExp)[]])[] = [
    [['dwon'], "unknown command 'dwon', did you mean 'down'?", 'podpose --help'],
    [['kube', 'play', 'pod.yaml'], /unknown command 'kube'\n/, 'podpose up FILE'],
    [['play', 'kube', 'pod.yaml'], /unknown command 'play'\n/, 'podpose up FILE'],
    [['up', '-q'], "unknown option '-q'", '--progress quiet'],
    [['frobnicate'], /unknown command 'frobnicate'(?!.*did you mean)/],
    [['-v'], 'no command given'],
    [
      ['up', '--detatch'],
      "unknown option '--detatch', did you mean '--detach'?",
      "'podpose up --help' lists",
    ],
    [['up', '-Q'], "unknown option '-Q'"],
    [['--nosuch', 'up'], "unknown option '--nosuch'", "'podpose --help' lists the options"],
    [['up', '--timeout'], "option '--timeout", 'requires a value'],
    [['up', '--detach=yes'], "option '--detach' must be true or false, got 'yes'"],
    [['up', '-d='], "option '-d' must be true or false, got ''"],
    [['up', '-d,'], "unknown option '-,'"],
    [['up', '-f'], "option '-f' requires a value"],
    [['up', '--file'], "option '--file' requires a value"],
    [
      ['down', '--time'],
      "option '--time' requires a value",
      '--time SECONDS: override terminationGracePeriodSeconds',
    ],
    [['down', '-t', '-v'], "option '-t' requires a value", '--time SECONDS', '--time=-SECONDS'],
    [['down', '-t', '-5'], "invalid value '-5' for --time", 'whole number'],
    [['down', '-t=-5'], "invalid value '-5' for --time", 'whole number'],
    [['down', '--time', '1.5'], "invalid value '1.5' for --time"],
    [['up', '--project', '--detach=false'], "option '--project' requires a value"],
    [['ps', '-p'], "option '-p' requires a value"],
    [['ps', '-o'], "option '-o' requires a value"],
    [['-c', 'x', '-p'], "option '-p' requires a value"],
    [['ps', '-t'], "unknown option '-t'"],
    [['up', '--timeout', 'soon'], "invalid duration 'soon' for --timeout", '30s'],
    [['up', '--pull', 'sometimes'], "invalid value 'sometimes' for --pull", 'always, missing, never'],
    [['up', '--progress', 'fancy'], "invalid value 'fancy' for --progress", 'plain'],
    [['plan', '--format', 'txt'], "invalid value 'txt' for --format, did you mean 'text'?"],
    [['ps', '--progress', 'jsn'], "invalid value 'jsn' for --progress, did you mean 'json'?"],
    [['up', '--host-ip', 'foo', 'a.yaml'], "invalid value 'foo' for --host-ip", '127.0.0.1'],
    [['up', '--host-ip=', 'a.yaml'], "invalid value '' for --host-ip"],
    [['plan', '--host-ip', '[::1]', 'a.yaml'], "invalid value '[::1]' for --host-ip"],
    [['diff', '--host-ip', '127.0.0.01', 'a.yaml'], "invalid value '127.0.0.01' for --host-ip"],
    [['ps', '--color', 'alway'], "invalid value 'alway' for --color, did you mean 'always'?"],
    [['up', 'nosuch.yaml'], 'nosuch.yaml: no such file or directory'],
    [['up', '-f', 'a.yaml', 'b.yaml'], 'a.yaml: no such', 'b.yaml: no such'],
  ];
  for (const [args, ...words] of mistakes)
    story(`podpose ${args.join(' ')}`, {}, async (desk) => {
      assertRefused(await desk.podpose(...args), 2, ...words);
      assert.deepEqual(desk.fake.changes(), []);
    });
});
