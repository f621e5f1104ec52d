import assert from 'node:assert/strict';
import { assertRefused, PODPOSE, scenario } from './support/scenario.ts';
import { BUSYBOX } from './support/images.ts';
import { eventually } from './support/eventually.ts';

scenario('exec runs a command in a container', async (story) => {
  const { id, directory, step, file, ok, podpose, startProgram } = story;
  await file(
    'pod.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: ${id}, annotations: { kubectl.kubernetes.io/default-container: app } }
spec:
  restartPolicy: Never
  containers:
    - { name: job, image: ${BUSYBOX}, command: ['true'] }
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, 'trap exit TERM; sleep 3600 & wait'] }`,
  );
  const runs = (command: string) =>
    eventually(command, async () => (await ok('exec', id, 'ps')).stdout.includes(command) || undefined);
  await ok('up', '-d');
  await step('output, error output and exit code are those of the command', async () => {
    const ended = await podpose(['exec', id, '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    assert.deepEqual([ended.stdout, ended.stderr, ended.code], ['out\n', 'err\n', 7], ended.story);
    assert.equal((await podpose(['exec', `${id}/app`, 'sh', '-c', 'exit 1'])).code, 1);
    assert.equal((await podpose(['exec', id, '-c', 'app', '--', '/no/such/program'])).code, 127);
    assert.equal((await podpose(['exec', `pod/${id}`, 'container/app', '/etc'])).code, 126);
  });
  await step('standard input is passed on with -i only', async () => {
    const input = 'x'.repeat(300_000);
    const counted = await podpose(['exec', '-i', id, 'wc', '-c'], { input });
    assert.equal(counted.stdout.trim(), '300000', counted.story);
    assert.equal((await podpose(['exec', id, 'wc', '-c'], { input })).stdout.trim(), '0');
  });
  await step('large output is complete', async () => {
    const ended = await ok('exec', id, '--', 'sh', '-c', 'yes 0123456789 | head -c 3000000');
    assert.equal(ended.stdout.length, 3_000_000);
  });
  await step('-t gives a terminal of the size of the own one, and Ctrl-C goes to the command', async () => {
    const shell = `stty cols 87 rows 33; '${process.execPath}' '${PODPOSE}' exec -it ${id} sh`;
    const terminal = startProgram('script', ['-qec', shell, '/dev/null'], { cwd: directory });
    const answered = (pattern: RegExp) =>
      eventually(pattern.source, () => Promise.resolve(pattern.exec(terminal.output()) ?? undefined));
    await answered(/# /);
    terminal.type('stty size\n');
    await answered(/33 87/);
    terminal.type('sleep 1234\n');
    await runs('sleep 1234');
    terminal.type('\u0003');
    terminal.type('echo code $?\n');
    await answered(/code 130/);
    terminal.type('exit 5\n');
    assert.equal((await terminal.end).code, 5);
  });
  await step('without a terminal -t is reported and has no effect', async () => {
    const ended = await podpose(['exec', '-it', id, 'echo', 'hello']);
    assert.deepEqual([ended.stdout, ended.code], ['hello\n', 0], ended.story);
    assert.match(ended.stderr, /^Unable to use a TTY/);
  });
  await step('a container that has ended is reported', async () => {
    assertRefused(
      await podpose(['exec', `${id}/job`, 'ls']),
      1,
      /job: it is not running \(Completed, exit code 0\)/,
    );
  });
  await step('SIGTERM ends it', async () => {
    const running = startProgram(process.execPath, [PODPOSE, 'exec', id, 'sleep', '1000'], {
      cwd: directory,
    });
    await runs('sleep 1000');
    running.kill('SIGTERM');
    assert.equal((await running.end).code, 130);
  });
});
