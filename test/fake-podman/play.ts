// Runs one command or request, in a directory that others change as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { advance } from './lifecycle.ts';
import type { Model, Moment, Rule, Running, StopSignal } from './model.ts';
import { emptyState } from './state.ts';
import { readSettings, withState } from './store.ts';

/** The interval between checks of whether the awaited event has happened, in milliseconds. */
const LOOK_EVERY = 15;

export interface Play {
  readonly directory: string;
  readonly rules: readonly Rule[];
  readonly begin: (model: Model) => Running;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Kills the caller. */
  readonly killCaller: () => void;
  /** From now on, an attached container receives the signals of this process. */
  readonly onAttached?: (signals: StopSignal[]) => void;
}

/** How it ended: with its own result, or as a rule says. */
export interface Played {
  readonly result: number;
  readonly rule?: Rule;
}

export async function play(given: Play): Promise<Played> {
  const { directory } = given;
  const signals: StopSignal[] = [];
  const model: Model = {
    state: emptyState(),
    settings: readSettings(directory),
    directory,
    now: () => Date.now(),
    out: given.out,
    err: given.err,
    takeSignals: () => signals.splice(0),
  };
  const ended = await obey(given, 'before');
  if (ended !== undefined) return ended;
  const running = given.begin(model);
  for (;;) {
    const step = withState(directory, (state) => {
      model.state = state;
      advance(model);
      return running.next();
    });
    if (step.done === true) return (await obey(given, 'after')) ?? { result: step.value };
    if (step.value === undefined) await sleep(LOOK_EVERY);
    else {
      const ended = await obey(given, step.value.moment);
      if (ended !== undefined) return ended;
      if (step.value.moment === 'started') given.onAttached?.(signals);
    }
  }
}

/** Applies the rules at this point. Returns the result if the command ends here. */
export async function obey(
  { rules, out, err, killCaller }: Pick<Play, 'rules' | 'out' | 'err' | 'killCaller'>,
  moment: Moment,
): Promise<Played | undefined> {
  for (const rule of rules.filter(({ when = 'before' }) => when === moment)) {
    if (rule.delayMs !== undefined) await sleep(rule.delayMs);
    if (rule.stdout !== undefined) out(rule.stdout);
    if (rule.stderr !== undefined) err(rule.stderr);
    if (rule.killParent === true) {
      killCaller();
      // As if it had been killed just before this command.
      if (moment === 'before') return { result: 137, rule };
    }
    if (rule.breaks !== undefined || rule.exitCode !== undefined) return { result: rule.exitCode ?? 1, rule };
  }
  return undefined;
}
