import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/podpose.js', import.meta.url));

export interface SoakContext {
  /** The name of the pod and of its project. */
  readonly pod: string;
  /** Counted from 0. */
  readonly round: number;
  /** Writes a manifest and returns its path. */
  readonly manifest: (text: string) => Promise<string>;
  readonly fault: (what: string) => void;
}

export interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly end: Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
}

/** Starts podpose. */
export function podpose(args: readonly string[]): Started {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = async () => {
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return { exitCode: child.exitCode, stderr };
  };
  return { kill: (signal) => void child.kill(signal), end: end() };
}

export interface PodShape {
  readonly containers: number;
  readonly graceSeconds: number;
  /** What differs between versions of the manifest. */
  readonly version?: string;
}

/** A pod whose containers, a, b, c and so on, ignore SIGTERM. */
export function podText(name: string, { containers, graceSeconds, version = '1' }: PodShape): string {
  const one = (index: number) =>
    `  - { name: ${String.fromCharCode(97 + index)}, image: 'docker.io/library/busybox:1.36', command: [sleep, '3600'], env: [{ name: VERSION, value: '${version}' }] }`;
  return [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: { name: ${name} }`,
    'spec:',
    `  terminationGracePeriodSeconds: ${graceSeconds}`,
    '  containers:',
    ...Array.from({ length: containers }, (_, index) => one(index)),
    '',
  ].join('\n');
}
