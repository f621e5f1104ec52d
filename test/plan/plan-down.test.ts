import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { keptNetworkOf, planDown, type DownInput } from '../../src/plan/plan-down.ts';
import { groupsOf } from '../../src/view/progress/board.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import { commandClient } from '../../src/podman/client/client.ts';
import { observe, observeNetworks } from '../../src/podman/inspect/observe.ts';
import type { ObservedPod, ObservedState } from '../../src/podman/inspect/observed.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';
import { observedContainer } from '../support/desired.ts';
import { observedState, type ObservedCase } from '../support/observed-case.ts';
import { planCase } from '../support/plan-case.ts';
import { answeringPodman } from '../support/podman-state.ts';

/** The plan of `podpose down` after `up` of a case in test/cases; `rows`, `text` and `commands` without the network. */
async function down(name: string, observed: ObservedCase = {}, input: Partial<DownInput> = {}) {
  const { plan } = await planCase(join(import.meta.dirname, '../cases', name));
  assert.ok(plan);
  const podman = commandClient(answeringPodman(observedState(observed, plan)), 'podman');
  const state = await observe(podman);
  const networks = await observeNetworks(podman);
  assert.ok(state.ok && networks.ok);
  const planned = planDown({
    project: 'demo',
    observed: { ...state.value, networks: networks.value },
    ...input,
  });
  const { changes, steps } = planned;
  const network = steps.filter(({ operation }) => operation.kind === 'remove-network');
  const others: Plan = {
    ...planned,
    changes: changes.filter(({ subject }) => subject.kind !== 'network'),
    steps: steps.filter((step) => !network.includes(step)),
  };
  return {
    /** The steps that remove the network, with their needs. */
    network: network.map(({ id, needs }) => `[${needs.join(', ')}] ${id}`),
    whole: renderPlanText(planned, 'demo', plainPaint),
    rows: groupsOf(others).map(({ title, rows }) => [title, ...rows.map(({ name }) => name)]),
    text: renderPlanText(others, 'demo', plainPaint),
    commands: renderPlanCommands(others, capabilitiesOf(OLDEST_PODMAN)).trimEnd().split('\n'),
  };
}

/** The command that stops and removes a pod. */
function removed(pod: string, graceSeconds: number): string {
  return `sh -c '"$0" pod stop --time "$1" "$2" >/dev/null && exec "$0" pod rm --force --time 0 "$2"' podman ${graceSeconds} ${pod}`;
}

test('a pod is removed with its containers and volumes', async () => {
  const { text, commands } = await down('init-container-hands-on-files-in-memory');
  assert.deepEqual(commands, [removed('web', 30), 'podman volume rm web-work']);
  assert.equal(
    text,
    [
      'demo',
      '',
      '  - pod/web                  will be removed (up to 30 s to stop)',
      '  - pod/web container/read   will be removed',
      '  - pod/web init/write       will be removed',
      '',
      'Plan: 0 to create, 0 to replace, 0 to update in place, 1 pod and 2 containers to remove.',
      '',
    ].join('\n'),
  );
});

test('each row of a removed pod has a name of its own', async () => {
  assert.deepEqual((await down('empty-dir-sub-path')).rows, [['pod/web', 'pod', 'volumes']]);
});

test('the default grace period is the last applied one of the pod', async () => {
  assert.deepEqual((await down('grace-period')).commands, [removed('web', 5)]);
  assert.deepEqual((await down('grace-period', {}, { graceSeconds: 1 })).commands, [removed('web', 1)]);
});

test('containers with preStop hooks stop before their pod is removed', async () => {
  const { commands } = await down('hooks');
  assert.match(commands.join('\n'), /exec web-db pg_ctl stop >\/dev\/null; stop "\$\(left\)" web-db/);
  assert.equal(commands.at(-1), removed('web', 30));
  assert.deepEqual((await down('hooks', {}, { graceSeconds: 0 })).commands, [removed('web', 0)]);
});

test('subPaths are closed after the removal of the pod', async () => {
  const { commands } = await down('empty-dir-sub-path');
  assert.equal(commands[0], removed('web', 30));
  assert.match(commands[1] ?? '', /^podman unshare sh -c .* sh "\$\(podman info .*\)"\/podpose\/web$/);
  assert.equal(commands[2], 'podman volume rm web-data');
});

test('record containers do not affect the grace period', async () => {
  const note = { pod: 'web', state: 'created' as const, labels: labels('demo', 'web', 'note') };
  assert.deepEqual((await down('grace-period', { containers: { web_files: note } })).commands, [
    removed('web', 5),
  ]);
});

test('podman 5.5 and later stops all containers of a pod at once with one command', async () => {
  const { plan } = await planCase(join(import.meta.dirname, '../cases/grace-period'));
  assert.ok(plan);
  const state = await observe(commandClient(answeringPodman(observedState({}, plan)), 'podman'));
  assert.ok(state.ok);
  const planned = planDown({ project: 'demo', observed: state.value });
  assert.equal(
    renderPlanCommands(planned, capabilitiesOf({ major: 5, minor: 5, patch: 0 })),
    'podman pod rm --force --time 5 web\n',
  );
});

const OF_DEMO = { 'podpose.project': 'demo', 'podpose.role': 'network' };

test('down names what keeps the network: pods and containers of others', () => {
  const pod = (name: string, project: string, networks: readonly string[]): ObservedPod => ({
    ...{ id: name, name, labels: {}, infra: 'running', infraStartedAt: 1, networks },
    owner: { project, pod: name, role: 'pod' },
  });
  const on = ['podpose-demo'];
  const observed = (...pods: readonly ObservedPod[]): ObservedState => ({
    ...{ pods, containers: [], volumes: [], images: [] },
    networks: [{ name: 'podpose-demo', project: 'demo', resolvesNames: true }],
  });
  const [web, db, theirs] = [pod('web', 'demo', on), pod('db', 'demo', on), pod('theirs', 'x', on)];
  const kept = (input: Omit<DownInput, 'project'>) => keptNetworkOf({ project: 'demo', ...input });
  assert.equal(kept({ observed: observed(web) }), undefined);
  assert.deepEqual(kept({ observed: observed(web, theirs) }), {
    name: 'podpose-demo',
    users: ['pod/theirs'],
  });
  assert.equal(kept({ observed: observed(web, db, theirs), pods: ['web'] }), undefined);
  const tool = { ...observedContainer('tool', 'running'), networks: on };
  assert.deepEqual(kept({ observed: { ...observed(web), containers: [tool] } })?.users, ["container 'tool'"]);
  assert.equal(kept({ observed: { ...observed(web, theirs), networks: [] } }), undefined);
});

const networks: readonly (readonly [
  name: string,
  planned: () => ReturnType<typeof down>,
  removal: readonly string[],
])[] = [
  [
    'after the last pod',
    () => down('two-pods'),
    ['[remove-pod/db, remove-pod/web] remove-network/podpose-demo'],
  ],
  ['not with a pod of several', () => down('two-pods', {}, { pods: ['web'] }), []],
  [
    'with the last of several pods',
    () => down('two-pods', { pods: { db: null }, containers: { 'db-postgres': null } }, { pods: ['web'] }),
    ['[remove-pod/web] remove-network/podpose-demo'],
  ],
  [
    'without a pod, as an interrupted run leaves it',
    () => down('working-directory', { pods: { web: null }, containers: { 'web-nginx': null } }),
    ['[] remove-network/podpose-demo'],
  ],
  ['not without the labels of podpose', () => down('host-network', { networks: { 'podpose-demo': {} } }), []],
  [
    'not if it is that of another project',
    () =>
      down('host-network', {
        networks: { 'podpose-demo': { labels: { ...OF_DEMO, 'podpose.project': 'x' } } },
      }),
    [],
  ],
  [
    'not while a container of somebody else is on it',
    () => down('working-directory', { containers: { theirs: { networks: ['podpose-demo'] } } }),
    [],
  ],
  [
    'not while a pod of somebody else is on it',
    () => down('working-directory', { pods: { theirs: { networks: ['podpose-demo'] } } }),
    [],
  ],
  ['not a given network', () => down('network-given'), []],
];

for (const [name, planned, removal] of networks)
  test(`the network is removed: ${name}`, async () => {
    const { network, whole } = await planned();
    assert.deepEqual(network, removal);
    assert.equal(/- network\/podpose-demo +will be removed\n/.test(whole), removal.length > 0, whole);
  });

test('a pod with a paused container is unpaused before it is stopped', async () => {
  assert.deepEqual((await down('grace-period', { pods: { web: { infra: 'paused' } } })).commands, [
    removed('web', 5).replace("'", `'"$0" pod unpause "$2" >/dev/null; `),
  ]);
});

test('removes all pods of the project, or the named ones', async () => {
  assert.deepEqual((await down('two-pods')).commands, [removed('db', 30), removed('web', 30)]);
  assert.deepEqual((await down('two-pods', {}, { pods: ['web'] })).commands, [removed('web', 30)]);
});

test('objects of other projects are kept', async () => {
  const others: ObservedCase = {
    pods: { theirs: {}, elsewhere: { labels: labels('other', 'elsewhere', 'pod') } },
    containers: { lonely: {}, 'theirs-app': { pod: 'theirs' } },
    volumes: { data: {}, 'elsewhere-x': { labels: labels('other', 'elsewhere', 'emptyDir') } },
  };
  assert.deepEqual((await down('working-directory', others)).commands, [removed('web', 30)]);
});

test('remains of an incomplete pod are removed', async () => {
  const { commands } = await down('empty-dir', { pods: { web: null }, containers: { 'web-nginx': null } });
  assert.deepEqual(commands, ['podman volume rm web-data']);
});

test('a container of podpose outside of its pod is removed by name', async () => {
  const { commands } = await down('working-directory', {
    pods: { web: null },
    containers: { 'web-nginx': { pod: 'another' } },
  });
  assert.deepEqual(commands, ['podman stop --time 30 web-nginx', 'podman rm --force --time 30 web-nginx']);
});

test('without pods the plan is empty', async () => {
  const { text, commands } = await down('working-directory', {
    pods: { web: null },
    containers: { 'web-nginx': null },
  });
  assert.deepEqual(commands, ['']);
  assert.match(text, /No changes/);
});

test('volumes of PersistentVolumeClaims are kept unless volumes are requested', async () => {
  assert.deepEqual((await down('claim')).commands, [removed('web', 30)]);
  const { text, commands } = await down('claim', {}, { volumes: true });
  assert.deepEqual(commands, [removed('web', 30), 'podman volume rm data']);
  assert.equal(
    text,
    [
      'demo',
      '',
      '  - pod/web                will be removed (up to 30 s to stop)',
      '  - pod/web container/db   will be removed',
      '  - volume/data            will be removed',
      '',
      'Plan: 0 to create, 0 to replace, 0 to update in place, 1 volume, 1 pod and 1 container to remove.',
      '',
    ].join('\n'),
  );
});

test('volumes of PersistentVolumeClaims are removed also without a pod or a manifest', async () => {
  const observed: ObservedCase = { pods: { web: null }, containers: { 'web-db': null } };
  assert.deepEqual((await down('claim', observed)).commands, ['']);
  assert.deepEqual((await down('claim', observed, { volumes: true })).commands, ['podman volume rm data']);
});

test('a removed pod takes only PersistentVolumeClaims that no other pod mounts', async () => {
  const one = { volumes: true, pods: ['web'] };
  assert.deepEqual((await down('claim-of-two-pods', {}, one)).commands, [removed('web', 30)]);
  assert.deepEqual((await down('claim-of-two-pods', {}, { ...one, pods: ['web', 'worker'] })).commands, [
    removed('web', 30),
    removed('worker', 30),
    'podman volume rm data',
  ]);
  assert.deepEqual((await down('claim', {}, one)).commands, [removed('web', 30), 'podman volume rm data']);
});

test('volumes of other projects or not created by podpose are never removed', async () => {
  const claimOf = (project: string) => ({
    'podpose.project': project,
    'podpose.role': 'claim',
    'podpose.volume': 'theirs',
  });
  const others: ObservedCase = { volumes: { theirs: { labels: claimOf('other') }, strange: {} } };
  assert.deepEqual((await down('working-directory', others, { volumes: true })).commands, [
    removed('web', 30),
  ]);
});

/** The volume that `up --adopt` has adopted. */
const ADOPTED: ObservedCase = { volumes: { data: {} } };

test('an adopted volume is kept, and removed with --volumes, its record last', async () => {
  assert.deepEqual((await down('claim-volume-adopted', ADOPTED)).commands, [removed('web', 30)]);
  const { commands, text } = await down('claim-volume-adopted', ADOPTED, { volumes: true });
  assert.deepEqual(commands, [removed('web', 30), 'podman volume rm data', 'podman volume rm data_adopted']);
  assert.match(text, /- volume\/data +will be removed/);
});

test('a volume that was used without --adopt is not removed', async () => {
  const volumes = { volumes: { my_data: {} } };
  const { commands } = await down('claim-undeclared-with-a-volume-of-podman', volumes, { volumes: true });
  assert.deepEqual(commands, [removed('web', 30)]);
});

test('a volume that was created anew after its adoption is not removed; the old record is', async () => {
  const labels = { 'podpose.note-on': '2024-01-01T00:00:00.000Z' };
  const observed: ObservedCase = { volumes: { data: {}, data_adopted: { labels } } };
  const { commands, text } = await down('claim-volume-adopted', observed, { volumes: true });
  assert.deepEqual(commands, [removed('web', 30), 'podman volume rm data_adopted']);
  assert.match(text, /volume\/data_adopted /);
  assert.doesNotMatch(text, /volume\/data /);
});

test('a volume that another project has adopted is not removed', async () => {
  const labels = { 'podpose.project': 'other' };
  const observed: ObservedCase = { volumes: { data: {}, data_adopted: { labels } } };
  const { commands } = await down('claim-volume-adopted', observed, { volumes: true });
  assert.deepEqual(commands, [removed('web', 30)]);
});

function labels(project: string, pod: string, role: string): Readonly<Record<string, string>> {
  return { 'podpose.project': project, 'podpose.pod': pod, 'podpose.role': role };
}
