// What exec probes cost: the processor time of the watcher, with the commands that it runs, may be 1.3 times that of the
// same commands alone. Linux only. Runs podpose from dist/ with this machine's podman: node --import tsx
// test/soak/exec-probes.ts [SECONDS]
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeOf, watchingProcesses } from './processes.ts';
import { podpose } from './support.ts';

const PODMAN = process.env['PODPOSE_PODMAN'] ?? 'podman';
const CONTAINERS = 4;
const PERIOD_SECONDS = 2;
const LIMIT = 1.3;
/** It leaves a line, so that the probes can be counted. */
const COMMAND = 'echo >>/probes';

const seconds = Number(process.argv[2] ?? '60');
const project = `soak-exec-${process.pid}`;

function pod(): string {
  const container = (index: number) => `  - name: c${index}
    image: docker.io/library/busybox:1.36
    command: [sleep, '3600']
    readinessProbe: { exec: { command: [sh, -c, '${COMMAND}'] }, periodSeconds: ${PERIOD_SECONDS} }
`;
  return `apiVersion: v1
kind: Pod
metadata: { name: ${project} }
spec:
  terminationGracePeriodSeconds: 0
  containers:
${Array.from({ length: CONTAINERS }, (_, index) => container(index)).join('')}`;
}

/** Runs the command in each container, one after another, and returns the processor time of one in seconds. */
function costOfOne(rounds: number): number {
  const script = `i=0; while [ $i -lt ${rounds} ]; do i=$((i + 1))
    for c in ${Array.from({ length: CONTAINERS }, (_, index) => index).join(' ')}; do "$1" exec ${project}-c$c sh -c '${COMMAND}'; done
  done; times`;
  const printed = execFileSync('sh', ['-c', script, 'sh', PODMAN], { encoding: 'utf8' });
  // The second line is that of the children: 0m1.234567s 0m0.123456s
  const times = [...(printed.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const total = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return total / (rounds * CONTAINERS);
}

function probes(): number {
  return Array.from({ length: CONTAINERS }, (_, index) =>
    Number(
      execFileSync(PODMAN, ['exec', `${project}-c${index}`, 'sh', '-c', 'wc -l </probes'], {
        encoding: 'utf8',
      }),
    ),
  ).reduce((sum, count) => sum + count, 0);
}

async function main(): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  const directory = join(parent, project);
  await mkdir(directory);
  const manifest = join(directory, 'pod.yaml');
  await writeFile(manifest, pod());
  process.env['PODPOSE_SOAK'] = project;
  try {
    const up = await podpose(['-p', project, 'up', '-d', '--wait', manifest]).end;
    if (up.exitCode !== 0) throw new Error(`up ended with ${up.exitCode}:\n${up.stderr}`);
    await sleep(5000);
    const watcher = watchingProcesses(`PODPOSE_SOAK=${project}`).find(({ command }) =>
      command.includes('podpose.js watch'),
    );
    if (watcher === undefined) throw new Error('there is no watcher');
    const alone = [costOfOne(5)];
    const before = { ...timeOf(watcher.pid), probes: probes() };
    await sleep(seconds * 1000);
    const after = { ...timeOf(watcher.pid), probes: probes() };
    alone.push(costOfOne(5));
    const one = alone.reduce((sum, cost) => sum + cost, 0) / alone.length;
    const count = after.probes - before.probes;
    const [own, children] = [after.own - before.own, after.children - before.children];
    const ratio = (own + children) / (count * one);
    const inMs = (time: number) => `${((time / count) * 1000).toFixed(1)} ms`;
    console.log(`${count} probes in ${seconds} s; the command alone: ${(one * 1000).toFixed(1)} ms`);
    console.log(`of each probe: the commands ${inMs(children)}, the watcher ${inMs(own)}`);
    console.log(`exec probes: ${ratio.toFixed(2)} times the commands alone (at most ${LIMIT})`);
    return count > 0 && ratio <= LIMIT ? 0 : 1;
  } finally {
    await podpose(['-p', project, 'down']).end;
    await rm(parent, { recursive: true, force: true });
  }
}

process.exitCode = await main();
