// The edge to the process: arguments in, output and exit code out. What is in between is the model's.
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { mutates, runCommand } from './commands.ts';
import { advance } from './lifecycle.ts';
import type { Model, Moment, Rule, StopSignal } from './model.ts';
import { rulesFor } from './rules.ts';
import { emptyState } from './state.ts';
import { appendToLog, readSettings, withState } from './store.ts';

/** How long to wait before looking again whether what is waited for has happened, in milliseconds. */
const LOOK_EVERY = 15;

async function main(directory: string, argv: readonly string[]): Promise<number> {
  if (process.env['FAKE_PODMAN_BY_HAND'] !== undefined) return play(directory, argv, []);
  const isMutating = mutates(argv);
  const { rules = [] } = readSettings(directory);
  const connection = process.env['CONTAINER_CONNECTION'];
  appendToLog(directory, {
    pid: process.pid,
    at: Date.now(),
    argv,
    mutates: isMutating,
    ...(connection === undefined ? {} : { connection }),
  });
  const fitting =
    rules.length === 0 ? [] : withState(directory, (state) => rulesFor(rules, state.rules, argv, isMutating));
  const exitCode = await play(directory, argv, fitting);
  appendToLog(directory, { pid: process.pid, end: Date.now(), exitCode });
  return exitCode;
}

async function play(directory: string, argv: readonly string[], rules: readonly Rule[]): Promise<number> {
  const signals: StopSignal[] = [];
  const model: Model = {
    state: emptyState(),
    settings: readSettings(directory),
    directory,
    now: () => Date.now(),
    out: (text) => {
      write(1, text);
    },
    err: (text) => {
      write(2, text);
    },
    takeSignals: () => signals.splice(0),
  };
  const ended = await obey(rules, 'before');
  if (ended !== undefined) return ended;
  const running = runCommand(model, argv);
  for (;;) {
    const step = withState(directory, (state) => {
      model.state = state;
      advance(model);
      return running.next();
    });
    if (step.done === true) return (await obey(rules, 'after')) ?? step.value;
    if (step.value === undefined) await sleep(LOOK_EVERY);
    else {
      const ended = await obey(rules, step.value.moment);
      if (ended !== undefined) return ended;
      // podman passes signals on to a container that it is attached to; what is not attached ends before any comes.
      if (step.value.moment === 'started')
        for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => signals.push('TERM'));
    }
  }
}

/** Does what the test has asked for at this point of the command. Gives an exit code where it ends here. */
async function obey(rules: readonly Rule[], moment: Moment): Promise<number | undefined> {
  for (const rule of rules.filter(({ when = 'before' }) => when === moment)) {
    if (rule.delayMs !== undefined) await sleep(rule.delayMs);
    if (rule.stdout !== undefined) write(1, rule.stdout);
    if (rule.stderr !== undefined) write(2, rule.stderr);
    if (rule.killParent === true) {
      process.kill(callerOf(process.ppid), 'SIGKILL');
      // As if it had been killed just before it came to this command.
      if (moment === 'before') return 137;
    }
    if (rule.exitCode !== undefined) return rule.exitCode;
  }
  return undefined;
}

/** Who has called podman, perhaps through a shell that only connects it with something to read. */
function callerOf(parent: number): number {
  const [, name, above] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
  return name === 'sh' || name === 'dash' ? Number(above) : parent;
}

/** At once: whoever is killed next has printed it. */
function write(file: number, text: string): void {
  try {
    writeSync(file, text);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
    process.exit(1);
  }
}

const directory = process.env['FAKE_PODMAN_DIR'];
if (directory === undefined)
  throw new Error('this podman is played for tests: FAKE_PODMAN_DIR names its folder');
void main(directory, process.argv.slice(2)).then((exitCode) => {
  process.exit(exitCode);
});
