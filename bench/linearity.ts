// Twice the input takes at most 2.5 times as long: runs `validate` for each shape at a size and at twice that size.
// Needs no podman.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largerSize, SHAPES } from './shapes.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;
const AIM = 2.5;
/** Seconds: the time of the smallest file, so that a trivial file has no ratio. */
const LEAST = 0.1;
const PODPOSE = join(import.meta.dirname, '../dist/podpose.js');
const directory = mkdtempSync(join(tmpdir(), 'podpose-bench-'));

const told = join(directory, 'tell.cjs');
const spent = join(directory, 'spent');
writeFileSync(
  told,
  `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(spent)}, String(process.resourceUsage().userCPUTime)))`,
);

/** CPU seconds of `validate`, which do not depend on other load on the machine. */
function validate(text: string): number {
  const file = join(directory, 'pod.yaml');
  writeFileSync(file, text);
  const args = ['--require', told, PODPOSE, 'validate', file];
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0 && status !== 2) throw new Error(`validate ended with ${String(status)}`);
  return Number(readFileSync(spent, 'utf8')) / 1e6;
}

try {
  console.log(`\n| validate | | twice as many | ratio (aim: ≤ ${AIM}) |\n| --- | --- | --- | --- |`);
  for (const [name, shape] of Object.entries(SHAPES)) {
    const size = largerSize(name);
    const rounds = Array.from({ length: ROUNDS }, () => [validate(shape(size / 2)), validate(shape(size))]);
    const [half = 0, whole = 0] = [0, 1].map((which) => median(rounds.map((round) => round[which] ?? 0)));
    const ratio = whole / Math.max(half, LEAST);
    const verdict = `${ratio.toFixed(2)}${ratio <= AIM ? '' : ' **missed**'}`;
    console.log(`| ${size} ${name} | ${half.toFixed(2)} s | ${whole.toFixed(2)} s | ${verdict} |`);
    if (ratio > AIM) process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}
