import assert from 'node:assert/strict';
import { commandClient } from '../../src/podman/client/client.ts';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { followRollout, type FollowContext } from '../../src/engine/follow-rollout.ts';
import type { LogFiles } from '../../src/platform/log-files.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const TODAY = Date.parse('2026-01-02T03:04:05.000Z');

interface Container {
  readonly driver?: string;
  readonly policy?: string;
  status: string;
  exitCode?: number;
  pid: number;
  /** When its run before ended. */
  readonly finishedAt?: string;
  /** Its name, if that is not its ID. */
  readonly name?: string;
}

/** A podman in memory: containers and their log files. */
function machine(containers: Record<string, Container>) {
  const logs = new Map(Object.keys(containers).map((name) => [name, { inode: 1, bytes: Buffer.alloc(0) }]));
  const logAt = (path: string) => logs.get(path.split('/')[1] ?? '');
  const stateOf = ({ inode, bytes }: { readonly inode: number; readonly bytes: Buffer }) => ({
    identity: inode.toString(),
    size: bytes.length,
  });
  const files: LogFiles = {
    stat: (path) => {
      const log = logAt(path);
      return log === undefined ? undefined : stateOf(log);
    },
    open: (path) => {
      const log = logAt(path);
      if (log === undefined) return Promise.reject(new Error(`no ${path}`));
      return Promise.resolve({
        stat: () => stateOf(log),
        read: (offset, length) => Promise.resolve(log.bytes.subarray(offset, offset + Math.min(length, 40))),
        close: () => Promise.resolve(),
      });
    },
    isAlive: (pid) => Object.values(containers).some((container) => container.pid === pid && pid !== 0),
  };
  const run = scriptedRunner((command) => {
    if (command.args[0] === 'events') {
      command.print(JSON.stringify({ ID: 'web-app', ContainerExitCode: 3 }));
      command.exit(0);
      return;
    }
    const names = command.args.slice(2);
    const rows = names.flatMap((name) => {
      const found = Object.entries(containers).find(([id, one]) => id === name || one.name === name);
      if (found === undefined) return [];
      const [id, container] = found;
      return {
        Id: id,
        Name: container.name ?? id,
        StaticDir: `/${id}`,
        State: {
          Status: container.status,
          Pid: container.pid,
          ExitCode: container.exitCode ?? 0,
          FinishedAt: container.finishedAt,
        },
        HostConfig: {
          LogConfig: { Type: container.driver ?? 'k8s-file', Path: `/${id}/ctr.log` },
          RestartPolicy: { Name: container.policy ?? 'no' },
        },
      };
    });
    command.print(JSON.stringify(rows));
    if (rows.length < names.length) command.print('Error: no such container', 'stderr');
    command.exit(rows.length < names.length ? 125 : 0);
  });
  const write = (name: string, ...records: readonly string[]) => {
    const log = logs.get(name);
    const text = records.map((record) => `2026-01-02T03:04:06.5+00:00 ${record}\n`).join('');
    if (log !== undefined) log.bytes = Buffer.concat([log.bytes, Buffer.from(text)]);
  };
  return { containers, logs, files, run, write };
}

function start(
  podman: ReturnType<typeof machine>,
  fresh: readonly string[] = ['web-app', 'web-logs'],
  watcher: Pick<FollowContext, 'willRestart'> = {},
) {
  const shown: string[] = [];
  const reported: Diagnostic[] = [];
  const ends: string[] = [];
  const finish = new AbortController();
  const stop = new AbortController();
  const poll = () =>
    Promise.resolve(
      Object.entries(podman.containers).map(([name, { status, exitCode }]) =>
        observedContainer(name, status as ObservedContainer['state'], exitCode),
      ),
    );
  const context: FollowContext = {
    tools: {
      podman: commandClient(podman.run, 'podman'),
      files: podman.files,
      // 20 times faster.
      sleep: async (milliseconds, signal) => {
        await delay(milliseconds / 20, undefined, { signal }).catch(() => undefined);
      },
    },
    begun: TODAY,
    poll,
    onLines: ({ container }, lines) => {
      for (const { stream, parts, begins, ends } of lines)
        shown.push(
          `${container} ${stream}: ${begins ? '' : '..'}${Buffer.concat(parts).toString()}${ends ? '' : '..'}`,
        );
      return Promise.resolve();
    },
    onEnd: ({ container, exitCode, isRestarted }) =>
      ends.push(`${container} ${exitCode}${isRestarted ? ' restarted' : ''}`),
    report: (diagnostics) => reported.push(...diagnostics),
    finish: finish.signal,
    stop: stop.signal,
    ...watcher,
  };
  const ended = followRollout([podOf('web', 'Never', 'app', 'logs')], new Set(fresh), context);
  return { shown, reported, ends, finish, stop, ended };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (isSo()) return;
    await delay(1);
  }
  throw new Error(`timeout: ${what}`);
}

const running = (pid: number, policy = 'no'): Container => ({ status: 'running', pid, policy });

suite('following the logs of a rollout', () => {
  test('a restart between two polls is an end, too', async () => {
    const podman = machine({ 'web-app': running(7, 'always'), 'web-logs': { status: 'exited', pid: 0 } });
    const { ends, finish, ended } = start(podman);
    await delay(5);
    podman.containers['web-app'] = { ...running(8, 'always'), finishedAt: '2026-01-02T03:04:07Z' };
    await until('the end', () => ends.includes('app 3 restarted'));
    finish.abort();
    await ended;
    assert.deepEqual(
      ends.filter((end) => end.startsWith('app')),
      ['app 3 restarted'],
    );
  });

  test('prints lines in the order of the log, up to the last one before the end', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': { status: 'exited', pid: 0 } });
    podman.write('web-logs', 'stdout F before', 'stderr F its last words');
    const { shown, ended } = start(podman);
    podman.write('web-app', 'stdout F one', 'stderr F two', 'stdout P thr');
    await until('the first lines', () => shown.includes('app stderr: two'));
    podman.write('web-app', 'stderr F four', 'stdout F ee', 'stdout P no end');
    podman.containers['web-app'] = { status: 'exited', pid: 0, exitCode: 9 };
    assert.deepEqual(await ended, {
      kind: 'failed',
      containers: [{ pod: 'web', container: 'app', exitCode: 9 }],
    });
    assert.deepEqual(
      shown.filter((line) => line.startsWith('app')),
      ['app stdout: one', 'app stderr: two', 'app stderr: four', 'app stdout: three', 'app stdout: no end..'],
    );
    assert.deepEqual(
      shown.filter((line) => line.startsWith('logs')),
      ['logs stdout: before', 'logs stderr: its last words'],
    );
  });

  test('prints all output of new containers, and new output of existing ones', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': running(8) });
    for (const log of podman.logs.values())
      log.bytes = Buffer.from(
        '2026-01-02T03:04:04.999999999+00:00 stdout F old\n2026-01-02T04:04:05+01:00 stdout F new\n',
      );
    const { shown, finish, ended } = start(podman, ['web-app']);
    finish.abort();
    assert.equal((await ended).kind, 'progressing');
    assert.deepEqual(shown.sort(), ['app stdout: new', 'app stdout: old', 'logs stdout: new']);
  });

  test('follows a container across restarts', async () => {
    const podman = machine({ 'web-app': running(7, 'on-failure'), 'web-logs': { status: 'exited', pid: 0 } });
    const { shown, ends, ended } = start(podman);
    podman.write('web-app', 'stdout F first run');
    podman.containers['web-app'] = { status: 'exited', exitCode: 1, pid: 0, policy: 'on-failure' };
    await until('the end is observed', () => podman.run.commands.length > 1);
    podman.containers['web-app'] = running(9, 'on-failure');
    podman.write('web-app', 'stdout F second run');
    await until('the second run', () => shown.includes('app stdout: second run'));
    podman.write('web-app', 'stdout F done');
    podman.containers['web-app'] = { status: 'exited', exitCode: 0, pid: 0, policy: 'on-failure' };
    assert.equal((await ended).kind, 'complete');
    assert.deepEqual(shown, ['app stdout: first run', 'app stdout: second run', 'app stdout: done']);
    assert.deepEqual(
      ends.filter((end) => end.startsWith('app')),
      ['app 1 restarted', 'app 0'],
    );
  });

  test('reports a failure that the watcher restarts at once, long before the restart', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': { status: 'exited', pid: 0 } });
    let isWatching = true;
    const { shown, ends, ended } = start(podman, undefined, {
      willRestart: (id) => isWatching && id === 'web-app',
    });
    podman.containers['web-app'] = { status: 'exited', exitCode: 1, pid: 0 };
    await until('the first end', () => ends.includes('app 1 restarted'));
    podman.containers['web-app'] = running(9);
    podman.write('web-app', 'stdout F second run');
    await until('the second run', () => shown.includes('app stdout: second run'));
    isWatching = false;
    podman.containers['web-app'] = { status: 'exited', exitCode: 2, pid: 0 };
    await ended;
    assert.deepEqual(
      ends.filter((end) => end.startsWith('app')),
      ['app 1 restarted', 'app 2'],
    );
  });

  test('follows log rotation, and reads the old file to its end', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': { status: 'exited', pid: 0 } });
    const { shown, ended } = start(podman);
    podman.write('web-app', 'stdout F 1');
    await until('the first line', () => shown.length === 1);
    podman.write('web-app', 'stdout F 2');
    podman.logs.set('web-app', { inode: 2, bytes: Buffer.alloc(0) });
    podman.write('web-app', 'stdout F 3');
    await until('the new file', () => shown.length === 3);
    podman.containers['web-app'] = { status: 'exited', pid: 0 };
    await ended;
    assert.deepEqual(shown, ['app stdout: 1', 'app stdout: 2', 'app stdout: 3']);
  });

  test('ends when a container is removed, after its last output', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': { status: 'exited', pid: 0 } });
    const { shown, ended } = start(podman);
    podman.write('web-app', 'stdout F here');
    await until('the first line', () => shown.length === 1);
    podman.write('web-app', 'stdout F bye');
    podman.logs.delete('web-app');
    delete podman.containers['web-app'];
    await ended;
    assert.deepEqual(shown, ['app stdout: here', 'app stdout: bye']);
  });

  test('follows the container by which another podpose replaces it', async () => {
    const podman = machine({
      first: { ...running(7), name: 'web-app' },
      'web-logs': { status: 'exited', pid: 0 },
    });
    const { shown, ends, ended } = start(podman);
    podman.write('first', 'stdout F old');
    await until('the first line', () => shown.length === 1);
    podman.logs.set('second', { inode: 2, bytes: Buffer.alloc(0) });
    podman.write('second', 'stdout F new');
    podman.containers['second'] = { ...running(9), name: 'web-app_new' };
    podman.containers['first'] = { status: 'exited', exitCode: 143, pid: 0, name: 'web-app' };
    const asked = podman.run.commands.length;
    await until('the end is observed', () => podman.run.commands.length > asked + 4);
    delete podman.containers['first'];
    podman.containers['second'] = { ...running(9), name: 'web-app' };
    await until('the new container', () => shown.includes('app stdout: new'));
    podman.containers['second'] = { status: 'exited', exitCode: 4, pid: 0, name: 'web-app' };
    await ended;
    assert.deepEqual(
      ends.filter((end) => end.startsWith('app')),
      ['app 4'],
    );
  });

  test('prints an incomplete line after a delay, and the rest later', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': { status: 'exited', pid: 0 } });
    const { shown, finish, ended } = start(podman);
    podman.write('web-app', 'stdout P name? ');
    await until('the question', () => shown.length === 1);
    podman.write('web-app', 'stdout F none');
    await until('the answer', () => shown.length === 2);
    finish.abort();
    await ended;
    assert.deepEqual(shown, ['app stdout: name? ..', 'app stdout: ..none']);
  });

  test('does not query podman while the process of a silent container is alive', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': running(8) });
    const { finish, ended } = start(podman);
    await delay(100);
    finish.abort();
    await ended;
    assert.deepEqual(
      podman.run.commands.map(({ line }) => line),
      ['podman container inspect web-app web-logs'],
    );
  });

  test('reports a log driver that stores no logs', async () => {
    const podman = machine({
      'web-app': { ...running(7), driver: 'none' },
      'web-logs': { status: 'exited', pid: 0 },
    });
    const { reported, ended } = start(podman);
    await ended;
    assert.match(
      reported[0]?.message ?? '',
      /cannot read the log of pod\/web container\/app: its log driver 'none'/,
    );
  });

  test('ends at once at the stop signal', async () => {
    const podman = machine({ 'web-app': running(7), 'web-logs': running(8) });
    const { stop, ended } = start(podman);
    stop.abort();
    assert.equal((await ended).kind, 'progressing');
  });
});
