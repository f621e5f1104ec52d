import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { desiredPods, type DesiredPods } from '../../src/kube/desired-pods.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { changeSubject } from '../../src/plan/change.ts';
import { describeReason } from '../../src/plan/describe.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Journey } from '../model/journey.ts';
import { inhabitedState, machineWith, NO_TROUBLE, planUpFor, PROJECT, up } from '../model/podpose.ts';
import { shapeOf } from '../model/shape.ts';
import type { ModelState } from '../model/state.ts';
import { CONTEXT } from '../support/context.ts';

/*
 * Properties of the plans of workloads, on the model of podman. A failure prints the manifests that reproduce it.
 * PROPERTY_SEED=N checks other manifests, PROPERTY_RUNS=N more of them.
 */
const RUNS = Math.ceil(Number(process.env['PROPERTY_RUNS'] ?? 1000) / 25);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 1);

const STATE = inhabitedState('oldest');

const KINDS = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
] as const;

interface Fields {
  readonly replicas: number;
  readonly greeting: string;
  readonly label: string;
  readonly hostPort: boolean;
  readonly recreates: boolean;
}

interface Drawn extends Fields {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
}

const fields: fc.Arbitrary<Fields> = fc.record({
  replicas: fc.nat({ max: 3 }),
  greeting: fc.constantFrom('hello', 'bye'),
  label: fc.constantFrom('front', 'back'),
  hostPort: fc.boolean(),
  recreates: fc.boolean(),
});

/** Workloads of different names, each before and after an edit. */
const edits = fc.uniqueArray(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    name: fc.constantFrom('a', 'b', 'c'),
    before: fields,
    after: fields,
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
);

function manifest(drawn: Drawn): string {
  const { kind, name, replicas, greeting, label, hostPort, recreates } = drawn;
  const labels = { app: name };
  const container = {
    name: 'app',
    image: 'docker.io/library/app:1',
    env: [{ name: 'GREETING', value: greeting }],
    ...(hostPort ? { ports: [{ containerPort: 80, hostPort: 8000 + name.charCodeAt(0) }] } : {}),
  };
  const metadata = { labels: { ...labels, tier: label } };
  if (kind === 'Job')
    return JSON.stringify({
      apiVersion: 'batch/v1',
      kind,
      metadata: { name },
      spec: {
        completions: replicas,
        ...(recreates ? { completionMode: 'Indexed' } : {}),
        template: { metadata, spec: { restartPolicy: 'OnFailure', containers: [container] } },
      },
    });
  return JSON.stringify({
    apiVersion: kind === 'ReplicationController' ? 'v1' : 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(kind === 'Deployment' && recreates ? { strategy: { type: 'Recreate' } } : {}),
      ...(kind === 'StatefulSet' && recreates ? { podManagementPolicy: 'Parallel' } : {}),
      selector: kind === 'ReplicationController' ? labels : { matchLabels: labels },
      template: { metadata, spec: { containers: [container] } },
    },
  });
}

function read(drawn: readonly Drawn[]): DesiredPods {
  const text = drawn.map(manifest).join('\n---\n');
  const set = readManifests([{ file: 'pod.yaml', text }]);
  const desired = desiredPods(set.documents, CONTEXT);
  const errors = [...set.diagnostics, ...desired.diagnostics].filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  return desired;
}

function property(
  name: string,
  holds: (before: readonly Drawn[], after: readonly Drawn[]) => Promise<void>,
): void {
  test(name, () =>
    fc.assert(
      fc.asyncProperty(edits, (drawn) =>
        holds(
          drawn.map((one) => ({ ...one, ...one.before })),
          drawn.map((one) => ({ ...one, ...one.after })),
        ),
      ),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    ),
  );
}

async function apply(state: ModelState, { pods, workloads }: DesiredPods, at?: number): Promise<Journey> {
  const trouble = at === undefined ? NO_TROUBLE : ({ kind: 'power is cut', at } as const);
  return up(state, pods, undefined, trouble, {}, workloads);
}

async function applied(state: ModelState, desired: DesiredPods): Promise<ModelState> {
  const journey = await apply(state, desired);
  assert.deepEqual(journey.failures, []);
  assert.deepEqual(journey.complaints, []);
  return journey.state;
}

const planOf = (state: ModelState, { pods, workloads }: DesiredPods): Promise<Plan> =>
  planUpFor(machineWith(state), pods, {}, workloads);

property('applying twice is applying once', async (before, after) => {
  const first = await applied(STATE, read(before));
  assert.deepEqual((await planOf(first, read(before))).steps, []);
  const second = await applied(first, read(after));
  assert.deepEqual((await planOf(second, read(after))).steps, []);
});

property('an edit leads to the same state as a new start', async (before, after) => {
  const edited = await applied(await applied(STATE, read(before)), read(after));
  const fresh = await applied(STATE, read(after));
  assert.deepEqual(shapeOf(edited, PROJECT), shapeOf(fresh, PROJECT));
});

property('an edit that is undone leads back', async (before, after) => {
  const first = await applied(STATE, read(before));
  const back = await applied(await applied(first, read(after)), read(before));
  assert.deepEqual(shapeOf(back, PROJECT), shapeOf(first, PROJECT));
});

property('the order of the documents does not change the plan', async (before, after) => {
  const state = await applied(STATE, read(before));
  const shown = async (drawn: readonly Drawn[]): Promise<readonly string[]> =>
    (await planOf(state, read(drawn))).changes
      .map((change) => `${change.action} ${changeSubject(change)} ${describeReason(change.reason)}`)
      .sort();
  assert.deepEqual(await shown(after.toReversed()), await shown(after));
});

property('after a power cut at any step, the next run leads to the same state', async (before, after) => {
  const state = await applied(STATE, read(before));
  const wanted = shapeOf(await applied(state, read(after)), PROJECT);
  for (const at of [0, 1, 3, 6]) {
    const cut = await apply(state, read(after), at);
    const repaired = await applied(cut.state, read(after));
    assert.deepEqual(shapeOf(repaired, PROJECT), wanted, `cut at ${at}`);
  }
});
