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

/** What a kill takes: a scenario has it. */
export type KillPlace = Pick<Scenario, 'id' | 'directory' | 'podpose' | 'file'>;

export interface Kill {
  /** At which of podman's commands that change something: counted from 1, or the first that fits a pattern of the shell. */
  readonly command: number | string;
  /** Just before it begins, 0.4 s later, or just after it has ended. */
  readonly moment: 'before' | 'during' | 'after';
  /** SIGHUP, from a terminal that was closed, or SIGKILL. */
  readonly signal: 'HUP' | 'KILL';
  /** What is run next, at once. */
  readonly next: 'same' | 'down';
}

/** A podman that kills podpose at one of its commands. Those that only look are not counted. */
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

/** Writes its own id where that podman finds it, and becomes podpose. */
const BEGIN = 'read -r words <"$0/order"; echo "$words $$" >"$0/kill"; exec "$@"';

/** Runs podpose and kills it. Gives the command at which that was; undefined where there are not so many. */
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
  // A name is changed by a command, too.
  const env = { ...process.env, PODPOSE_PODMAN: program, PODPOSE_SERVICE: 'off' };
  const child = spawn('sh', ['-c', BEGIN, place, process.execPath, PODPOSE, ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What podpose prints to a terminal that was closed does not arrive.
  if (signal === 'HUP') for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const said = signal === 'HUP' ? '' : text(child.stderr);
  await once(child, 'exit');
  const killed = await readFile(join(place, 'killed', 'words'), 'utf8').catch(() => undefined);
  if (killed === undefined) assert.equal(child.exitCode, 0, await said);
  return killed;
}

/** Puts down what is there before a plan. */
export async function arrange(place: KillPlace, { before }: KillPlan): Promise<void> {
  if (before === undefined) {
    await must(place, ['down']);
    return;
  }
  await place.file('pod.yaml', before);
  await must(place, ['up', '-d', '--remove-orphans', '--yes']);
}

/**
 * Kills podpose in a plan, and runs it again: it comes to the same end, its claim has the same data, and as many
 * containers run as are to, as the processes say it. Gives podman's command at which podpose was killed; undefined where it
 * came to its end before.
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

/** Runs podpose, which must end with 0. */
export async function must({ podpose }: Pick<KillPlace, 'podpose'>, args: readonly string[]): Promise<void> {
  const ended = await podpose(args, { env: { PODPOSE_SERVICE: 'off' } });
  assert.equal(ended.code, 0, ended.story);
}

/** Asserts how many containers of a pod run, and each with a conmon: podman is not asked, which may have forgotten one. */
export async function assertRunning(id: string, count: number): Promise<void> {
  // conmon lives on for a second or two after its container was removed.
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
