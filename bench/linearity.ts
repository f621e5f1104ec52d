// Twice the input takes at most 2.5 times as long, and 1,000 pods at most 12 times as long as 100: runs `validate` for each
// shape at two sizes.
// Needs no podman.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largerSize, SHAPES, type Shape } from './shapes.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;
const AIM = 2.5;
const AIM_OF_PODS = 12;
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

interface Growth {
  readonly name: string;
  readonly shape: Shape;
  readonly sizes: readonly [small: number, large: number];
  readonly aim: number;
}

const GROWTHS: readonly Growth[] = [
  ...Object.entries(SHAPES).map(([name, shape]): Growth => {
    const size = largerSize(name);
    return { name, shape, sizes: [size / 2, size], aim: AIM };
  }),
  { name: 'pods', shape: SHAPES['documents'] ?? (() => ''), sizes: [100, 1000], aim: AIM_OF_PODS },
];

try {
  console.log('\n| validate | small | | large | | ratio (aim) |\n| --- | --- | --- | --- | --- | --- |');
  for (const { name, shape, sizes, aim } of GROWTHS) {
    const [small, large] = sizes;
    const rounds = Array.from({ length: ROUNDS }, () => [validate(shape(small)), validate(shape(large))]);
    const [first = 0, second = 0] = [0, 1].map((which) => median(rounds.map((round) => round[which] ?? 0)));
    const ratio = second / Math.max(first, LEAST);
    const verdict = `${ratio.toFixed(2)} (≤ ${aim})${ratio <= aim ? '' : ' **missed**'}`;
    console.log(
      `| ${name} | ${small} | ${first.toFixed(2)} s | ${large} | ${second.toFixed(2)} s | ${verdict} |`,
    );
    if (ratio > aim) process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}
