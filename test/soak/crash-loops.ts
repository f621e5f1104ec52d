// What a hundred crash-looping containers cost: once all wait 5 minutes between two starts, the watcher may take 5 % of a
// core. They reach that step with back-offs of a fraction of a second; then a new watcher counts the restarts from podman's
// events, and continues with real back-offs. Linux only. Runs podpose from dist/ with this machine's podman: node --import
// tsx test/soak/crash-loops.ts [PODS [CONTAINERS OF EACH]]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listAt, at, parse } from '../e2e/support/json.ts';
import { isService, timeOf, watchingProcesses } from './processes.ts';
import { podpose } from './support.ts';

const [pods = 10, containers = 10] = process.argv.slice(2).map(Number);
const COUNT = pods * containers;
/** Enough for a back-off of 5 minutes: 0, 10, 20, 40, 80, 160, 300 s. */
const RESTARTS = 6;
/** Each container is restarted once in this time. */
const SECONDS = 300;
const LIMIT = 0.05;
const project = `soak-crash-${process.pid}`;

function pod(index: number): string {
  const container = (number: number) => `  - name: c${number}
    image: docker.io/library/busybox:1.36
    command: [sh, -c, 'exit 1']
`;
  return `apiVersion: v1
kind: Pod
metadata: { name: ${project}-${index} }
spec:
  terminationGracePeriodSeconds: 0
  containers:
${Array.from({ length: containers }, (_, number) => container(number)).join('')}`;
}

interface Loop {
  readonly restarts: number;
  /** Whether it waits for its next start. */
  readonly isWaiting: boolean;
}

async function loops(): Promise<readonly Loop[]> {
  const ps = spawn(process.execPath, ['dist/podpose.js', '-p', project, 'ps', '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const found = parse(await text(ps.stdout));
  return listAt(found, 'items').flatMap((one) =>
    listAt(one, 'status', 'containerStatuses').map((status) => ({
      restarts: Number(at(status, 'restartCount')),
      isWaiting: at(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff',
    })),
  );
}

async function until(what: string, seconds: number, isTrue: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(2000);
  }
}

const processes = () => watchingProcesses(`PODPOSE_SOAK=${project}`);
const watchers = () => processes().filter(({ command }) => command.includes('podpose.js watch'));

async function main(): Promise<number> {
  const parent = await mkdtemp(join(tmpdir(), 'podpose-soak-'));
  const directory = join(parent, project);
  await mkdir(directory);
  const manifest = join(directory, 'pods.yaml');
  await writeFile(manifest, Array.from({ length: pods }, (_, index) => pod(index)).join('---\n'));
  process.env['PODPOSE_SOAK'] = project;
  try {
    process.env['PODPOSE_BACK_OFF'] = '0.1';
    // It fails: no container runs.
    await podpose(['-p', project, 'up', '-d', manifest]).end;
    await until(`${RESTARTS} restarts of each`, 900, async () => {
      const found = await loops();
      return found.length === COUNT && found.every(({ restarts }) => restarts >= RESTARTS);
    });
    for (const { pid } of watchers()) process.kill(pid, 'SIGTERM');
    await until('the watcher has ended', 60, () => watchers().length === 0);
    process.env['PODPOSE_BACK_OFF'] = '10';
    await podpose(['-p', project, 'up', '-d', manifest]).end;
    await until('all of them wait', 120, async () => {
      const found = await loops();
      return watchers().length === 1 && found.every(({ isWaiting }) => isWaiting);
    });
    const restartsOf = (found: readonly Loop[]) => found.reduce((sum, { restarts }) => sum + restarts, 0);
    const restarts = restartsOf(await loops());
    // The service of `up` ends in the meantime.
    await until('one service is left', 90, () => processes().filter(isService).length === 1);
    const watching = processes();
    const before = watching.map(({ pid }) => timeOf(pid).own);
    await sleep(SECONDS * 1000);
    const used = watching.map(({ pid }, index) => (timeOf(pid).own - (before[index] ?? 0)) / SECONDS);
    for (const [index, { command }] of watching.entries())
      console.log(`${((used[index] ?? 0) * 100).toFixed(2)} % of a core: ${command.slice(0, 80)}`);
    const starts = restartsOf(await loops()) - restarts;
    // podman's time for the starts is podman's.
    const core = used.filter((_, index) => !isService(watching[index] ?? { pid: 0, command: '' }));
    const total = core.reduce((sum, one) => sum + one, 0);
    console.log(`${starts} starts of ${COUNT} containers in ${SECONDS} s`);
    console.log(`the watcher: ${(total * 100).toFixed(2)} % of a core (at most ${LIMIT * 100})`);
    const isAsExpected = starts >= COUNT * 0.5 && starts <= COUNT * 1.2;
    return isAsExpected && total <= LIMIT ? 0 : 1;
  } finally {
    await podpose(['-p', project, 'down']).end;
    await rm(parent, { recursive: true, force: true });
  }
}

process.exitCode = await main();
