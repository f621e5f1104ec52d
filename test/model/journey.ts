import { LABEL } from '../../src/podman/labels.ts';
import { shellLine } from '../../src/podman/operations/shell.ts';
import { commandOf, retryOf } from '../../src/podman/operations/registry.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import { CAPABILITIES, effectsOf, type Effect } from './commands.ts';
import { endContainer } from './lifecycle.ts';
import type { ModelState } from './state.ts';
import { reboot } from './world.ts';

/** Chooses one of so many possibilities: a number from 0. The first is the plainest. */
export type Choose = (possibilities: number) => number;

/** What goes wrong while a plan is carried out; `at` counts what the commands do, one after another. */
export type Trouble =
  | { readonly kind: 'none' }
  /** A command fails. `isLasting` when what is tried again fails again. */
  | { readonly kind: 'command fails'; readonly at: number; readonly isLasting: boolean }
  /** podpose is killed. The podman commands that it had started go on by themselves, or are killed with it. */
  | { readonly kind: 'podpose is killed'; readonly at: number; readonly commandsGoOn: boolean }
  | { readonly kind: 'power is cut'; readonly at: number };

/** Looks at each change of the state, and says what is wrong with it. */
export type Watch = (before: ModelState, after: ModelState) => readonly string[];

export interface Journey {
  readonly state: ModelState;
  /** What podman complained about, besides the trouble that was asked for. */
  readonly failures: readonly string[];
  /** What the watch said. */
  readonly complaints: readonly string[];
  /** All that was done, for messages, told only when it is asked for. */
  readonly log: readonly (() => string)[];
}

interface RunningStep {
  readonly step: Step;
  effects: readonly Effect[];
  isUndoing: boolean;
}

/**
 * Carries a plan out in one of the orders that its steps allow, side by side where they may run side by side, as
 * podpose's executor does: a step that fails takes those that need it with it, and what it says brings back what
 * was there. Containers that may complete do so whenever that is chosen.
 */
export function carryOut(
  start: ModelState,
  plan: Plan,
  choose: Choose,
  watch: Watch,
  trouble: Trouble,
): Journey {
  let state = start;
  let effectsSoFar = 0;
  const failures: string[] = [];
  const complaints: string[] = [];
  const log: (() => string)[] = [];
  const done = new Set<string>();
  const lost = new Set<string>();
  const waiting = new Map(plan.steps.map((step) => [step.id, step]));
  const running: RunningStep[] = [];

  const move = (after: ModelState, what: () => string) => {
    const next = { ...after, now: after.now + 1 };
    log.push(what);
    complaints.push(...watch(state, next).map((complaint) => `${complaint}, on: ${what()}`));
    state = next;
  };
  const finish = (current: RunningStep, isLost: boolean) => {
    running.splice(running.indexOf(current), 1);
    (isLost ? lost : done).add(current.step.id);
    const { undoUnless } = current.step;
    if (!isLost && undoUnless !== undefined && lost.has(undoUnless)) takeBack(current.step);
  };
  const takeBack = (step: Step) => {
    const effects = (step.undo ?? []).flatMap(effectsOf);
    if (effects.length > 0) running.push({ step, effects, isUndoing: true });
  };
  const advance = (current: RunningStep, isWrong: boolean) => {
    const [effect, ...rest] = current.effects;
    if (effect === undefined) return;
    const { goWrong } = effect;
    const outcome = isWrong
      ? { state, ...(goWrong?.(state) ?? {}), failure: 'as asked for' }
      : effect.happen(state);
    const { isUndoing, effects } = current;
    move(outcome.state, () => lineOf(current.step, effects.length, isUndoing, outcome.failure));
    const { step } = current;
    if (outcome.failure === undefined || current.isUndoing) current.effects = rest;
    else if (isWrong && step.retry !== undefined && trouble.kind === 'command fails' && !trouble.isLasting)
      current.effects = effectsOf(retryOf(step.operation));
    else {
      if (!isWrong) failures.push(`${step.id}: ${outcome.failure}`);
      current.isUndoing = true;
      current.effects = (step.undo ?? []).flatMap(effectsOf);
    }
    if (current.effects.length === 0) finish(current, current.isUndoing);
  };

  for (;;) {
    for (const step of waiting.values())
      if (step.needs.some((id) => lost.has(id))) {
        waiting.delete(step.id);
        lost.add(step.id);
        plan.steps.filter(({ id, undoUnless }) => undoUnless === step.id && done.has(id)).forEach(takeBack);
      }
    const ready = [...waiting.values()].filter((step) => step.needs.every((id) => done.has(id)));
    if (running.length + ready.length === 0) break;
    const completing = mayComplete(state);
    const chosen = choose(running.length + ready.length + completing.length);
    const begun = ready[chosen - running.length];
    const completed = completing[chosen - running.length - ready.length];
    if (completed !== undefined) {
      move(endContainer(state, completed, 0), () => `(${completed} completes)`);
      continue;
    }
    if (begun !== undefined) {
      waiting.delete(begun.id);
      running.push({ step: begun, effects: effectsOf(begun.operation), isUndoing: false });
    }
    const current = begun === undefined ? running[chosen] : running.at(-1);
    if (current === undefined) throw new Error('a choice that there is not');
    const isTrouble = trouble.kind !== 'none' && trouble.at === effectsSoFar && !current.isUndoing;
    effectsSoFar += current.isUndoing ? 0 : 1;
    if (isTrouble && trouble.kind === 'podpose is killed') {
      log.push(() => `(${trouble.kind})`);
      if (trouble.commandsGoOn)
        for (const { step, effects } of running)
          for (const { happen } of effects) {
            const { state: after, failure } = happen(state);
            move(after, () => lineOf(step, 1, false, failure));
            if (failure !== undefined) break;
          }
      break;
    }
    if (isTrouble && trouble.kind === 'power is cut') {
      log.push(() => `(${trouble.kind})`);
      state = reboot(state);
      break;
    }
    advance(current, isTrouble);
  }
  return { state, failures, complaints, log };
}

/** App containers that run, and that podman does not start again when they have done their work. */
function mayComplete({ containers }: ModelState): readonly string[] {
  return Object.entries(containers)
    .filter(
      ([, { state, restartPolicy, labels }]) =>
        state === 'running' && restartPolicy !== 'always' && labels[LABEL.role] === 'container',
    )
    .map(([name]) => name)
    .sort();
}

function lineOf(step: Step, effects: number, isUndoing: boolean, failure: string | undefined): string {
  const command = shellLine(commandOf(step.operation, CAPABILITIES))
    .replaceAll(/ --label (?:'[^']*'|\S+)/g, '')
    .replaceAll(
      / --(?:http-proxy=false|(?:health-(?:cmd|interval)|exit-policy|share|stop-timeout|time) \S+)/g,
      '',
    );
  const words = isUndoing ? `(undo of ${step.id})` : `${command}${effects > 1 ? ` (${effects} to go)` : ''}`;
  return failure === undefined ? words : `${words}: FAILS: ${failure}`;
}
