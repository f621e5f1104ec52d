import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from './eventually.ts';
import { exec, NOTHING, PODMAN, thingsOf } from './podman.ts';
import { runningContainers } from './processes.ts';
import type { Scenario } from './scenario.ts';
import { PODPOSE } from './scenario.ts';
import type { KillPlan } from './kill-plans.ts';

/** What a kill needs: a scenario provides it. */
export type KillPlace = Pick<Scenario, 'id' | 'directory' | 'podpose' | 'file'>;

export interface Kill {
  /**
   * The podman command at which podpose is killed: the number of a changing command, from 1, or the first one that
   * matches a shell pattern.
   */
  readonly command: number | string;
  /** Just before the command starts, 0.4 s later, or just after it has ended. */
  readonly moment: 'before' | 'during' | 'after';
  /** SIGHUP, as from a closed terminal, or SIGKILL. */
  readonly signal: 'HUP' | 'KILL';
  /** The command that runs immediately afterwards. */
  readonly next: 'same' | 'down';
}

/** A podman that kills podpose at one of its commands. Read-only commands are not counted. */
const WRAPPER = `#!/bin/sh
case "$1 $2" in
--version*|ps\\ *|inspect\\ *|info\\ *|logs\\ *|top\\ *|wait\\ *|system\\ *|*\\ inspect|*\\ ls|pod\\ ps|unshare\\ cat|unshare\\ head)
  exec PODMAN "$@" ;;
esac
read -r moment signal pid <FOLDER/kill
n=1
until mkdir FOLDER/commands/$n 2>/dev/null; do n=$((n + 1)); done
echo "$*" >FOLDER/commands/$n/words
case "$n $*" in
AT) mkdir FOLDER/killed 2>/dev/null || exec PODMAN "$@" ;;
*) exec PODMAN "$@" ;;
esac
echo "$*" >FOLDER/killed/words
case $moment in
before) kill -s "$signal" "$pid" ;;
during) (sleep 0.4; kill -s "$signal" "$pid") </dev/null >/dev/null 2>&1 & ;;
after) PODMAN "$@"; code=$?; kill -s "$signal" "$pid"; exit $code ;;
esac
exec PODMAN "$@"
`;

/** Writes its own PID for that podman, then becomes podpose. */
const BEGIN = 'read -r words <"$0/order"; echo "$words $$" >"$0/kill"; exec "$@"';

/** Runs podpose and kills it. Returns the command at which it was killed; undefined if there are fewer commands. */
export async function killedAt(
  { directory }: Pick<KillPlace, 'directory'>,
  args: readonly string[],
  { command, moment, signal }: Omit<Kill, 'next'>,
): Promise<string | undefined> {
  const place = join(directory, 'killing');
  const program = join(place, 'podman');
  await rm(join(place, 'commands'), { recursive: true, force: true });
  await rm(join(place, 'killed'), { recursive: true, force: true });
  await mkdir(join(place, 'commands'), { recursive: true });
  await writeFile(join(place, 'order'), `${moment} ${signal}\n`);
  const at = (typeof command === 'number' ? `${command} *` : `* ${command}`).replaceAll(' ', '\\ ');
  const script = WRAPPER.replaceAll('PODMAN', PODMAN).replaceAll('FOLDER', place).replace('AT)', `${at})`);
  await writeFile(program, script);
  await chmod(program, 0o755);
  // A rename is a command, too.
  const env = { ...process.env, PODPOSE_PODMAN: program, PODPOSE_SERVICE: 'off' };
  const child = spawn('sh', ['-c', BEGIN, place, process.execPath, PODPOSE, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Output to a closed terminal is lost.
  if (signal === 'HUP') for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const stderr = signal === 'HUP' ? '' : text(child.stderr);
  await once(child, 'exit');
  const killed = await readFile(join(place, 'killed', 'words'), 'utf8').catch(() => undefined);
  if (killed === undefined) assert.equal(child.exitCode, 0, await stderr);
  return killed;
}

/** Creates the state before a plan. */
export async function arrange(place: KillPlace, { before }: KillPlan): Promise<void> {
  if (before === undefined) {
    await must(place, ['down']);
    return;
  }
  await place.file('pod.yaml', before);
  await must(place, ['up', '-d', '--remove-orphans', '--yes']);
}

/**
 * Kills podpose in a plan and runs it again: the result is the same, the PersistentVolumeClaim has the same data, and
 * the right number of containers is running according to the processes. Returns the podman command at which podpose was
 * killed; undefined if podpose had finished before.
 */
export async function killRound(
  place: KillPlace,
  plan: KillPlan,
  kill: Kill,
  mark: string,
): Promise<string | undefined> {
  const { id } = place;
  if (plan.after !== undefined) await place.file('pod.yaml', plan.after);
  const killed = await killedAt(place, plan.args, kill);
  const isDown = plan.after === undefined || kill.next === 'down';
  await must(place, isDown && plan.after !== undefined ? ['down'] : plan.args);
  await assertRunning(id, isDown ? 0 : plan.runs);
  if (isDown) {
    const volumes = plan.keepsClaim ? [`${id}-data`] : [];
    assert.deepEqual(await thingsOf(id), { ...NOTHING, volumes });
  } else {
    await must(place, ['plan', '--detailed-exitcode']);
    assert.equal(await exec(`${id}-deaf`, 'cat', '/data/mark'), mark);
  }
  return killed;
}

/** Runs podpose, which must exit with 0. */
export async function must({ podpose }: Pick<KillPlace, 'podpose'>, args: readonly string[]): Promise<void> {
  const ended = await podpose(args, { env: { PODPOSE_SERVICE: 'off' } });
  assert.equal(ended.code, 0, ended.story);
}

/**
 * Asserts the number of running containers of a pod, each with a conmon. Checks the processes, as podman may have lost
 * one.
 */
export async function assertRunning(id: string, count: number): Promise<void> {
  // conmon runs for a second or two after its container was removed.
  await eventually(`${count} containers running`, () => {
    const { containers, conmons } = runningContainers(id);
    assert.deepEqual(
      [containers.length, conmons.length],
      [count, count],
      [...containers, ...conmons].join('\n'),
    );
    return true;
  });
}
