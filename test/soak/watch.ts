// What the watcher of a project costs: 10 pods of 3 network probes at 10 s, which may take 1 % of a core at rest, and
// with the service that it keeps alive 1.5 times the memory of an empty node and a podman service that has only listed
// the containers. The service of `up` is another one, and ends after a minute without requests. Linux only. Runs podpose
// from dist/ with this machine's podman: node --import tsx test/soak/watch.ts [SECONDS]
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isService, timeOf, watchingProcesses } from './processes.ts';
import { podpose } from './support.ts';

const PODMAN = process.env['PODPOSE_PODMAN'] ?? 'podman';
const PODS = 10;
const LIMIT = { memory: 1.5, core: 0.01 };

const seconds = Number(process.argv[2] ?? '60');
const project = `soak-watch-${process.pid}`;

/** Peak memory in MB. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}

async function peakWhile(
  program: string,
  args: readonly string[],
  act: () => void = () => undefined,
): Promise<number> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  await sleep(1000);
  act();
  const peak = peakOf(child.pid ?? 0);
  child.kill();
  return peak;
}

function pod(index: number): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${project}-${index} }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: web
    image: docker.io/library/busybox:1.36
    command: [sh, -c, 'mkdir /w; echo ok >/w/index.html; exec httpd -f -p 8080 -h /w']
    startupProbe: { tcpSocket: { port: 8080 } }
    readinessProbe: { httpGet: { port: 8080, path: / } }
    livenessProbe: { httpGet: { port: 8080, path: / } }
  - name: door
    image: docker.io/library/busybox:1.36
    command: [httpd, -f, -p, '8081']
    readinessProbe: { tcpSocket: { port: 8081 } }
`;
}

async function main(): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  const directory = join(parent, project);
  await mkdir(directory);
  const manifest = join(directory, 'pods.yaml');
  await writeFile(manifest, Array.from({ length: PODS }, (_, index) => pod(index)).join('---\n'));
  const socket = `unix://${join(parent, 'podman.sock')}`;
  // Another variable is another service.
  process.env['PODPOSE_SOAK'] = project;
  try {
    const up = await podpose(['-p', project, 'up', '-d', '--wait', manifest]).end;
    if (up.exitCode !== 0) throw new Error(`up ended with ${up.exitCode}:\n${up.stderr}`);
    const empty = await peakWhile(process.execPath, ['-e', 'process.stdin.resume()']);
    const service = await peakWhile(PODMAN, ['system', 'service', '--time', '30', socket], () => {
      execFileSync(PODMAN, ['--url', socket, 'ps', '--all', '--format', 'json']);
    });
    const found = () => watchingProcesses(`PODPOSE_SOAK=${project}`);
    await sleep(5000);
    const first = found().map((one) => ({ ...one, peak: peakOf(one.pid) }));
    // The service of `up`, which ends when it is idle for a minute.
    for (let tries = 0; tries < 75 && found().filter(isService).length > 1; tries++) await sleep(1000);
    const watching = found();
    const ended = first.filter(({ pid }) => watching.every((one) => one.pid !== pid));
    for (const { command, peak } of ended)
      console.log(`${peak.toFixed(1)} MB, has ended in the minute after up: ${command.slice(0, 80)}`);
    const before = watching.map(({ pid }) => timeOf(pid).own);
    await sleep(seconds * 1000);
    const used = watching.map(({ pid }, index) => (timeOf(pid).own - (before[index] ?? 0)) / seconds);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    for (const [index, { pid, command }] of watching.entries())
      console.log(
        `${peakOf(pid).toFixed(1)} MB, ${((used[index] ?? 0) * 100).toFixed(2)} % of a core: ${command.slice(0, 80)}`,
      );
    const memory = sum(watching.map(({ pid }) => peakOf(pid))) / (empty + service);
    // podman's own time for a look every 10 s and its events is podman's.
    const own = watching.map((one) => !isService(one));
    const core = sum(used.filter((_, index) => own[index]));
    console.log(`an empty node ${empty.toFixed(1)} MB, a podman service ${service.toFixed(1)} MB`);
    console.log(`memory: ${memory.toFixed(2)} times these two (at most ${LIMIT.memory})`);
    console.log(`at rest: ${(core * 100).toFixed(2)} % of a core (at most ${LIMIT.core * 100})`);
    return watching.length >= 2 && memory <= LIMIT.memory && core <= LIMIT.core ? 0 : 1;
  } finally {
    await podpose(['-p', project, 'down']).end;
    await rm(parent, { recursive: true, force: true });
  }
}

process.exitCode = await main();
