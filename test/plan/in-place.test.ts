import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { needsUpdateCapability } from '../../src/plan/decide/in-place.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planKnown } from '../support/planned.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import type { SourcedPod } from '../../src/kube/pod-set.ts';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { decodeOwnership, givenLabels } from '../../src/podman/labels.ts';
import type { Labels, ObservedContainer, ObservedState } from '../../src/podman/inspect/observed.ts';
import type { UpdateCapability } from '../../src/podman/inspect/updates.ts';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';
import { SURROUNDINGS } from '../support/surroundings.ts';

const CAPABILITIES = capabilitiesOf({ major: 5, minor: 4, patch: 0 });
function pod(fields: string): SourcedPod {
  const text = `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: "docker.io/library/app:1", ${fields}}]}}`;
  const { pods, diagnostics } = desiredPods(readManifests([{ file: 'pod.yaml', text }]).documents, {
    ...SURROUNDINGS,
    currentDirectory: '/',
  });
  assert.deepEqual(diagnostics, []);
  const [made] = pods;
  assert.ok(made);
  return made;
}

const small = pod('resources: {limits: {cpu: 500m, memory: 256Mi}}');
const large = pod('resources: {limits: {cpu: "1", memory: 512Mi}}');
const unlimited = pod('tty: false');
const largeWithEnv = pod('resources: {limits: {cpu: "1", memory: 512Mi}}, env: [{name: A, value: b}]');

const NOTHING: ObservedState = {
  pods: [],
  containers: [],
  volumes: [],
  images: [{ id: 'i', names: ['docker.io/library/app:1'] }],
  secrets: [],
  machineHosts: false,
  limiting: { missing: [], cgroups: 'v2' },
};

function plan(desired: SourcedPod, observed: ObservedState): Plan {
  const options = { forceRecreate: false, removeOrphans: false, adopt: false };
  const planned = planKnown({ project: 'demo', pods: [desired], observed, options, hostPaths: new Map() });
  assert.ok(planned.ok);
  return planned.value;
}

/** The labels that the commands of a plan give to what they make, by its name. */
function labelsIn(planned: Plan): ReadonlyMap<string, Labels> {
  return new Map(
    planned.steps.map(({ operation }) => {
      const args = commandOf(operation, CAPABILITIES).args.filter((arg) => typeof arg === 'string');
      const pairs = args.filter((_, index) => args[index - 1] === '--label');
      const labels = pairs.map((pair) => [
        pair.slice(0, pair.indexOf('=')),
        pair.slice(pair.indexOf('=') + 1),
      ]);
      return [args[args.indexOf('--name') + 1] ?? '', givenLabels(Object.fromEntries(labels) as Labels)];
    }),
  );
}

function owned(labels: Labels | undefined) {
  assert.ok(labels);
  const owner = decodeOwnership(labels);
  assert.ok(owner);
  return { labels, owner };
}

function container(name: string, labels: Labels | undefined, isRunning: boolean): ObservedContainer {
  return {
    id: name,
    name,
    ...owned(labels),
    podName: 'web',
    state: isRunning ? 'running' : 'created',
    exitCode: 0,
    startedAt: isRunning ? 2 : 0,
    createdAt: 1,
    exitedAt: 0,
    image: 'docker.io/library/app:1',
    imageId: 'i',
    restarts: 0,
  };
}

/** What podman has when the pod runs as it was made, with the labels that its commands have given it. */
function running(made: SourcedPod, updating?: UpdateCapability): ObservedState {
  const labels = labelsIn(plan(made, NOTHING));
  return {
    ...NOTHING,
    ...(updating === undefined ? {} : { updating }),
    pods: [{ id: 'p', name: 'web', ...owned(labels.get('web')), infra: 'running', infraStartedAt: 1 }],
    containers: [container('web-app', labels.get('web-app'), true)],
  };
}

/** The same after an update was carried out: the labels of the container are as they were, and there is a note. */
function updatedTo(after: SourcedPod, made: SourcedPod): ObservedState {
  const before = running(made, 'can');
  const note = labelsIn(plan(after, before)).get('web-app_updated');
  return { ...before, containers: [...before.containers, container('web-app_updated', note, false)] };
}

function kinds(planned: Plan): readonly string[] {
  return planned.steps.map(({ operation }) => operation.kind);
}

function text(planned: Plan): string {
  return renderPlanText(planned, 'pod.yaml', plainPaint);
}

test('podman is asked whether it can update only where nothing else differs', () => {
  const isAsked = (desired: SourcedPod, made: SourcedPod) =>
    needsUpdateCapability([desired.pod], running(made));
  assert.equal(isAsked(large, small), true);
  assert.equal(isAsked(small, small), false);
  assert.equal(isAsked(largeWithEnv, small), false);
});

test('resources that differ are updated in place, and a note says to what', () => {
  const planned = plan(large, running(small, 'can'));
  const [doubt, update, note] = renderPlanCommands(planned, CAPABILITIES).split('\n');
  assert.match(doubt ?? '', /podpose\.spec= /);
  assert.equal(
    update,
    'podman update --cpus 1 --cpu-shares 1024 --memory 536870912b --memory-swap 536870912b --memory-reservation 536870912b web-app',
  );
  assert.match(
    note ?? '',
    /^podman create --replace --pod web --name web-app_updated .* --label podpose\.role=note /,
  );
  assert.match(text(planned), /^ {2}~ pod\/web container\/app {3}4 fields changed$/m);
});

test('what was updated is as it should be, whatever its own labels say', () => {
  assert.deepEqual(plan(large, updatedTo(large, small)).changes, []);
});

test('a manifest that goes back to what a container was made with is another update, with a new note', () => {
  const planned = plan(small, { ...updatedTo(large, small), updating: 'can' });
  assert.deepEqual(kinds(planned), [
    'create-container-record',
    'update-container',
    'create-container-record',
  ]);
});

test('a container whose update was cut short is made anew, also when the manifest has gone back', () => {
  const before = running(small, 'can');
  const [doubt] = plan(large, before).steps;
  assert.ok(doubt);
  const labels = labelsIn({ ...plan(large, before), steps: [doubt] }).get('web-app_updated');
  const cutShort = {
    ...before,
    containers: [...before.containers, container('web-app_updated', labels, false)],
  };
  for (const wanted of [small, large]) assert.equal(kinds(plan(wanted, cutShort))[0], 'create-replacement');
  assert.match(text(plan(small, cutShort)), /an earlier run was interrupted/);
});

test('the note goes with the container that it is about', () => {
  const planned = plan(largeWithEnv, updatedTo(large, small));
  assert.equal(kinds(planned)[0], 'create-replacement');
  assert.equal(kinds(planned).at(-1), 'remove-containers');
});

test('a note on a container that was removed by hand goes, too', () => {
  const { containers, ...rest } = updatedTo(large, small);
  const planned = plan(small, { ...rest, containers: containers.filter(({ name }) => name !== 'web-app') });
  assert.deepEqual(kinds(planned), ['remove-containers', 'run-container']);
});

test('the restart policy is updated in place, too', () => {
  const containers = small.pod.containers.map((each) => ({ ...each, restartPolicy: 'OnFailure' as const }));
  const onFailure = { ...small, pod: { ...small.pod, containers } };
  const [, update] = renderPlanCommands(plan(onFailure, running(small, 'can')), CAPABILITIES).split('\n');
  assert.equal(update, 'podman update --restart on-failure web-app');
});

for (const [obstacle, words] of [
  ['podman-forgets', 'podman before 5.1 loses an update when the container restarts'],
  ['no-cgroup-control', 'no cgroup delegation of cpu and memory for this user'],
] as const)
  test(`a container is made anew, and the plan says why: ${obstacle}`, () => {
    const planned = plan(large, running(small, obstacle));
    assert.match(
      text(planned),
      new RegExp(`-/\\+ pod/web container/app {3}4 fields changed; cannot update in place: ${words}`),
    );
    assert.equal(kinds(planned)[0], 'create-replacement');
  });

test('a limit that goes away makes the container anew', () => {
  assert.match(
    text(plan(unlimited, running(small, 'can'))),
    /cannot update in place: podman cannot remove a limit/,
  );
});

test('a limit that comes where there was none is an update', () => {
  const planned = plan(small, running(unlimited, 'can'));
  assert.deepEqual(kinds(planned), [
    'create-container-record',
    'update-container',
    'create-container-record',
  ]);
});
