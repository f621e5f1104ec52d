import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainPaint } from '../../src/base/paint.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import { renderPlanCommands } from '../../src/plan/render-commands.ts';
import { renderPlanJson } from '../../src/plan/render-json.ts';
import { renderPlanText } from '../../src/plan/render-text.ts';
import type { SourcedPod } from '../../src/pod/pod-set.ts';
import { CAN } from '../model/commands.ts';
import { carryOut, type Journey } from '../model/journey.ts';
import { observe, type ModelState } from '../model/podman-model.ts';
import { desire, inhabitedState, planFor, PROJECT, up } from '../model/podpose.ts';
import { shapeOf, type Shape } from '../model/shape.ts';
import { chooser, eventfulStory, troubledStory, wildStory, type Story } from '../model/stories.ts';
import { watchOver } from '../model/watch.ts';
import { happen } from '../model/world.ts';

/*
 * What has to be true of every plan, tried on manifests, edits, events and accidents at random, on a model of podman.
 * A failure prints a small story that shows it, and the seed and path to run it again:
 * PROPERTY_SEED=N and PROPERTY_RUNS=N choose others.
 */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 1);

function property(name: string, stories: fc.Arbitrary<Story>, holds: (story: Story) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(stories, (story) => {
        holds(story);
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
  });
}

/** The story up to the moment at which the manifests are applied again. */
function situationOf(story: Story): ModelState {
  const first = up(inhabitedState(story.release), desire(story.before), chooser(story));
  assertSmooth(first);
  return story.events.reduce((state, event) => happen(state, event, PROJECT), first.state);
}

function assertSmooth({ failures, complaints, log }: Journey): void {
  const wrong = [...failures, ...complaints];
  if (wrong.length > 0) assert.fail(`${wrong.join('\n')}\n${told(log)}`);
}

function told(log: Journey['log']): string {
  return `while doing:\n  ${log.map((line) => line()).join('\n  ')}`;
}

function planText(plan: Plan): string {
  return `${renderPlanText(plan, 'the plan', plainPaint)}${renderPlanCommands(plan, CAN)}`;
}

/** Once all is as the manifests say, podpose finds nothing to do, and it is the same as if it had never been otherwise. */
function assertConverged(state: ModelState, story: Story, desired: readonly SourcedPod[]): void {
  const next = planFor(state, desired);
  if (next.steps.length + next.changes.length > 0)
    assert.fail(`there is something left to do:\n${planText(next)}`);
  const { registry } = state;
  const fresh = up({ ...inhabitedState(story.release), registry, images: state.images }, desired);
  assert.deepEqual(lasting(shapeOf(state, PROJECT), story), lasting(shapeOf(fresh.state, PROJECT), story));
}

/**
 * What has to be the same in the end. An init container that somebody has removed or renamed, or whose image was moved,
 * after it had done its work is not run again for that. And a volume that nobody uses is looked for only where something
 * is to be done: where it was left, it is there until something changes.
 */
function lasting({ initContainers, volumes, ...shape }: Shape, { events, trouble }: Story): object {
  const mayBeLeft = trouble.kind !== 'none' || events.some(({ kind }) => kind === 'pod is removed');
  const looked = Object.entries(volumes).filter(([, { isUsed }]) => isUsed || !mayBeLeft);
  return {
    ...shape,
    ...(events.length === 0 ? { initContainers } : {}),
    volumes: looked.map(([name, { labels, isHeld }]) => ({ name, labels, isHeld })),
  };
}

property('once a plan is carried out, nothing is left to do', eventfulStory, (story) => {
  const desired = desire(story.after);
  const journey = up(situationOf(story), desired, chooser(story));
  assertSmooth(journey);
  assertConverged(journey.state, story, desired);
});

property('whatever went wrong, the next run comes to the same end', troubledStory, (story) => {
  const desired = desire(story.after);
  const troubled = up(situationOf(story), desired, chooser(story), story.trouble);
  assertSmooth({ ...troubled, failures: [] });
  const journey = up(troubled.state, desired, chooser(story));
  const log = [...troubled.log, () => '(the next run)', ...journey.log];
  assertSmooth({ ...journey, log });
  assertConverged(journey.state, story, desired);
});
void [planDown, renderPlanJson, carryOut, observe, wildStory, watchOver];
