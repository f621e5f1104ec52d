import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NOTHING, removeThingsOf, requirePodman, thingsOf, tryPodman } from './podman.ts';
import { run, start, type Ended, type ProgramOptions, type Running } from './program.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const PODPOSE = join(ROOT, 'dist', 'podpose.js');

/** What a person may have set for podpose, or the test runner for its children, and no scenario wants. */
const OF_THE_TESTER = {
  PODPOSE_PROJECT: undefined,
  PODPOSE_PROGRESS: undefined,
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
};

/** What a scenario has to work with. Everything in it is the scenario's own, and is removed at its end. */
export interface Scenario {
  /** Its name for podman: of the project, of the first pod, and the beginning of every other name. */
  readonly id: string;
  /** The folder that podpose is run in. */
  readonly directory: string;
  /** One sentence of the story. Where it fails the story ends. */
  readonly step: <T>(sentence: string, act: () => Promise<T> | T) => Promise<T>;
  /** Writes a file of the folder; gives its path. */
  readonly file: (name: string, text: string) => Promise<string>;
  /** Writes pod.yaml: a Pod by the name of the scenario with this `spec`, indented by two spaces or more. */
  readonly pod: (spec: string) => Promise<string>;
  /** Runs podpose to its end. */
  readonly podpose: (args: readonly string[], options?: ProgramOptions) => Promise<Ended>;
  /** Runs podpose, which must end with 0. */
  readonly ok: (...args: readonly string[]) => Promise<Ended>;
  /** Starts podpose; it is killed with the scenario. */
  readonly start: (args: readonly string[], options?: ProgramOptions) => Running;
  /** Starts another program likewise. */
  readonly startProgram: (program: string, args: readonly string[], options?: ProgramOptions) => Running;
  readonly after: (cleanUp: () => unknown) => void;
}

/** A story on a real podman: a test whose steps are sentences. */
export function scenario(intent: string, report: (scenario: Scenario) => Promise<void>): void {
  void test(intent, { timeout: 180_000 }, async (t) => {
    await requirePodman();
    assert.ok(existsSync(PODPOSE), 'there is no dist/podpose.js: run `npm run build`');
    await report(await begin(t));
  });
}

async function begin(t: TestContext): Promise<Scenario> {
  const id = `e2e-${Math.random().toString(36).slice(2, 8)}`;
  const parent = await mkdtemp(join(tmpdir(), 'podpose-e2e-'));
  const directory = join(parent, id);
  await mkdir(directory);
  const started: Running[] = [];
  const cleanUps: (() => unknown)[] = [];
  t.after(async () => {
    for (const program of started) program.kill('SIGKILL');
    await removeThingsOf(id);
    for (const cleanUp of cleanUps) await cleanUp();
    // Containers leave files of users that only podman's user namespace has.
    await tryPodman('unshare', 'rm', '-rf', parent);
  });

  const settings = ({ env, ...options }: ProgramOptions = {}): ProgramOptions => ({
    cwd: directory,
    ...options,
    env: { ...process.env, ...OF_THE_TESTER, ...env },
  });
  const file = async (name: string, text: string) => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };
  const startProgram: Scenario['startProgram'] = (program, args, options) => {
    const running = start(program, args, settings(options));
    started.push(running);
    return running;
  };
  const podpose: Scenario['podpose'] = (args, options) =>
    run(process.execPath, [PODPOSE, ...args], settings(options));
  return {
    id,
    directory,
    step: (sentence, act) => takeStep(t, sentence, act),
    file,
    pod: (spec) => file('pod.yaml', podText(id, spec)),
    podpose,
    ok: async (...args) => {
      const ended = await podpose(args);
      assert.equal(ended.code, 0, ended.story);
      return ended;
    },
    start: (args, options) => startProgram(process.execPath, [PODPOSE, ...args], options),
    startProgram,
    after: (cleanUp) => cleanUps.push(cleanUp),
  };
}

/** A failed subtest alone would not keep the next ones from being run. */
async function takeStep<T>(t: TestContext, sentence: string, act: () => Promise<T> | T): Promise<T> {
  let result: { readonly value: T } | undefined;
  await t.test(sentence, async () => {
    result = { value: await act() };
  });
  if (result === undefined) throw new Error(`the story ends here: ${sentence}`);
  return result.value;
}

/** A Pod with this `spec`, indented by two spaces or more. */
export function podText(name: string, spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n${spec}\n`;
}

/** Asserts that podman has nothing of the scenario. */
export async function assertNothingLeft({ id }: Scenario): Promise<void> {
  assert.deepEqual(await thingsOf(id), NOTHING);
}

/** Asserts that a run of podpose has ended with this code, and told it in a screenful without a stack trace. */
export function assertRefused(ended: Ended, code: number, ...words: readonly RegExp[]): void {
  assert.equal(ended.code, code, ended.story);
  for (const word of words) assert.match(ended.stderr, word);
  assert.doesNotMatch(ended.stderr, /^ +at .+:\d+:\d+\)?$/m, 'there is a stack trace');
  assert.ok(ended.stderr.split('\n').length <= 50, `more than a screenful:\n${ended.stderr}`);
}
