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
import { CONTEXT } from '../support/context.ts';

const CAPABILITIES = capabilitiesOf({ major: 5, minor: 4, patch: 0 });
function pod(fields: string): SourcedPod {
  const text = `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: "docker.io/library/app:1", ${fields}}]}}`;
  const { pods, diagnostics } = desiredPods(readManifests([{ file: 'pod.yaml', text }]).documents, {
    ...CONTEXT,
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
  networks: [{ name: 'podpose-demo', project: 'demo', resolvesNames: true }],
  machineHosts: false,
  machineDns: { nameservers: [], searches: [], options: [] },
  limiting: { missing: [], cgroups: 'v2' },
};

function plan(desired: SourcedPod, observed: ObservedState): Plan {
  const options = { forceRecreate: false, removeOrphans: false, adopt: false };
  const planned = planKnown({ project: 'demo', pods: [desired], observed, options, hostPaths: new Map() });
  assert.ok(planned.ok);
  return planned.value;
}

/** Labels of the objects that a plan creates, by podman's name. */
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

/** Observed state after the pod was created: it runs, with the labels of its commands. */
function running(made: SourcedPod, updating?: UpdateCapability): ObservedState {
  const labels = labelsIn(plan(made, NOTHING));
  return {
    ...NOTHING,
    ...(updating === undefined ? {} : { updating }),
    pods: [{ id: 'p', name: 'web', ...owned(labels.get('web')), infra: 'running', infraStartedAt: 1 }],
    containers: [container('web-app', labels.get('web-app'), true)],
  };
}

/** Observed state after an update: the container has its old labels, and a record container exists. */
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

test('the update capability is queried only if podman update can change all changed fields', () => {
  const isAsked = (desired: SourcedPod, made: SourcedPod) =>
    needsUpdateCapability([desired.pod], running(made));
  assert.equal(isAsked(large, small), true);
  assert.equal(isAsked(small, small), false);
  assert.equal(isAsked(largeWithEnv, small), false);
});

test('changed resources are updated in place and recorded', () => {
  const planned = plan(large, running(small, 'can'));
  const [taint, update, record] = renderPlanCommands(planned, CAPABILITIES).split('\n');
  assert.match(taint ?? '', /podpose\.spec= /);
  assert.equal(
    update,
    'podman update --cpus 1 --cpu-shares 1024 --memory 536870912b --memory-swap 536870912b --memory-reservation 536870912b web-app',
  );
  assert.match(
    record ?? '',
    /^podman create --replace --pod web --name web-app_updated .* --label podpose\.role=note /,
  );
  assert.match(text(planned), /^ {2}~ pod\/web container\/app {3}4 fields changed$/m);
});

test('an updated container is up to date, despite its old labels', () => {
  assert.deepEqual(plan(large, updatedTo(large, small)).changes, []);
});

test('a revert to the settings of the creation is an update with a new record', () => {
  const planned = plan(small, { ...updatedTo(large, small), updating: 'can' });
  assert.deepEqual(kinds(planned), [
    'create-container-record',
    'update-container',
    'create-container-record',
  ]);
});

test('a record of the watcher is no change, and an update keeps it', () => {
  const { containers, ...rest } = running(small, 'can');
  const [app] = containers;
  assert.ok(app !== undefined);
  const record = '{"at":1,"restarts":2}';
  const labels = {
    ...app.labels,
    ...{ 'podpose.role': 'note', 'podpose.note-on': app.id, 'podpose.watcher': record },
  };
  const observed = { ...rest, containers: [app, container('web-app_updated', labels, false)] };
  assert.deepEqual(plan(small, observed).changes, []);
  const planned = plan(large, observed);
  assert.equal(kinds(planned).length, 3);
  assert.equal(labelsIn(planned).get('web-app_updated')?.['podpose.watcher'], record);
  assert.equal(
    labelsIn(plan(large, running(small, 'can'))).get('web-app_updated')?.['podpose.watcher'],
    undefined,
  );
});

test('a deadline is compared only with containers of a watcher: podpose 0.2 has recorded none', () => {
  const containers = small.pod.containers.map((each) => ({ ...each, activeDeadlineSeconds: 60 }));
  const late = { ...small, pod: { ...small.pod, activeDeadlineSeconds: 60, containers } };
  const before = running(small);
  assert.deepEqual(plan(late, before).changes, []);
  const watched = before.containers.map((each) => ({
    ...each,
    labels: { ...each.labels, 'podpose.watched': 'true' },
  }));
  assert.match(text(plan(late, { ...before, containers: watched })), /activeDeadlineSeconds/);
});

test('a container whose update was interrupted is replaced, also after a revert of the manifest', () => {
  const before = running(small, 'can');
  const [taint] = plan(large, before).steps;
  assert.ok(taint);
  const labels = labelsIn({ ...plan(large, before), steps: [taint] }).get('web-app_updated');
  const cutShort = {
    ...before,
    containers: [...before.containers, container('web-app_updated', labels, false)],
  };
  for (const wanted of [small, large]) assert.equal(kinds(plan(wanted, cutShort))[0], 'create-replacement');
  assert.match(text(plan(small, cutShort)), /an earlier run was interrupted/);
});

test('the record is removed with its container', () => {
  const planned = plan(largeWithEnv, updatedTo(large, small));
  assert.equal(kinds(planned)[0], 'create-replacement');
  assert.equal(kinds(planned).at(-1), 'remove-containers');
});

test('the record of a container that was removed manually is removed', () => {
  const { containers, ...rest } = updatedTo(large, small);
  const planned = plan(small, { ...rest, containers: containers.filter(({ name }) => name !== 'web-app') });
  assert.deepEqual(kinds(planned), ['remove-containers', 'run-container']);
});

test('a changed restart policy is updated in place', () => {
  const containers = small.pod.containers.map((each) => ({ ...each, restartPolicy: 'OnFailure' as const }));
  const onFailure = { ...small, pod: { ...small.pod, containers } };
  const [, update] = renderPlanCommands(plan(onFailure, running(small, 'can')), CAPABILITIES).split('\n');
  assert.equal(update, 'podman update --restart on-failure web-app');
});

for (const [obstacle, words] of [
  ['podman-forgets', 'podman before 5.1 loses an update when the container restarts'],
  ['no-cgroup-control', 'no cgroup delegation of cpu and memory for this user'],
] as const)
  test(`a container is replaced, and the plan has the reason: ${obstacle}`, () => {
    const planned = plan(large, running(small, obstacle));
    assert.match(
      text(planned),
      new RegExp(`-/\\+ pod/web container/app {3}4 fields changed; cannot update in place: ${words}`),
    );
    assert.equal(kinds(planned)[0], 'create-replacement');
  });

test('the removal of a limit replaces the container', () => {
  assert.match(
    text(plan(unlimited, running(small, 'can'))),
    /cannot update in place: podman cannot remove a limit/,
  );
});

test('a new limit is updated in place', () => {
  const planned = plan(small, running(unlimited, 'can'));
  assert.deepEqual(kinds(planned), [
    'create-container-record',
    'update-container',
    'create-container-record',
  ]);
});
