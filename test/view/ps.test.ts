import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { plainPaint } from '../../src/base/paint.ts';
import type { HostPort } from '../../src/kube/spec/desired.ts';
import { podSettings } from '../../src/kube/spec/settings.ts';
import { encodeSpec, LABEL } from '../../src/podman/labels.ts';
import type {
  ContainerState,
  ObservedContainer,
  ObservedPod,
  ObservedState,
} from '../../src/podman/inspect/observed.ts';
import { viewPods } from '../../src/engine/pod-facts.ts';
import { noPodsMessage } from '../../src/view/status/no-pods.ts';
import { renderPs, type PsFormat } from '../../src/view/status/ps.ts';
import { web } from './steps.ts';

const NOW = 1_800_000_000;

const PUBLISHED: readonly HostPort[] = [
  { container: 'app', hostIP: '127.0.0.1', hostPort: 8001, containerPort: 8080, protocol: 'TCP' },
  { container: 'app', hostIP: '::1', hostPort: 5353, containerPort: 53, protocol: 'UDP' },
];

function pod(
  name: string,
  project: string,
  infra: ObservedPod['infra'] = 'running',
  hostPorts: readonly HostPort[] = [],
): ObservedPod {
  const settings = podSettings({ ...web, labels: { app: name }, sandbox: { ...web.sandbox, hostPorts } });
  return {
    id: `${name}-0123456789abcdef`,
    name,
    labels: {
      app: name,
      [LABEL.project]: project,
      [LABEL.format]: '1',
      [LABEL.spec]: encodeSpec(settings),
    },
    owner: { project, pod: name, role: 'pod' },
    infra,
    infraStartedAt: 0,
  };
}

function container(
  podName: string,
  role: 'init' | 'container',
  name: string,
  state: ContainerState,
  rest: Partial<ObservedContainer> = {},
): ObservedContainer {
  return {
    id: `${name}-0123456789abcdef`,
    name: `${podName}-${name}`,
    labels: { [LABEL.format]: '1', [LABEL.spec]: '{}' },
    owner: { project: 'shop', pod: podName, role, name },
    podName,
    state,
    exitCode: 0,
    startedAt: NOW - 100,
    createdAt: NOW - 110,
    exitedAt: state === 'exited' ? NOW - 60 : 0,
    image: 'docker.io/library/nginx:1.27',
    imageId: 'sha256:feed',
    restarts: 0,
    ...rest,
  };
}

function observed(pods: readonly ObservedPod[], containers: readonly ObservedContainer[]): ObservedState {
  return { pods, containers, volumes: [], images: [] };
}

/** A pod that podpose did not make. */
const stranger: ObservedPod = {
  id: 'stranger-0123',
  name: 'stranger',
  labels: {},
  infra: 'running',
  infraStartedAt: 0,
};

const shop = observed(
  [pod('web', 'shop'), pod('db', 'shop'), pod('other', 'elsewhere'), stranger],
  [
    container('web', 'container', 'log', 'running', { restarts: 2, createdAt: NOW - 99 }),
    container('web', 'container', 'app', 'running', { createdAt: NOW - 100 }),
    container('web', 'init', 'setup', 'exited', { createdAt: NOW - 150 }),
    container('web', 'init', 'fetch', 'exited', { createdAt: NOW - 200 }),
    container('db', 'container', 'postgres', 'exited', { exitCode: 3 }),
    container('other', 'container', 'app', 'running'),
  ],
);

function print(format: PsFormat, state = shop): string {
  const pods = viewPods(state, { project: 'shop' });
  return renderPs(pods, format, { now: NOW, allProjects: false, paint: plainPaint });
}

test('pods in the format of kubectl, with containers in start order', () => {
  assert.equal(
    print('table'),
    [
      'NAME                   READY   STATUS       RESTARTS   AGE',
      'db                     0/1     Error        0          110s',
      '  container/postgres   0/1     ExitCode:3   0          110s',
      'web                    2/2     Running      2          3m20s',
      '  init/fetch           -       Completed    0          3m20s',
      '  init/setup           -       Completed    0          2m30s',
      '  container/app        1/1     Running      0          100s',
      '  container/log        1/1     Running      2          99s',
      '',
    ].join('\n'),
  );
});

for (const infra of ['exited', 'stopped', 'absent'] as const)
  test(`without a running infra container (${infra}), containers and ports are unreachable`, () => {
    const state = observed(
      [pod('web', 'shop', infra, PUBLISHED)],
      [container('web', 'container', 'app', 'running')],
    );
    const [, webRow = '', appRow = ''] = print('table', state).split('\n');
    assert.match(webRow, /^web +0\/1 +SandboxChanged +0 +110s$/);
    assert.match(appRow, /^ {2}container\/app +0\/1 +SandboxChanged +0 +110s$/);
    assert.match(print('wide', state), /^web .* - +- *$/m);
    const json = JSON.parse(print('json', state)) as {
      readonly items: readonly [{ readonly status: object }];
    };
    assert.match(
      JSON.stringify(json.items[0].status),
      /"type":"Ready","status":"False".*"ready":false,"started":true/,
    );
  });

test('a container that started before its infra container has lost its sandbox', () => {
  const restarted = { ...pod('web', 'shop', 'running', PUBLISHED), infraStartedAt: NOW - 100 };
  const app = (startedAt: number) =>
    print('table', observed([restarted], [container('web', 'container', 'app', 'running', { startedAt })]));
  assert.match(app(NOW - 101), /^web +0\/1 +SandboxChanged /m);
  assert.match(app(NOW - 100), /^web +1\/1 +Running .* 127\.0\.0\.1:8001->8080\/tcp/m);
});

test('wide adds addresses, ids, images and ports', () => {
  const state = observed(
    [{ ...pod('web', 'shop', 'running', PUBLISHED), addresses: ['10.89.0.2', 'fd00::2'] }],
    [container('web', 'container', 'app', 'running')],
  );
  assert.equal(
    print('wide', state),
    [
      'NAME              READY   STATUS    RESTARTS   AGE    IP          ID             IMAGE                          PORTS',
      'web               1/1     Running   0          110s   10.89.0.2   web-01234567   -                              127.0.0.1:8001->8080/tcp,[::1]:5353->53/udp',
      '  container/app   1/1     Running   0          110s   -           app-01234567   docker.io/library/nginx:1.27   -',
      '',
    ].join('\n'),
  );
});

test('published ports add a column, as in docker and compose', () => {
  const state = observed(
    [pod('web', 'shop', 'running', PUBLISHED), pod('db', 'shop')],
    [container('web', 'container', 'app', 'running'), container('db', 'container', 'sql', 'running')],
  );
  assert.equal(
    print('table', state),
    [
      'NAME              READY   STATUS    RESTARTS   AGE    PORTS',
      'db                1/1     Running   0          110s   -',
      '  container/sql   1/1     Running   0          110s   -',
      'web               1/1     Running   0          110s   127.0.0.1:8001->8080/tcp,[::1]:5353->53/udp',
      '  container/app   1/1     Running   0          110s   -',
      '',
    ].join('\n'),
  );
});

test('all projects: with a column, without foreign pods', () => {
  const text = renderPs(viewPods(shop, {}), 'table', {
    now: NOW,
    allProjects: true,
    paint: plainPaint,
  });
  assert.deepEqual(
    text.split('\n').map((line) => line.split(/ +/).slice(0, 2).join(' ')),
    [
      'PROJECT NAME',
      'elsewhere other',
      'elsewhere container/app',
      'shop db',
      'shop container/postgres',
      'shop web',
      'shop init/fetch',
      'shop init/setup',
      'shop container/app',
      'shop container/log',
      '',
    ],
  );
});

test('names and ids for scripts', () => {
  assert.equal(print('name'), 'pod/db\npod/web\n');
  assert.equal(
    print('ids'),
    ['postgres', 'fetch', 'setup', 'app', 'log'].map((name) => `${name}-0123456789abcdef\n`).join(''),
  );
});

test('only the selected pods', () => {
  assert.deepEqual(
    viewPods(shop, { project: 'shop', pods: ['db'] }).map(({ observed: { name } }) => name),
    ['db'],
  );
});

test('missing containers and the order come from the manifest', () => {
  const state = observed(
    [pod('web', 'shop')],
    [container('web', 'init', 'fetch', 'exited'), container('web', 'init', 'setup', 'running')],
  );
  const pods = viewPods(state, { project: 'shop' }, [web]);
  assert.equal(
    renderPs(pods, 'table', { now: NOW, allProjects: false, paint: plainPaint }),
    [
      'NAME              READY   STATUS            RESTARTS   AGE',
      'web               0/2     Init:1/2          0          110s',
      '  init/fetch      -       Completed         0          110s',
      '  init/setup      -       Running           0          110s',
      '  container/app   0/1     PodInitializing   0          -',
      '  container/log   0/1     PodInitializing   0          -',
      '',
    ].join('\n'),
  );
});

test('podman states in Kubernetes words', () => {
  const states: readonly (readonly [ContainerState, ObservedPod['infra'], string, string])[] = [
    ['created', 'created', 'Pending', 'ContainerCreating'],
    ['running', 'running', 'Running', 'Running'],
    ['paused', 'running', 'Running', 'Running'],
    ['stopping', 'running', 'Running', 'Running'],
    ['exited', 'running', 'Running', 'Completed'],
    ['exited', 'exited', 'Succeeded', 'Completed'],
    ['exited', 'absent', 'Succeeded', 'Completed'],
    ['unknown', 'running', 'Pending', 'Unknown'],
    ['running', 'stopping', 'Running', 'Terminating'],
  ];
  for (const [state, infra, phase, status] of states) {
    const [view] = viewPods(
      observed([pod('web', 'shop', infra)], [container('web', 'container', 'app', state)]),
      {},
    );
    assert.deepEqual([view?.status.phase, view?.status.status], [phase, status], `${state} ${infra}`);
  }
});

test('the restart policy comes from the last-applied record', () => {
  const labels = { [LABEL.format]: '1', [LABEL.spec]: encodeSpec({ restartPolicy: 'Never' }) };
  const state = observed(
    [pod('job', 'shop')],
    [container('job', 'container', 'work', 'exited', { exitCode: 1, labels })],
  );
  assert.equal(viewPods(state, {})[0]?.status.phase, 'Failed');
});

test('restarts with the time of the last one, as in kubectl', () => {
  const exitedAt = NOW - 12;
  const state = observed(
    [pod('web', 'shop')],
    [
      container('web', 'container', 'app', 'running', { restarts: 3, exitedAt, createdAt: NOW - 100 }),
      // It has just ended; podman no longer has the time of the end before.
      container('web', 'container', 'log', 'exited', { restarts: 2, exitedAt, createdAt: NOW - 99 }),
    ],
  );
  const [, ...table] = print('table', state).split('\n');
  assert.deepEqual(
    table.map((line) => line.trim().split(/ {2,}/).slice(0, 4).join(' | ')),
    [
      'web | 1/2 | NotReady | 5 (12s ago)',
      'container/app | 1/1 | Running | 3 (12s ago)',
      'container/log | 0/1 | Completed | 2 (100s ago)',
      '',
    ],
  );
});

test('a Secret that is missing at the start is a configuration error', () => {
  const startFailure = 'no secret with name or id "web-1": no such secret';
  const failed = (message: string) =>
    print(
      'table',
      observed(
        [pod('web', 'shop')],
        [container('web', 'container', 'app', 'created', { startedAt: 0, startFailure: message })],
      ),
    );
  assert.match(failed(startFailure), /^web +0\/1 +CreateContainerConfigError /m);
  assert.match(failed('crun: no such program'), /^web +0\/1 +RunContainerError /m);
});

test('no pods', () => {
  assert.equal(print('table', observed([], [])), '');
  assert.equal(print('ids', observed([], [])), '');
  assert.deepEqual(JSON.parse(print('json', observed([], []))), {
    apiVersion: 'v1',
    kind: 'PodList',
    metadata: {},
    items: [],
  });
  assert.equal(noPodsMessage('shop'), "No pods in project 'shop'.\n");
  assert.equal(noPodsMessage(undefined), 'No pods.\n');
});

test('JSON and YAML have the shape of a PodList', () => {
  const state = observed(
    [pod('web', 'shop')],
    [
      container('web', 'init', 'fetch', 'exited', { createdAt: NOW - 200 }),
      container('web', 'container', 'app', 'running', { restarts: 1 }),
    ],
  );
  const document: unknown = JSON.parse(print('json', state));
  assert.deepEqual(document, {
    apiVersion: 'v1',
    kind: 'PodList',
    metadata: {},
    items: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'web',
          uid: 'web-0123456789abcdef',
          labels: { app: 'web', 'podpose.project': 'shop' },
          creationTimestamp: '2027-01-15T07:56:40Z',
        },
        spec: {
          restartPolicy: 'Always',
          initContainers: [{ name: 'fetch', image: 'docker.io/library/nginx:1.27' }],
          containers: [{ name: 'app', image: 'docker.io/library/nginx:1.27' }],
        },
        status: {
          phase: 'Running',
          startTime: '2027-01-15T07:56:40Z',
          conditions: [
            { type: 'PodReadyToStartContainers', status: 'True' },
            { type: 'Initialized', status: 'True', lastTransitionTime: '2027-01-15T07:59:00Z' },
            { type: 'Ready', status: 'True', lastTransitionTime: '2027-01-15T07:58:20Z' },
            { type: 'ContainersReady', status: 'True', lastTransitionTime: '2027-01-15T07:58:20Z' },
            { type: 'PodScheduled', status: 'True', lastTransitionTime: '2027-01-15T07:56:40Z' },
          ],
          initContainerStatuses: [
            {
              name: 'fetch',
              ready: true,
              started: false,
              restartCount: 0,
              state: {
                terminated: {
                  exitCode: 0,
                  reason: 'Completed',
                  startedAt: '2027-01-15T07:58:20Z',
                  finishedAt: '2027-01-15T07:59:00Z',
                },
              },
              image: 'docker.io/library/nginx:1.27',
              imageID: 'sha256:feed',
              containerID: 'podman://fetch-0123456789abcdef',
            },
          ],
          containerStatuses: [
            {
              name: 'app',
              ready: true,
              started: true,
              restartCount: 1,
              state: { running: { startedAt: '2027-01-15T07:58:20Z' } },
              image: 'docker.io/library/nginx:1.27',
              imageID: 'sha256:feed',
              containerID: 'podman://app-0123456789abcdef',
            },
          ],
        },
      },
    ],
  });
  assert.deepEqual(parse(print('yaml', state)), document);
});

/** The pod 'web' with the list of its containers as it was made. */
function listed(list: string, rest: Partial<ObservedPod> = {}): ObservedPod {
  const made = pod('web', 'shop');
  return { ...made, labels: { ...made.labels, [LABEL.containers]: list }, ...rest };
}

const five = 'init/a,init/b,init/c,init/d,init/e,container/app';

/** What `ps` shows of the pod 'web', by the first columns of its rows. */
function rows(state: ObservedState, known: Parameters<typeof viewPods>[2] = []): readonly string[] {
  const table = renderPs(viewPods(state, {}, known), 'table', {
    now: NOW,
    allProjects: false,
    paint: plainPaint,
  });
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/ {2,}/).join(' '));
}

test('init containers are counted as they were applied, not as far as they exist', () => {
  const a = container('web', 'init', 'a', 'exited');
  const b = container('web', 'init', 'b', 'running');
  assert.deepEqual(rows(observed([listed(five)], [a, b])), [
    'web 0/1 Init:1/5 0 110s',
    'init/a - Completed 0 110s',
    'init/b - Running 0 110s',
    'init/c - PodInitializing 0 -',
    'init/d - PodInitializing 0 -',
    'init/e - PodInitializing 0 -',
    'container/app 0/1 PodInitializing 0 -',
  ]);
});

test('containers are in the order in which they were applied, whenever they were made', () => {
  const app = container('web', 'container', 'app', 'running', { createdAt: NOW - 1 });
  const log = container('web', 'container', 'log', 'running', { createdAt: NOW - 100 });
  const names = (state: ObservedState) => rows(state).map((row) => row.split(' ')[0]);
  assert.deepEqual(names(observed([listed('container/app,container/log')], [log, app])), [
    'web',
    'container/app',
    'container/log',
  ]);
  const labels = { ...app.labels, [LABEL.containers]: 'container/new,container/log,container/app' };
  const state = observed(
    [listed('container/app,container/log')],
    [app, log, container('web', 'container', 'new', 'running', { labels })],
  );
  assert.deepEqual(names(state), ['web', 'container/new', 'container/log', 'container/app']);
});

test('the containers as applied are expected, and of a given manifest only its own', () => {
  const state = observed(
    [listed('container/app,container/log')],
    [container('web', 'container', 'app', 'running')],
  );
  assert.deepEqual(rows(state), [
    'web 1/2 ContainerCreating 0 110s',
    'container/app 1/1 Running 0 110s',
    'container/log 0/1 ContainerCreating 0 -',
  ]);
  const conditions = viewPods(state, {})[0]?.status.conditions ?? [];
  assert.deepEqual(
    conditions.filter(({ type }) => type.endsWith('Ready')).map(({ type, status }) => `${type} ${status}`),
    ['Ready False', 'ContainersReady False'],
  );
  assert.equal(rows(state, [web])[0], 'web 1/2 ContainerCreating 0 110s');
  const inFile = { ...web, containers: web.containers.slice(0, 1) };
  assert.equal(rows(state, [inFile])[0], 'web 1/1 Running 0 110s');
});

test('a container with a failed start shows the reason', () => {
  const start = { startedAt: 0, startFailure: 'executable file `/bad` not found' };
  const state = observed([listed('container/app')], [container('web', 'container', 'app', 'created', start)]);
  assert.deepEqual(rows(state), [
    'web 0/1 RunContainerError 0 110s',
    'container/app 0/1 RunContainerError 0 110s',
  ]);
  assert.match(print('wide', state), /executable file `\/bad` not found$/m);
  const [item] = (
    JSON.parse(print('json', state)) as { items: { status: { containerStatuses: object[] } }[] }
  ).items;
  assert.deepEqual((item?.status.containerStatuses[0] as { state: object }).state, {
    waiting: { reason: 'RunContainerError', message: 'executable file `/bad` not found' },
  });
});

test('the age of a pod is that of its infra container', () => {
  const state = observed(
    [listed('container/app', { createdAt: NOW - 300 })],
    [container('web', 'container', 'app', 'running', { createdAt: NOW - 5 })],
  );
  assert.deepEqual(rows(state), ['web 1/1 Running 0 5m', 'container/app 1/1 Running 0 5s']);
});

test('a replacement container is not shown', () => {
  const next = { name: 'web-app_new', startedAt: 0 };
  const state = observed(
    [listed('container/app')],
    [container('web', 'container', 'app', 'running'), container('web', 'container', 'app', 'created', next)],
  );
  assert.deepEqual(rows(state), ['web 1/1 Running 0 110s', 'container/app 1/1 Running 0 110s']);
});
