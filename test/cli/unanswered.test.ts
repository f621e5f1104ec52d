import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { assertEnded, HAS_IMAGE, SIDE_BY_SIDE, story, until, WEB, type Desk } from './support.ts';

const LONG = 60_000;
/** podpose ends at once, but a busy machine takes its time to start and to end a process. */
const SOON = 10_000;

const HANGS = { ...HAS_IMAGE, rules: [{ match: '^ps', delayMs: LONG }] };

/** A service stays for the next run; the commands that it stands in for are the subject here. */
const COMMANDS_ONLY = { PODPOSE_SERVICE: 'off' };

async function interrupt(
  desk: Desk,
  args: readonly string[],
  signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP',
  question = /^ps/,
  env: NodeJS.ProcessEnv = {},
) {
  const command = desk.start(args, { env });
  await until('podman is asked', () => desk.fake.commands().some(({ line }) => question.test(line)));
  const at = Date.now();
  command.kill(signal);
  const ended = await command.end;
  assert.ok(Date.now() - at < SOON, ended.story);
  return ended;
}

void describe('podman does not answer', SIDE_BY_SIDE, () => {
  for (const verb of ['up', 'down'])
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      story(`${signal} ends ${verb} before it has a plan, and frees the project`, HANGS, async (desk) => {
        desk.file('pod.yaml', WEB);
        assertEnded(await interrupt(desk, [verb], signal), 130, 'Interrupted. No changes were made.');
        assert.deepEqual(desk.fake.changes(), []);
        desk.fake.set({ rules: [] });
        assertEnded(await desk.podpose('up', '-d'), 0);
      });

  for (const verb of ['up', 'down'])
    story(`SIGINT ends ${verb} at once while podman's service does not come up`, HAS_IMAGE, async (desk) => {
      desk.file('pod.yaml', WEB);
      const silent = desk.file('silent-podman', '#!/bin/sh\necho $$ >>"$0.pids"\nexec sleep 20\n');
      chmodSync(silent, 0o755);
      const runtime = join(desk.directory, 'run');
      mkdirSync(runtime, { mode: 0o700 });
      const env = { XDG_RUNTIME_DIR: runtime, PODPOSE_PODMAN: silent };
      const command = desk.start([verb], { env });
      await until('podman is started', () => existsSync(`${silent}.pids`));
      // Before, it may still be starting, and have no handler of signals.
      await until('podpose waits for the service', idle(command.pid));
      const at = Date.now();
      command.kill('SIGINT');
      const ended = await command.end;
      assertEnded(ended, 130, 'Interrupted. No changes were made.');
      assert.ok(Date.now() - at < SOON, ended.story);
      await allEnded(readFileSync(`${silent}.pids`, 'utf8').trim().split('\n').map(Number));
    });

  story('an interrupted command leaves no podman process behind', HANGS, async (desk) => {
    desk.file('pod.yaml', WEB);
    await interrupt(desk, ['up', '-d'], 'SIGINT', /^ps/, COMMANDS_ONLY);
    assert.ok(desk.fake.commands().every(({ asked }) => asked === undefined));
    await allEnded(desk.fake.commands().map(({ pid }) => pid));
  });

  const READ_ONLY: readonly (readonly [args: readonly string[], question: RegExp])[] = [
    [['plan'], /^ps/],
    [['plan', '--format', 'json'], /^container inspect|^volume ls/],
    [['diff'], /^ps/],
    [['up', '--dry-run'], /^ps/],
    [['ps'], /^ps/],
    [['ps', '-o', 'json'], /^container inspect/],
    [['logs'], /^ps/],
    [['logs'], /^container inspect/],
    [['logs', '-f'], /^container inspect/],
  ];
  const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const [index, [args, question]] of READ_ONLY.entries()) {
    const signal = SIGNALS[index % SIGNALS.length] ?? 'SIGINT';
    story(`${signal} ends ${args.join(' ')} and its query ${question.source}`, HAS_IMAGE, async (desk) => {
      desk.file('pod.yaml', WEB);
      assertEnded(await desk.podpose('up', '-d'), 0);
      // Volumes are of concern only where something has to be done.
      desk.file('pod.yaml', WEB.replace('name: web', 'name: other'));
      desk.fake.forgetCommands();
      desk.fake.set({ rules: [{ match: question.source, delayMs: LONG }] });
      const ended = await interrupt(desk, args, signal, question, COMMANDS_ONLY);
      assertEnded(ended, 130);
      assert.equal(ended.stdout, '', ended.story);
      assert.equal(ended.stderr, '', ended.story);
      await allEnded(desk.fake.commands().map(({ pid }) => pid));
    });
  }

  for (const args of [['up', '-d'], ['down'], ['plan'], ['ps'], ['logs']])
    story(
      `${args.join(' ')} reports what it waits for`,
      { ...HAS_IMAGE, rules: [{ match: '^ps', delayMs: 6000, occurrence: 1 }] },
      async (desk) => {
        desk.file('pod.yaml', WEB);
        const ended = await desk.podpose(...args);
        assert.match(ended.stderr, /Waiting for podman: podman ps --all/);
      },
    );
});

/** Whether a process, with all its threads, has slept for 300 ms. */
function idle(pid: number): () => boolean {
  let [last, since] = ['', 0];
  return () => {
    const threads = threadsOf(pid);
    const now = threads.every((thread) => thread.startsWith('S ')) ? threads.join() : '';
    if (now === '' || now !== last) [last, since] = [now, Date.now()];
    return Date.now() - since >= 300;
  };
}

/** The state of each thread, with its time in user and kernel mode: proc(5). None if one of them has just ended. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return [fields[0], fields[11], fields[12]].join(' ');
    });
  } catch {
    return [];
  }
}

async function allEnded(pids: readonly number[]): Promise<void> {
  assert.ok(pids.length > 0);
  for (const pid of pids) await until(`process ${pid} has ended`, () => !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
