import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockDirectoryPath } from '../../../src/platform/node/lock-directory.ts';
import { NOTHING, removeThingsOf, requirePodman, thingsOf, tryPodman } from './podman.ts';
import { run, start, type Ended, type ProgramOptions, type Running } from './program.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const PODPOSE = join(ROOT, 'dist', 'podpose.js');

/** Variables that a user or the test runner may set, and that would affect a scenario. */
const OF_THE_TESTER = {
  PODPOSE_PROJECT: undefined,
  PODPOSE_PROGRESS: undefined,
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
};

/** The tools of a scenario. All objects belong to the scenario and are removed at its end. */
export interface Scenario {
  /** Its ID: the name of the project and the first pod, and the prefix of all other names. */
  readonly id: string;
  /** The working directory of podpose. */
  readonly directory: string;
  /** A step with one sentence. The scenario ends at the first failure. */
  readonly step: <T>(sentence: string, act: () => Promise<T> | T) => Promise<T>;
  /** Variables of podpose and other programs of the scenario, besides those of the test. */
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file in the directory and returns its path. */
  readonly file: (name: string, text: string) => Promise<string>;
  /** Writes pod.yaml: a Pod with the name of the scenario and this `spec`, indented by at least two spaces. */
  readonly pod: (spec: string) => Promise<string>;
  /** Runs podpose to its end. */
  readonly podpose: (args: readonly string[], options?: ProgramOptions) => Promise<Ended>;
  /** Runs podpose, which must exit with 0. */
  readonly ok: (...args: readonly string[]) => Promise<Ended>;
  /** Starts podpose, which is killed at the end of the scenario. */
  readonly start: (args: readonly string[], options?: ProgramOptions) => Running;
  /** Starts another program in the same way. */
  readonly startProgram: (program: string, args: readonly string[], options?: ProgramOptions) => Running;
  readonly after: (cleanUp: () => unknown) => void;
}

/** A scenario on a real podman: a test with sentences as steps, and with a time limit in seconds. */
export function scenario(intent: string, report: (scenario: Scenario) => Promise<void>, limit = 300): void {
  void test(intent, { timeout: limit * 1000 }, async (t) => {
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
    // Containers leave files of users that exist only in podman's user namespace.
    await tryPodman('unshare', 'rm', '-rf', parent);
  });

  const ofScenario: NodeJS.ProcessEnv = {};
  const settings = ({ env, ...options }: ProgramOptions = {}): ProgramOptions => ({
    cwd: directory,
    ...options,
    env: { ...process.env, ...OF_THE_TESTER, ...ofScenario, ...env },
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
    env: ofScenario,
    step: (sentence, act) => takeStep(t, id, sentence, act),
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

/** A failed subtest alone would not prevent the next steps. */
async function takeStep<T>(
  t: TestContext,
  id: string,
  sentence: string,
  act: () => Promise<T> | T,
): Promise<T> {
  let result: { readonly value: T } | undefined;
  await t.test(sentence, async (step) => {
    try {
      result = { value: await act() };
    } catch (error) {
      step.diagnostic(await stateOf(id));
      throw error;
    }
  });
  if (result === undefined) throw new Error(`the story ends here: ${sentence}`);
  return result.value;
}

/** What a failed step is explained with: the containers of the scenario, and the last lines of its watcher. */
async function stateOf(id: string): Promise<string> {
  const format = '{{.Names}} {{.Status}}';
  const containers = await tryPodman('ps', '--all', '--filter', `name=^${id}`, '--format', format);
  const log = await readFile(join(lockDirectoryPath(process.env), `${id}.watcher.log`), 'utf8').catch(
    () => 'no log of a watcher',
  );
  return [containers.stdout, containers.stderr, ...log.split('\n').slice(-20)].join('\n');
}

/** A Pod with this `spec`, indented by at least two spaces. */
export function podText(name: string, spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n${spec}\n`;
}

/** Asserts that podman has no object of the scenario. */
export async function assertNothingLeft({ id }: Scenario): Promise<void> {
  assert.deepEqual(await thingsOf(id), NOTHING);
}

/** Asserts that podpose exited with this code, with a message of at most a screen and without a stack trace. */
export function assertRefused(ended: Ended, code: number, ...words: readonly RegExp[]): void {
  assert.equal(ended.code, code, ended.story);
  for (const word of words) assert.match(ended.stderr, word);
  assert.doesNotMatch(ended.stderr, /^ +at .+:\d+:\d+\)?$/m, 'there is a stack trace');
  assert.ok(ended.stderr.split('\n').length <= 50, `more than a screenful:\n${ended.stderr}`);
}
