import { abortController } from '../../src/base/abort.ts';
import { applyPlan, NO_SECRETS } from '../../src/engine/apply-project.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { definitionOf } from '../../src/podman/operations/registry.ts';
import { LABEL } from '../../src/podman/labels.ts';
import { endContainer, type Outcome } from './lifecycle.ts';
import type { ModelCommand, ModelPodman } from './podman.ts';
import type { ModelState } from './state.ts';
import { reboot } from './world.ts';

/** Chooses one of so many possibilities: a number from 0. The first is the plainest. */
export type Choose = (possibilities: number) => number;

/** What goes wrong while a plan is applied; `at` counts the effects of the commands. */
export type Trouble =
  | { readonly kind: 'none' }
  /** A command fails. `isLasting`: where it is an init container that fails, each retry fails, too. */
  | { readonly kind: 'command fails'; readonly at: number; readonly isLasting: boolean }
  /** podpose is killed. The podman commands that it had started go on, or are killed with it. */
  | { readonly kind: 'podpose is killed'; readonly at: number; readonly commandsGoOn: boolean }
  | { readonly kind: 'power is cut'; readonly at: number };

/** Checks each change of the state, and returns what is wrong with it. */
export type Watch = (before: ModelState, after: ModelState) => readonly string[];

export interface Journey {
  readonly state: ModelState;
  /** Errors of podman, and failed steps, besides the trouble that was asked for. */
  readonly failures: readonly string[];
  /** What the watch returned. */
  readonly complaints: readonly string[];
  /** All effects in their order, as text on demand. */
  readonly log: readonly (() => string)[];
}

/** podpose and the podman of the model that it runs. */
export interface Machine {
  readonly engine: Engine;
  readonly podman: ModelPodman;
}

/** How long a failing init container is retried: three attempts. In milliseconds. */
const RETRY_UNTIL = 60_000;

/**
 * Has the engine apply a plan. Of the commands that run at the same time, `choose` selects the one whose next effect
 * happens: so the steps run in any order that the executor allows. App containers that may complete do so whenever that
 * is chosen.
 */
export async function carryOut(
  { engine, podman }: Machine,
  plan: Plan,
  choose: Choose,
  watch: Watch,
  trouble: Trouble,
): Promise<Journey> {
  let effectsSoFar = 0;
  let failing: string | undefined;
  const failures: string[] = [];
  const complaints: string[] = [];
  const log: (() => string)[] = [];
  const journey = () => ({ state: podman.state(), failures, complaints, log });

  const move = (after: ModelState, what: () => string) => {
    const before = podman.state();
    const next = { ...after, now: after.now + 1 };
    log.push(what);
    complaints.push(...watch(before, next).map((complaint) => `${complaint}, on: ${what()}`));
    podman.setState(next);
  };
  /** Lets the next effect of a command happen, or fail. */
  const advance = (command: ModelCommand, isWrong: boolean) => {
    const [effect, ...rest] = command.effects;
    if (effect === undefined) throw new Error(`nothing is left to do of: ${command.line()}`);
    command.hasBegun = true;
    const { failContainer } = effect;
    if (isWrong && failContainer !== undefined) {
      move(failContainer(podman.state()), () => `${command.line()}: ends with exit code 1`);
      command.exit(1);
      return;
    }
    const outcome: Outcome = isWrong
      ? { state: podman.state(), failure: 'as asked for' }
      : effect.happen(podman.state());
    const { failure } = outcome;
    move(outcome.state, () => lineOf(command, rest.length, failure));
    command.effects = rest;
    if (failure !== undefined && !isWrong) failures.push(failure);
    if (failure !== undefined) command.exit(125, failure);
    else if (rest.length === 0) command.exit(0);
  };
  /** The commands that podpose had started, without podpose. Some of them may just have been about to start. */
  const goOn = () => {
    for (const command of [...podman.running])
      if (command.hasBegun || choose(2) === 1)
        while (podman.running.includes(command)) advance(command, false);
  };

  podman.expect(plan);
  const run = { isOver: false };
  const [stop, kill] = [abortController(), abortController()];
  const control = { stop: stop.signal, kill: kill.signal, release: () => undefined };
  const applied = applyPlan(engine, plan, { control, retryUntil: RETRY_UNTIL }, NO_SECRETS).finally(() => {
    run.isOver = true;
  });
  for (;;) {
    await quiescence();
    if (run.isOver) break;
    const count = podman.running.length;
    while (podman.running.length === count) {
      const completing = mayComplete(podman.state());
      const chosen = choose(count + completing.length);
      const completed = completing[chosen - count];
      if (completed !== undefined) {
        move(endContainer(podman.state(), completed, 0), () => `(${completed} completes)`);
        continue;
      }
      const command = podman.running[chosen];
      if (command === undefined) throw new Error('podpose waits for nothing');
      command.hasBegun = true;
      const isTrouble = trouble.kind !== 'none' && trouble.at === effectsSoFar;
      effectsSoFar++;
      if (isTrouble && trouble.kind !== 'command fails') {
        log.push(() => `(${trouble.kind})`);
        if (trouble.kind === 'power is cut') podman.setState(reboot(podman.state()));
        else if (trouble.commandsGoOn) goOn();
        return journey();
      }
      const name = definitionOf(command.operation).describe(command.operation);
      if (isTrouble && trouble.kind === 'command fails' && trouble.isLasting) failing = name;
      const failsAgain = failing === name && command.effects[0]?.failContainer !== undefined;
      advance(command, isTrouble || failsAgain);
    }
  }
  const outcome = await applied;
  if (!outcome.ok) throw new Error(outcome.error.diagnostics.map(({ message }) => message).join('\n'));
  if (trouble.kind === 'none')
    failures.push(...outcome.value.failed.map(({ step }) => `${step.id} has failed`));
  return journey();
}

/**
 * Resolves when podpose waits for podman, or is done: when no promise is left that could go on. Node runs what `nextTick` is
 * given once all of them have (https://nodejs.org/docs/latest-v20.x/api/process.html#when-to-use-queuemicrotask-vs-processnexttick).
 */
async function quiescence(): Promise<void> {
  await new Promise((resolve) => {
    process.nextTick(resolve);
  });
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

function lineOf(command: ModelCommand, left: number, failure: string | undefined): string {
  const words = `${command.line()}${left > 0 ? ` (${left} more to go)` : ''}`;
  return failure === undefined ? words : `${words}: FAILS: ${failure}`;
}
