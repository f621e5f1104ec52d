// The process entry: arguments in, output and exit code out. The model does the rest.
import { readFileSync, writeSync } from 'node:fs';
import { mutates, runCommand } from './commands.ts';
import { connectionOf } from './connection.ts';
import type { Rule } from './model.ts';
import { play, type Play } from './play.ts';
import { rulesFor } from './rules.ts';
import { appendToLog, readSettings, withState } from './store.ts';

async function main(directory: string, given: readonly string[]): Promise<number> {
  const { argv, ...connection } = connectionOf(
    given,
    process.env['CONTAINER_CONNECTION'],
    readSettings(directory),
  );
  const words = argv[0] === '--max-workers' ? argv.slice(2) : argv;
  if (words[0] === 'system' && words[1] === 'service') {
    const { serve } = await import('./service.ts');
    return serve(directory, words, edge(directory, fitting(directory, words, false)));
  }
  if (process.env['FAKE_PODMAN_BY_HAND'] !== undefined) return playCommand(directory, argv, []);
  const isMutating = mutates(argv);
  appendToLog(directory, {
    pid: process.pid,
    at: Date.now(),
    argv,
    mutates: isMutating,
    ...(connection.name === undefined ? {} : { connection: connection.name }),
  });
  const exitCode =
    connection.fault === undefined
      ? await playCommand(directory, argv, fitting(directory, argv, isMutating))
      : refuse(connection.fault);
  appendToLog(directory, { pid: process.pid, end: Date.now(), exitCode });
  return exitCode;
}

function refuse(message: string): number {
  write(2, message);
  return 125;
}

function fitting(directory: string, argv: readonly string[], isMutating: boolean): readonly Rule[] {
  const { rules = [] } = readSettings(directory);
  return rules.length === 0
    ? []
    : withState(directory, (state) => rulesFor(rules, state.rules, argv, isMutating));
}

async function playCommand(
  directory: string,
  argv: readonly string[],
  rules: readonly Rule[],
): Promise<number> {
  const { result } = await play({
    ...edge(directory, rules),
    begin: (model) => runCommand(model, argv),
    // podman forwards signals to an attached container; a process that is not attached ends before.
    onAttached: (signals) => {
      for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => signals.push('TERM'));
    },
  });
  return result;
}

function edge(directory: string, rules: readonly Rule[]): Omit<Play, 'begin'> {
  return {
    directory,
    rules,
    out: (text) => {
      write(1, text);
    },
    err: (text) => {
      write(2, text);
    },
    killCaller: () => {
      process.kill(callerOf(process.ppid), 'SIGKILL');
    },
  };
}

/** The caller of podman, possibly through a shell that only provides standard input. */
function callerOf(parent: number): number {
  const [, name, above] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
  return name === 'sh' || name === 'dash' ? Number(above) : parent;
}

/** Synchronously: a process that is killed next has printed it. */
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
  throw new Error('this is a fake podman for tests: set FAKE_PODMAN_DIR to its state directory');
void main(directory, process.argv.slice(2)).then((exitCode) => {
  process.exit(exitCode);
});
