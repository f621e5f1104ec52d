import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { build } from 'esbuild';
import { run, start, type Ended, type ProgramOptions, type Running } from '../e2e/support/program.ts';
import { buildOnce, COMMON } from '../fake-podman/build.ts';
import { fakePodman, type FakePodman } from '../fake-podman/control.ts';
import type { Settings } from '../fake-podman/model.ts';

export type { Ended, Running };

/** For the tests of one file: they wait more than they compute. */
export const SIDE_BY_SIDE = { concurrency: 4 } as const;

const ROOT = join(import.meta.dirname, '../..');

/** What a test of the command line has: a folder of its own, a podman of its own, and podpose. */
export interface Desk {
  /** The folder that podpose is run in. */
  readonly directory: string;
  /** The name of that folder, and so of the project: two podposes at work on one project wait for one another. */
  readonly project: string;
  readonly fake: FakePodman;
  /** podpose itself, for node. */
  readonly program: string;
  /** Writes a file of the folder, and the folders that it is in. */
  readonly file: (name: string, text: string | Uint8Array) => string;
  /** Runs podpose to its end. */
  readonly podpose: (...args: readonly string[]) => Promise<Ended>;
  readonly run: (args: readonly string[], options?: ProgramOptions) => Promise<Ended>;
  /** Starts podpose; it is killed at the end of the test if it has not ended by then. */
  readonly start: (args: readonly string[], options?: ProgramOptions) => Running;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A test of podpose as a person starts it: a process, with a podman that is played.
 * @param settings what that podman does
 */
export function story(
  name: string,
  settings: Settings,
  report: (desk: Desk, t: TestContext) => Promise<void>,
  timeout = 180_000,
): void {
  void test(name, { timeout }, async (t) => {
    await report(await layDesk(t, settings), t);
  });
}

async function layDesk(t: TestContext, settings: Settings): Promise<Desk> {
  const [program, fake] = await Promise.all([buildPodpose(), fakePodman(settings)]);
  const parent = mkdtempSync(join(tmpdir(), 'podpose-cli-'));
  const project = `desk-${Math.random().toString(36).slice(2, 10)}`;
  const directory = join(parent, project);
  mkdirSync(directory);
  // As of a login: podman can be a service there.
  const runtime = join(parent, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const started: Running[] = [];
  t.after(async () => {
    for (const running of started) running.kill('SIGKILL');
    await Promise.all(started.map(({ end }) => end));
    fake.remove();
    rmSync(parent, { recursive: true, force: true });
  });
  const env = {
    ...fake.env,
    PATH: `${fake.bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: directory,
    XDG_RUNTIME_DIR: runtime,
    LANG: 'C.UTF-8',
    // The fake podman restarts containers itself, and has no events.
    PODPOSE_WATCH: 'off',
  };
  const settle = (options: ProgramOptions = {}): ProgramOptions => ({
    cwd: directory,
    ...options,
    env: { ...env, ...options.env },
  });
  const runIn: Desk['run'] = (args, options) => run(process.execPath, [program, ...args], settle(options));
  return {
    directory,
    project,
    fake,
    program,
    env,
    file: (name, text) => {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    podpose: (...args) => runIn(args),
    run: runIn,
    start: (args, options) => {
      const running = start(process.execPath, [program, ...args], settle({ input: '', ...options }));
      started.push(running);
      return running;
    },
  };
}

/** Bundles podpose from its sources as they are now; gives the program. */
async function buildPodpose(): Promise<string> {
  const src = join(ROOT, 'src');
  const directory = await buildOnce('podpose', [src], async (outdir) => {
    await build({
      ...COMMON,
      entryPoints: { podpose: join(src, 'bin.ts') },
      outdir,
      splitting: true,
      format: 'esm',
      define: { PODPOSE_VERSION: JSON.stringify('0.0.0-test') },
      // Some dependencies are CommonJS and call require() for node's own modules.
      banner: {
        js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
      },
    });
    writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
  });
  return join(directory, 'podpose.js');
}

/** A Pod with this spec, which is indented by two spaces. */
export function pod(name: string, spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n${spec}\n`;
}

/** An image that is there from the beginning, where the settings of a test say so. */
export const IMAGE = 'docker.io/library/app:1';

/** A Pod with two init containers and two containers. Its podman has the image, unless told otherwise. */
export const WEB = pod(
  'web',
  `  initContainers:
  - {name: first, image: '${IMAGE}'}
  - {name: second, image: '${IMAGE}'}
  containers:
  - {name: app, image: '${IMAGE}'}
  - {name: side, image: '${IMAGE}'}`,
);

/** A Pod with one init container and one container. */
export const APP = pod(
  'app',
  `  initContainers: [{name: setup, image: '${IMAGE}'}]\n  containers: [{name: main, image: '${IMAGE}'}]`,
);

export const HAS_IMAGE: Settings = { images: [IMAGE] };

/** The commands that change something, without what is always the same: labels, and all behind the image. */
export function shortChanges(fake: FakePodman): readonly string[] {
  return fake
    .commands()
    .filter(({ mutates }) => mutates)
    .map(({ args }) =>
      args
        .filter((arg, index) => arg !== '--label' && args[index - 1] !== '--label')
        .join(' ')
        .replace(/ --stop-timeout \d+ --health-cmd none --health-interval disable/, ''),
    );
}

/** Asserts how podpose ended. What it printed is part of the message. */
export function assertEnded(ended: Ended, code: number, ...words: readonly (string | RegExp)[]): void {
  assert.equal(ended.code, code, ended.story);
  for (const word of words)
    if (typeof word === 'string') assert.ok(ended.stderr.includes(word), `no '${word}' in: ${ended.story}`);
    else assert.match(ended.stderr, word);
}

/** Asserts that podpose refused something: with this code, in less than a screenful, and not by falling over. */
export function assertRefused(ended: Ended, code: number, ...words: readonly (string | RegExp)[]): void {
  assertEnded(ended, code, ...words);
  assert.doesNotMatch(ended.stderr, /^ +at .+:\d+:\d+\)?$/m, 'there is a stack trace');
  assert.doesNotMatch(ended.stderr, /bug in podpose/);
  assert.ok(ended.stderr.split('\n').length <= 40, `more than a screenful: ${ended.stderr}`);
  assert.equal(ended.stdout, '');
}

/** Waits until something is there, and gives it. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited for too long: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
