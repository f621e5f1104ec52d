import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessRunner } from '../../../src/platform/process.ts';
import { servedRunner, type PodmanService } from '../../../src/podman/client/served-runner.ts';

interface Settings {
  readonly isThere?: boolean;
  readonly send?: PodmanService['send'];
}

/** A runner with a service, and who has done what: the service, or podman itself. */
function setUp({ isThere = true, send }: Settings = {}) {
  const done: string[] = [];
  const shown: string[] = [];
  const direct: ProcessRunner = {
    query: (program, args) => {
      done.push(`${program} ${args.join(' ')}`);
      return Promise.resolve({ kind: 'exited', exitCode: 0, stdout: 'direct', stderr: '' });
    },
    execute: (program, args, onLine) => {
      done.push(`${program} ${args.join(' ')}`);
      onLine('direct', 'stdout');
      return {
        end: Promise.resolve({ kind: 'exited', exitCode: 0 }),
        kill: (signal) => done.push(`kill ${signal}`),
      };
    },
    start: () => {
      throw new Error('nothing long is run here');
    },
    read: () => {
      throw new Error('nothing long is read here');
    },
  };
  const service: PodmanService = {
    isThere: () => Promise.resolve(isThere),
    send: (request) => {
      done.push(`service ${request.method} ${request.path}`);
      return send?.(request) ?? Promise.resolve({ status: 204, version: '4.3.1', body: '' });
    },
    abandon: () => done.push('abandon service'),
  };
  const run = servedRunner(direct, 'podman', service, (_, args) => shown.push(args.join(' ')));
  const lines: string[] = [];
  const execute = (...args: readonly string[]) =>
    run.execute('podman', args, (line, stream) => lines.push(`${stream}: ${line}`));
  return { run, execute, done, shown, lines };
}

test('the service does what it can do, and the command is shown', async () => {
  const { execute, done, shown } = setUp();
  assert.deepEqual(await execute('rename', 'web', 'app').end, { kind: 'exited', exitCode: 0 });
  assert.deepEqual(done, ['service POST /containers/web/rename?name=app']);
  assert.deepEqual(shown, ['rename web app']);
});

test('all else is run by podman itself', async () => {
  const { run, execute, done } = setUp();
  await execute('pod', 'start', 'web').end;
  await run.execute('podman', ['rename', 'web', 'app'], () => undefined, new Uint8Array()).end;
  await run.query('other', ['--version']);
  assert.deepEqual(done, ['podman pod start web', 'podman rename web app', 'other --version']);
});

test('where there is no service podman itself runs everything', async () => {
  const { run, execute, done, shown, lines } = setUp({ isThere: false });
  await execute('rename', 'web', 'app').end;
  assert.equal((await run.query('podman', ['--version'])).stdout, 'direct');
  assert.deepEqual(done, ['podman rename web app', 'podman --version']);
  assert.deepEqual(lines, ['stdout: direct']);
  assert.deepEqual(shown, [], 'the runner of commands shows them');
});

test('where the service is gone before it has answered, podman itself does it', async () => {
  const { run, execute, done } = setUp({ send: () => Promise.reject(new Error('ECONNRESET')) });
  assert.deepEqual(await execute('rename', 'web', 'app').end, { kind: 'exited', exitCode: 0 });
  await run.query('podman', ['--version']);
  assert.deepEqual(done, [
    'service POST /containers/web/rename?name=app',
    'podman rename web app',
    'service GET /_ping',
    'podman --version',
  ]);
});

test('what the service does not manage podman itself does, or says why not', async () => {
  const { execute, done } = setUp({
    send: () => Promise.resolve({ status: 500, version: '4.3.1', body: '{"message":"there is another"}' }),
  });
  await execute('rename', 'web', 'app').end;
  assert.deepEqual(done, ['service POST /containers/web/rename?name=app', 'podman rename web app']);
});

test('what is killed is waited for no longer, and is not run again', async () => {
  let lose: (reason: Error) => void = () => undefined;
  const { execute, done } = setUp({ send: () => new Promise((_, reject) => (lose = reject)) });
  const running = execute('rename', 'web', 'app');
  await new Promise((resolve) => setImmediate(resolve));
  running.kill('SIGKILL');
  lose(new Error('ECONNRESET'));
  assert.deepEqual(await running.end, { kind: 'signalled', signal: 'SIGKILL' });
  assert.deepEqual(done, ['service POST /containers/web/rename?name=app', 'abandon service']);
});
