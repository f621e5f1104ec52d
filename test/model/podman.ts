import type { OnLine, ProcessEnd, ProcessRunner, StartProcess } from '../../src/platform/process.ts';
import type { Argument, Command } from '../../src/podman/operations/argument.ts';
import { inputBytes } from '../../src/podman/operations/input.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';
import { WATCHER_RECORD_LABEL } from '../../src/podman/labels.ts';
import { commandOf, retryOf } from '../../src/podman/operations/registry.ts';
import { decodeWatcherRecord, type WatcherRecord } from '../../src/podman/watcher-record.ts';
import { shellLine } from '../../src/podman/operations/shell.ts';
import { capabilitiesOf, OLDEST_PODMAN, parseVersion } from '../../src/podman/inspect/version.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Shuffle } from '../support/podman-state.ts';
import { answer, valueOf, VERSIONS } from './answers.ts';
import { effectsOf, type Effect } from './commands.ts';
import type { ModelState, Release } from './state.ts';

/** A command that has not ended. It takes effect only when the test says so. */
export interface ModelCommand {
  readonly operation: Operation;
  /** For messages. */
  readonly line: () => string;
  /** The effects that have not happened. The command ends after the last one. */
  effects: readonly Effect[];
  /** Whether an effect has happened, or has failed. */
  hasBegun: boolean;
  /** @param error podman's, where it has one */
  readonly exit: (exitCode: number, error?: string) => void;
}

/** A podman, as data, that podpose runs its commands with: it answers queries, and keeps commands for the test. */
export interface ModelPodman extends ProcessRunner {
  readonly state: () => ModelState;
  readonly setState: (state: ModelState) => void;
  /** In the order in which they were started. */
  readonly running: readonly ModelCommand[];
  /** Makes the commands of a plan known: its steps, their retries, and what undoes them. */
  readonly expect: (plan: Plan) => void;
}

export function modelPodman(start: ModelState, shuffle?: Shuffle): ModelPodman {
  let state = start;
  const known = new Map<string, PlannedCommand>();
  const running: ModelCommand[] = [];
  let steps: Plan['steps'] = [];
  const know = (operations: readonly Operation[]) => {
    for (const planned of operations.map((operation) => planCommand(operation, state.release)))
      known.set(planned.key, planned);
  };
  const begin: StartProcess = (program, args, onLine, input) => {
    const key = keyOf(program, args, input);
    // Few of the others are ever run.
    if (!known.has(key))
      know(
        steps.flatMap(({ operation, retry, undo = [] }) => [
          ...undo,
          ...(retry === undefined ? [] : [retryOf(operation, restartsIn(args))]),
        ]),
      );
    const planned = known.get(key) ?? stopCommand(args) ?? namesCommand(args);
    if (planned === undefined) throw new Error(`no step of the plan is: ${[program, ...args].join(' ')}`);
    return started(planned, running, onLine);
  };
  return {
    state: () => state,
    setState: (after) => {
      state = after;
    },
    running,
    expect: (plan) => {
      ({ steps } = plan);
      know(steps.map(({ operation }) => operation));
    },
    query: (_program, args) => answer(state, args, shuffle),
    execute: begin,
    start: begin,
    read: () => {
      throw new Error('the model has no logs');
    },
    attach: () => {
      throw new Error('the model has no terminal');
    },
  };
}

function started({ operation, command }: PlannedCommand, running: ModelCommand[], onLine: OnLine) {
  let end: (end: ProcessEnd) => void = () => undefined;
  const ended = new Promise<ProcessEnd>((resolve) => {
    end = resolve;
  });
  const finish = (how: ProcessEnd) => {
    running.splice(running.indexOf(started), 1);
    end(how);
  };
  const started: ModelCommand = {
    operation,
    line: () => lineOf(command),
    effects: effectsOf(operation, command),
    hasBegun: false,
    exit: (exitCode, error) => {
      if (error !== undefined) onLine(`Error: ${error}`, 'stderr');
      finish({ kind: 'exited', exitCode });
    },
  };
  running.push(started);
  return {
    end: ended,
    kill: (signal: string) => {
      finish({ kind: 'signalled', signal });
    },
  };
}

interface PlannedCommand {
  readonly operation: Operation;
  readonly command: Command;
  readonly key: string;
}

/** The command with which the executor itself stops an init container, in no step of a plan. */
function stopCommand(args: readonly string[]): PlannedCommand | undefined {
  const [verb, , seconds, container] = args;
  if (verb !== 'stop' || seconds === undefined || container === undefined) return undefined;
  const graceSeconds = Number(seconds);
  const containers = [container];
  return {
    operation: { kind: 'stop-containers', pod: '', containers, graceSeconds, besideOthers: false },
    command: { program: 'podman', args },
    key: keyOf('podman', args),
  };
}

/** The command that removes the names of pods after a failed start, in no step of a plan. */
function namesCommand(args: readonly string[]): PlannedCommand | undefined {
  const [verb, , , script = '', , , network = '', ...containers] = args;
  if (verb !== 'unshare' || !script.includes('aardvark')) return undefined;
  return {
    operation: { kind: 'remove-names', network, containers },
    command: { program: 'podman', args },
    key: keyOf('podman', args),
  };
}

function planCommand(operation: Operation, release: Release): PlannedCommand {
  const command = commandOf(operation, CAPABILITIES_OF[release]);
  return { operation, command, key: keyOf(command.program, command.args.map(resolved), bytesOf(command)) };
}

const capabilitiesIn = (release: Release) =>
  capabilitiesOf(parseVersion(`podman version ${VERSIONS[release]}`) ?? OLDEST_PODMAN);

const CAPABILITIES_OF = { oldest: capabilitiesIn('oldest'), newer: capabilitiesIn('newer') };

/** What tells a command from the others of a plan. */
function keyOf(program: string, args: readonly string[], input?: Uint8Array): string {
  return JSON.stringify([program, ...args, input === undefined ? '' : Buffer.from(input).toString('latin1')]);
}

function bytesOf({ input }: Command): Uint8Array | undefined {
  return input === undefined ? undefined : inputBytes(input, () => undefined);
}

/** The argument as podpose resolves it. */
function resolved(argument: Argument): string {
  return typeof argument === 'string'
    ? argument
    : `${argument.before}${valueOf(argument.ask.args)}${resolved(argument.after)}`;
}

/** Without what is in most of the commands. */
function lineOf(command: Command): string {
  return shellLine(command)
    .replaceAll(/ --label (?:'[^']*'|\S+)/g, '')
    .replaceAll(
      / --(?:http-proxy=false|(?:health-(?:cmd|interval)|exit-policy|share|stop-timeout|time) \S+)/g,
      '',
    );
}

/** What the retry of an init container records. */
function restartsIn(args: readonly string[]): WatcherRecord | undefined {
  const label = `${WATCHER_RECORD_LABEL}=`;
  return decodeWatcherRecord(args.find((word) => word.startsWith(label))?.slice(label.length) ?? '');
}
