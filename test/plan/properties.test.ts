import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainPaint } from '../../src/base/paint.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanJson } from '../../src/view/plan/json.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import type { SourcedPod } from '../../src/kube/pod-set.ts';
import { CLAIM_ROLE, LABEL } from '../../src/podman/labels.ts';
import { CAPABILITIES } from '../model/commands.ts';
import { untouchables } from '../model/equal.ts';
import type { Journey } from '../model/journey.ts';
import { CLAIM_OBJECT, podSet } from '../model/manifests.ts';
import { desire, down, inhabitedState, NO_TROUBLE, planFor, PROJECT, up } from '../model/podpose.ts';
import { shapeOf, type Shape } from '../model/shape.ts';
import { chooser, eventfulStory, troubledStory, wildStory, type Story } from '../model/stories.ts';
import type { ModelState } from '../model/state.ts';
import { happen } from '../model/world.ts';
import type { Shuffle } from '../support/podman-state.ts';
import { CONTEXT } from '../support/context.ts';

/*
 * Properties of every plan, checked with random manifests, edits, events and faults on a model of podman (test/model). A
 * failure prints a small story that reproduces it. PROPERTY_SEED=N checks other stories, PROPERTY_RUNS=N more of them.
 */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 1);

function property<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T) => Promise<void>,
  runs = RUNS,
): void {
  test(name, () =>
    fc.assert(fc.asyncProperty(arbitrary, holds), {
      numRuns: runs,
      seed: SEED,
      includeErrorInReport: true,
    }),
  );
}

property(
  'a plan reaches the desired state, and keeps everything that is up to date',
  eventfulStory,
  async (story) => {
    const state = await situationOf(story);
    const desired = desireLast(story);
    const untouched = untouchables(state, desired);
    const journey = await up(state, desired, chooser(story));
    assertSmooth(journey);
    for (const { kind, name, id, startedAt } of untouched) {
      const { id: nowId, startedAt: nowStartedAt } = lifeOf(journey.state, kind, name) ?? {};
      if (nowId !== id || nowStartedAt !== startedAt) assert.fail(`${name} was changed\n${told(journey)}`);
    }
    await assertConverged(journey.state, story, desired);
  },
);

property('after any fault, the next run reaches the same state', troubledStory, async (story) => {
  const troubled = await troubledJourney(story);
  assertRulesHeld(troubled);
  await assertMends(troubled, story);
});

property(
  'after any events and faults, up repairs the pods and down removes them',
  wildStory,
  async (story) => {
    const troubled = await troubledJourney(story);
    assertRulesHeld(troubled);
    await assertMends(troubled, story);

    const journey = await down(troubled.state, chooser(story));
    assertSmooth(journey);
    const left = [journey.state.pods, journey.state.containers, journey.state.volumes, journey.state.networks]
      .flatMap((things) => Object.entries<{ readonly labels: Shape['pods'][string] }>(things))
      .filter(([, { labels }]) => labels[LABEL.project] === PROJECT && labels[LABEL.role] !== CLAIM_ROLE);
    if (left.length > 0) assert.fail(`${left.map(([name]) => name).join()} is left\n${told(journey)}`);
  },
);

property(
  'a plan is in order, can be shown, and is the same in whatever order podman lists things',
  wildStory,
  async (story) => {
    const state = await troubledState(story);
    const desired = desire(story.afterwards);
    const plan = await planFor(state, desired);
    assertInOrder(plan);

    const text = renderPlanText(plan, 'pod.yaml', plainPaint);
    assert.equal(text.includes('No changes'), plan.steps.length === 0, planText(plan));
    assert.equal(plan.changes.length === 0, plan.steps.length === 0, planText(plan));
    const json = renderPlanJson(plan, CAPABILITIES);
    assert.doesNotThrow(() => JSON.parse(json) as unknown);
    // One per line, except for scripts on standard input.
    const commands = renderPlanCommands(plan, CAPABILITIES).replace(/ <<'END'\n[^]*?\nEND$/gm, '');
    assert.equal(commands.split('\n').length, plan.steps.length + 1);

    for (const shuffle of [(rows) => rows.toReversed(), dealt(chooser(story))] satisfies Shuffle[])
      assert.equal(renderPlanJson(await planFor(state, desired, {}, shuffle), CAPABILITIES), json);
  },
);

property(
  'pods that are in no file any more are left alone unless it is asked for',
  eventfulStory,
  async (story) => {
    const state = await situationOf(story);
    const desired = desireLast(story);
    const plan = await planFor(state, desired, { removeOrphans: false });
    const orphans = Object.keys(state.pods).filter(
      (name) =>
        state.pods[name]?.labels[LABEL.project] === PROJECT && !desired.some(({ pod }) => pod.name === name),
    );
    assert.deepEqual(
      plan.warnings.flatMap(({ message }) => /^pod\/(\S+) of project .*\(orphan\)$/.exec(message)?.[1] ?? []),
      orphans.sort(),
    );
    const { state: after } = await up(state, desired, chooser(story), NO_TROUBLE, {
      removeOrphans: false,
    });
    for (const name of orphans) {
      assert.deepEqual(after.pods[name], state.pods[name]);
      const idsIn = (there: ModelState) =>
        Object.values(there.containers).flatMap(({ id, pod }) => (pod === name ? [id] : []));
      assert.deepEqual(idsIn(after), idsIn(state));
    }
  },
  Math.ceil(RUNS / 4),
);

property(
  'the manifests of these stories are what podpose reads from a file',
  podSet,
  (pods) => {
    const text = Buffer.from([...pods, CLAIM_OBJECT].map((object) => JSON.stringify(object)).join('\n---\n'));
    const set = readManifests([{ file: 'pod.yaml', text }]);
    const read = desiredPods(set.documents, CONTEXT);
    const errors = [...set.diagnostics, ...read.diagnostics].filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors, pods.length === 0 ? errors : []);
    const made = ({ pod }: SourcedPod) => pod;
    assert.deepEqual(read.pods.map(made), desire(pods).map(made));
    return Promise.resolve();
  },
  Math.ceil(RUNS / 4),
);

/** The story until the last manifests are applied. */
async function situationOf({ release, manifests, events, choices }: Story): Promise<ModelState> {
  let state = inhabitedState(release);
  for (const pods of manifests.slice(0, -1)) {
    const journey = await up(state, desire(pods), chooser({ choices }));
    assertSmooth(journey);
    state = journey.state;
  }
  return events.reduce((before, event) => happen(before, event, PROJECT), state);
}

/** The last manifests are applied, and something goes wrong. */
async function troubledJourney(story: Story): Promise<Journey> {
  const journey = await up(await situationOf(story), desireLast(story), chooser(story), story.trouble);
  TROUBLED_STATES.set(JSON.stringify(story), journey.state);
  return journey;
}

/** The state after that. Two properties try the same stories: each happens once. */
async function troubledState(story: Story): Promise<ModelState> {
  return TROUBLED_STATES.get(JSON.stringify(story)) ?? (await troubledJourney(story)).state;
}

const TROUBLED_STATES = new Map<string, ModelState>();

function desireLast({ manifests }: Story): readonly SourcedPod[] {
  return desire(manifests.at(-1) ?? []);
}

async function assertMends(troubled: Journey, story: Story): Promise<void> {
  const desired = desire(story.afterwards);
  const journey = await up(troubled.state, desired, chooser(story));
  assertSmooth({ ...journey, log: [...troubled.log, () => '(the next run)', ...journey.log] });
  await assertConverged(journey.state, story, desired);
}

/** Only the faults of the story occurred. */
function assertSmooth(journey: Journey): void {
  const wrong = [...journey.failures, ...journey.complaints];
  if (wrong.length > 0) assert.fail(`${wrong.join('\n')}\n${told(journey)}`);
}

/** The invariants also held during the faults. */
function assertRulesHeld(journey: Journey): void {
  assertSmooth({ ...journey, failures: [] });
}

function told({ log }: Journey): string {
  return `while doing:\n  ${log.map((line) => line()).join('\n  ')}`;
}

function planText(plan: Plan): string {
  return `${renderPlanText(plan, 'the plan', plainPaint)}${renderPlanCommands(plan, CAPABILITIES)}`;
}

/** The state matches the manifests: no changes are planned, and the state equals that of a fresh start. */
async function assertConverged(
  state: ModelState,
  story: Story,
  desired: readonly SourcedPod[],
): Promise<void> {
  const next = await planFor(state, desired);
  if (next.steps.length + next.changes.length > 0) assert.fail(`changes are left:\n${planText(next)}`);
  const [shape, freshShape] = [shapeOf(state, PROJECT), await freshShapeOf(state, story, desired)];
  assert.deepEqual(lasting(shape, story, shape), lasting(freshShape, story, shape));
}

/** The shape where nothing of the project was there before. Many stories end alike: each end is reached once. */
async function freshShapeOf(
  { images, registry }: ModelState,
  { release }: Story,
  desired: readonly SourcedPod[],
): Promise<Shape> {
  const key = JSON.stringify([release, images, registry, desired.map(({ pod }) => pod)]);
  const known = FRESH_SHAPES.get(key);
  if (known !== undefined) return known;
  const { state } = await up({ ...inhabitedState(release), images, registry }, desired);
  const shape = shapeOf(state, PROJECT);
  FRESH_SHAPES.set(key, shape);
  return shape;
}

const FRESH_SHAPES = new Map<string, Shape>();

/**
 * The part of the state that must be equal. A completed init container is not re-run if it was removed or renamed, or if its
 * tag was moved to another image. Unused volumes are checked only if the pod has changes, and volumes of
 * PersistentVolumeClaims never, since they are kept.
 */
function lasting({ initContainers, ...shape }: Shape, story: Story, reached: Shape): object {
  const { events, trouble, manifests, afterwards } = story;
  const hasInitContainers = events.length === 0 && afterwards === manifests.at(-1);
  const isExact = trouble.kind === 'none' && !events.some(({ kind }) => kind.endsWith('is removed'));
  const volumes = Object.entries(shape.volumes).flatMap(([name, { labels, isHeld }]) =>
    (isExact && labels[LABEL.role] !== CLAIM_ROLE) || reached.volumes[name]?.isUsed === true
      ? [{ name, labels, isHeld }]
      : [],
  );
  return { ...shape, volumes, ...(hasInitContainers ? { initContainers } : {}) };
}

/** IDs of steps are unique, and each step follows those it needs: no cycles. */
function assertInOrder(plan: Plan): void {
  const met = new Set<string>();
  for (const { id, needs } of plan.steps) {
    const unmet = needs.filter((need) => !met.has(need));
    if (unmet.length > 0 || met.has(id)) assert.fail(`${id} is a duplicate, or precedes ${unmet.join()}`);
    met.add(id);
  }
}

function lifeOf(state: ModelState, kind: 'pod' | 'container', name: string) {
  if (kind === 'container') return state.containers[name];
  const pod = state.pods[name];
  return pod === undefined ? undefined : { id: pod.id, startedAt: pod.infraStartedAt };
}

/** Shuffles rows, as chosen. */
function dealt(choose: ReturnType<typeof chooser>): Shuffle {
  return <T>(rows: readonly T[]) => {
    const left = [...rows];
    return rows.flatMap(() => left.splice(choose(left.length), 1));
  };
}
