import type { Outcome } from '../../src/apply/events.ts';
import { abortController } from '../../src/base/abort.ts';
import { applyPlan, NO_SECRETS } from '../../src/engine/apply-project.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import { definitionOf } from '../../src/podman/operations/registry.ts';
import { LABEL } from '../../src/podman/labels.ts';
import { containerName } from '../../src/podman/names.ts';
import { endContainer, failed, type Outcome as EffectOutcome } from './lifecycle.ts';
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
  /** Ctrl-C: podpose stops what may run for long, skips the other steps, and undoes what prepared them. */
  | { readonly kind: 'podpose is interrupted'; readonly at: number }
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

/** A plan that is being applied. */
interface Run {
  readonly podman: ModelPodman;
  readonly choose: Choose;
  readonly watch: Watch;
  readonly trouble: Trouble;
  readonly stop: AbortController;
  readonly failures: string[];
  readonly complaints: string[];
  readonly log: (() => string)[];
  effectsSoFar: number;
  /** The init container that fails each time, as a description of its command. */
  failing?: string;
}

/** How long a failing init container is retried: three attempts. In milliseconds. */
const RETRY_UNTIL = 20_000;

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
  const [stop, kill] = [abortController(), abortController()];
  const so = { failures: [], complaints: [], log: [], effectsSoFar: 0 };
  const run: Run = { podman, choose, watch, trouble, stop, ...so };
  podman.expect(plan);
  const applying = { isOver: false };
  const control = { stop: stop.signal, kill: kill.signal, release: () => undefined };
  const applied = applyPlan(engine, plan, { control, retryUntil: RETRY_UNTIL }, NO_SECRETS).finally(() => {
    applying.isOver = true;
  });
  for (;;) {
    await quiescence();
    if (applying.isOver) break;
    if (!proceed(run)) return journeyOf(run);
  }
  const outcome = await applied;
  if (!outcome.ok) throw new Error(outcome.error.diagnostics.map(({ message }) => message).join('\n'));
  run.complaints.push(...notBroughtBack(plan, outcome.value, podman.state()));
  if (trouble.kind === 'none')
    run.failures.push(...outcome.value.failed.map(({ step }) => `${step.id} has failed`));
  return journeyOf(run);
}

/** Containers that were stopped for a replacement, and do not run again although that did not succeed. */
function notBroughtBack(
  { steps }: Plan,
  { succeeded, failed: failures, skipped }: Outcome,
  { containers }: ModelState,
): readonly string[] {
  const ids = (some: readonly Step[]) => new Set(some.map(({ id }) => id));
  const [done, lost] = [ids(succeeded), ids([...failures.map(({ step }) => step), ...skipped])];
  const hasFailed = ids(failures.map(({ step }) => step));
  const undone = steps.filter(
    ({ id, undoUnless = '' }) => hasFailed.has(id) || (done.has(id) && lost.has(undoUnless)),
  );
  return undone
    .flatMap(({ undo = [] }) => undo)
    .flatMap((operation) => {
      if (operation.kind !== 'start-container') return [];
      const name = containerName({ name: operation.pod }, { name: operation.container });
      const container = containers[name];
      const hasCompleted = container?.state === 'exited' && container.exitCode === 0;
      return container?.state === 'running' || hasCompleted
        ? []
        : [`${name} was stopped for its replacement, and does not run again`];
    });
}

function journeyOf({ podman, failures, complaints, log }: Run): Journey {
  return { state: podman.state(), failures, complaints, log };
}

/**
 * Resolves when podpose waits for podman, or is done: when no promise is left that could go on. Only then Node calls
 * what `nextTick` is given (https://nodejs.org/docs/latest-v20.x/api/process.html, queueMicrotask vs. process.nextTick).
 */
async function quiescence(): Promise<void> {
  await new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

/** Effects happen until a command ends. False where podpose is killed. */
function proceed(run: Run): boolean {
  const { podman, choose, trouble } = run;
  const count = podman.running.length;
  if (count === 0) throw new Error('podpose waits for nothing');
  while (podman.running.length === count) {
    const completing = mayComplete(podman.state());
    const chosen = choose(count + completing.length);
    const completed = completing[chosen - count];
    const command = podman.running[chosen];
    if (completed !== undefined)
      move(run, endContainer(podman.state(), completed, 0), () => `(${completed} completes)`);
    if (command === undefined) continue;
    command.hasBegun = true;
    const isTrouble = trouble.kind !== 'none' && trouble.at === run.effectsSoFar;
    run.effectsSoFar++;
    if (isTrouble && trouble.kind !== 'command fails') return endPodpose(run, trouble);
    advance(run, command, isTrouble);
  }
  return true;
}

/** The next effect of a command happens, or fails. */
function advance(run: Run, command: ModelCommand, isTrouble: boolean): void {
  const { podman, trouble, failures } = run;
  const [effect, ...rest] = command.effects;
  if (effect === undefined) throw new Error(`no effect is left of: ${command.line()}`);
  const { failContainer } = effect;
  if (failContainer !== undefined) {
    const name = definitionOf(command.operation).describe(command.operation);
    if (isTrouble && trouble.kind === 'command fails' && trouble.isLasting) run.failing = name;
    if (isTrouble || run.failing === name) {
      move(run, failContainer(podman.state()), () => `${command.line()}: ends with exit code 1`);
      command.exit(1);
      return;
    }
  }
  const { state, failure, exitCode }: EffectOutcome = isTrouble
    ? failed(podman.state(), 'as asked for')
    : effect.happen(podman.state());
  move(run, state, () => lineOf(command, rest.length, failure));
  command.effects = rest;
  if (failure !== undefined && !isTrouble) failures.push(failure);
  if (exitCode !== undefined) command.exit(exitCode);
  else if (failure !== undefined) command.exit(125, failure);
  else if (rest.length === 0) command.exit(0);
}

/** Whether podpose goes on, to end in good order. */
function endPodpose(
  run: Run,
  trouble: Exclude<Trouble, { readonly kind: 'none' | 'command fails' }>,
): boolean {
  const { podman, stop, log } = run;
  log.push(() => `(${trouble.kind})`);
  switch (trouble.kind) {
    case 'podpose is interrupted':
      stop.abort('interrupted');
      return true;
    case 'podpose is killed':
      if (trouble.commandsGoOn) goOn(run);
      return false;
    case 'power is cut':
      podman.setState(reboot(podman.state()));
      return false;
  }
}

/** The commands that podpose has started go on without it. Some of them it was only about to start. */
function goOn(run: Run): void {
  const { podman, choose } = run;
  for (const command of [...podman.running])
    if (command.hasBegun || choose(2) === 1)
      while (podman.running.includes(command)) advance(run, command, false);
}

function move({ podman, log, complaints, watch }: Run, after: ModelState, what: () => string): void {
  const before = podman.state();
  const next = { ...after, now: after.now + 1 };
  log.push(what);
  complaints.push(...watch(before, next).map((complaint) => `${complaint}, on: ${what()}`));
  podman.setState(next);
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
