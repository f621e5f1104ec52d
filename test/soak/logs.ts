// 2,000,000 lines in a burst, by an attached up, by logs and by logs -f: each line once and in order, within 150 MB;
// and the losses of journald. Runs podpose from dist/ with this machine's podman: node --import tsx test/soak/logs.ts
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LINES = Number(process.env['SOAK_LINES'] ?? 2_000_000);
const MEMORY = 150;
const PODPOSE = join(import.meta.dirname, '../../dist/podpose.js');
const PODMAN = process.env['PODPOSE_PODMAN'] ?? 'podman';
const IMAGE = 'docker.io/library/busybox:1.36';

interface Round {
  readonly code: number | null;
  readonly lines: number;
  /** Lines that do not follow the previous one. */
  readonly gaps: number;
  readonly last: number;
  readonly seconds: number;
  readonly mebibytes: number;
  readonly dropped: string;
}

const parent = mkdtempSync(join(tmpdir(), 'podpose-soak-'));
const name = `soak-logs-${process.pid}`;
const manifest = join(parent, 'pod.yaml');
const override = join(parent, 'override.conf');
const peak = join(parent, 'peak');
const hook = join(parent, 'peak.cjs');
writeFileSync(
  hook,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, require('node:fs').readFileSync('/proc/self/status')));`,
);
writeFileSync(override, '[containers]\nlog_driver = "k8s-file"\n');
writeFileSync(
  manifest,
  `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - { name: c, image: '${IMAGE}', command: [sh, -c, 'seq 1 ${LINES} | sed "s/$/ ${'x'.repeat(80)}/"'] }
`,
);

async function podpose(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Round> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--require', hook, PODPOSE, '-p', name, ...args], {
    env: { ...process.env, PODPOSE_SERVICE: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [lines, gaps, last, stderr] = [0, 0, 0, ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    const number = Number(/\| (\d+) x+$/.exec(line)?.[1]);
    lines++;
    if (number !== last + 1) gaps++;
    last = number;
  }
  const code = await ended;
  return {
    code,
    lines,
    gaps,
    last,
    seconds: (performance.now() - begin) / 1000,
    mebibytes: Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(peak, 'utf8'))?.[1]) / 1024,
    dropped: /journald .*dropped.*$/m.exec(stderr)?.[0] ?? '',
  };
}

function say(what: string, round: Round): void {
  const { code, lines, gaps, seconds, mebibytes, dropped } = round;
  console.log(
    `${what}: ${lines} of ${LINES} lines, ${gaps} gaps, exit code ${code}, ${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB${dropped === '' ? '' : `; ${dropped}`}`,
  );
}

async function rounds(env: NodeJS.ProcessEnv): Promise<boolean> {
  const info = spawnSync(PODMAN, ['info', '--format', '{{.Host.LogDriver}}'], {
    env: { ...process.env, ...env },
  });
  const driver = info.stdout.toString().trim();
  console.log(`log driver ${driver}`);
  let isGood = true;
  let kept = driver === 'k8s-file' ? LINES : undefined;
  for (const args of [['up', manifest], ['logs'], ['logs', '-f']]) {
    const round = await podpose(env, ...args);
    say(`  ${args[0] === 'up' ? 'up' : args.join(' ')}`, round);
    // The number of lines that journald keeps is not predictable; all readers must agree, and report the loss.
    kept ??= round.lines;
    const isTold = kept === LINES || round.dropped !== '';
    isGood &&= round.code === 0 && round.lines === kept && isTold && round.mebibytes <= MEMORY;
    if (kept === LINES) isGood &&= round.gaps === 0;
  }
  await podpose(env, 'down');
  return isGood;
}

const results = [await rounds({ CONTAINERS_CONF_OVERRIDE: override })];
const own = spawnSync(PODMAN, ['info', '--format', '{{.Host.LogDriver}}']).stdout.toString().trim();
if (own !== 'k8s-file') results.push(await rounds({}));
rmSync(parent, { recursive: true, force: true });
process.exitCode = results.every(Boolean) ? 0 : 1;
