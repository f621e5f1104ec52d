// 60 pods of two containers, and one pod of 60, which all ignore SIGTERM: the time of up and down, compared with
// podman's own time without waiting. `down` may take the grace period and one and a half times that. Runs podpose from
// dist/ with this machine's podman: node --import tsx test/soak/load.ts
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podpose } from './support.ts';

const PODMAN = process.env['PODPOSE_PODMAN'] ?? 'podman';
const GRACE_SECONDS = 1;
const FACTOR = 1.5;

interface Shape {
  readonly pods: number;
  readonly containers: number;
}

function podText(name: string, containers: number): string {
  const rows = Array.from(
    { length: containers },
    (_, index) =>
      `    - { name: c${index}, image: 'docker.io/library/busybox:1.36', command: [sleep, '3600'] }\n`,
  );
  return `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  terminationGracePeriodSeconds: ${GRACE_SECONDS}\n  containers:\n${rows.join('')}`;
}

async function timed(what: string, act: () => Promise<string | undefined>): Promise<number> {
  const begun = performance.now();
  const fault = await act();
  if (fault !== undefined) throw new Error(`${what}: ${fault}`);
  return (performance.now() - begun) / 1000;
}

async function run(...args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stderr } = await podpose(args).end;
  return exitCode === 0 ? undefined : stderr;
}

function podman(...args: readonly string[]): Promise<string | undefined> {
  const { status, stderr } = spawnSync(PODMAN, args, { encoding: 'utf8' });
  return Promise.resolve(status === 0 ? undefined : stderr);
}

/** Returns whether `down` was within its limit. */
async function load({ pods, containers }: Shape, directory: string): Promise<boolean> {
  const project = `soak-load-${process.pid}`;
  const names = Array.from({ length: pods }, (_, index) => `${project}-${index}`);
  const file = join(directory, 'pods.yaml');
  await writeFile(file, names.map((name) => podText(name, containers)).join(''));
  const create = () => timed('up', () => run('-p', project, 'up', '-d', '-f', file));
  const up = await create();
  const down = await timed('down', () => run('-p', project, 'down'));
  await create();
  const podmans =
    (await timed('pod stop', () => podman('pod', 'stop', '--time', '0', ...names))) +
    (await timed('pod rm', () => podman('pod', 'rm', ...names)));
  await run('-p', project, 'down');
  const most = GRACE_SECONDS + FACTOR * podmans;
  const [a, b, c, d] = [up, down, podmans, most].map((seconds) => seconds.toFixed(1));
  process.stdout.write(
    `load: ${pods} pods of ${containers}: up ${a} s, down ${b} s, podman's own ${c} s, at most ${d} s\n`,
  );
  return down <= most;
}

async function main(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  let isInTime = true;
  for (const shape of [
    { pods: 60, containers: 2 },
    { pods: 1, containers: 60 },
  ])
    isInTime = (await load(shape, directory)) && isInTime;
  await rm(directory, { recursive: true });
  return isInTime ? 0 : 1;
}

process.exitCode = await main();
