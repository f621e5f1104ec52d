import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ContainerRole } from '../../src/kube/spec/desired.ts';
import { planRestartContainers, planStart } from '../../src/plan/plan-start.ts';
import { planStop } from '../../src/plan/plan-stop.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { encodeSpec, LABEL, OWNER_LABEL, STOPPED_RUN_LABEL } from '../../src/podman/labels.ts';
import type {
  ContainerState,
  ObservedContainer,
  ObservedPod,
  ObservedState,
  ObservedVolume,
} from '../../src/podman/inspect/observed.ts';
import type { Result } from '../../src/base/result.ts';

const SANDBOX_START = 100;

interface Situation {
  readonly infra?: ObservedPod['infra'];
  /** State, exit code and seconds of the start, by container. Others run since 110, or have completed. */
  readonly containers?: Readonly<Record<string, Partial<ObservedContainer>>>;
  readonly without?: readonly string[];
  readonly settings?: object;
  readonly volumes?: readonly Partial<ObservedVolume>[];
  readonly podLabels?: Readonly<Record<string, string>>;
  /** The start of the run of the container that ends by itself, from the record of its stop. */
  readonly stoppedRun?: number;
}

/** A pod with an init container, a container and a container that ends by itself. */
function observed({
  infra = 'running',
  containers = {},
  without = [],
  settings = {},
  volumes = [],
  podLabels,
  stoppedRun,
}: Situation): ObservedState {
  const labels = (spec: object) => ({ [LABEL.format]: '1', [LABEL.spec]: encodeSpec(spec) });
  const container = (role: ContainerRole, name: string, spec: object): ObservedContainer => ({
    id: name,
    name: `web-${name}`,
    labels: labels(spec),
    owner: { project: 'shop', pod: 'web', role, name },
    podName: 'web',
    state: role === 'init' ? 'exited' : 'running',
    exitCode: 0,
    startedAt: 110,
    createdAt: 105,
    exitedAt: role === 'init' ? 111 : 0,
    image: 'app',
    imageId: 'app',
    ...containers[name],
  });
  const recordOfJob = (run: number): ObservedContainer => ({
    ...container('container', 'job', { restartPolicy: 'OnFailure' }),
    ...{ id: 'record', name: 'web-job-note', state: 'created', startedAt: 0 },
    owner: { project: 'shop', pod: 'web', role: 'note', name: 'job' },
    labels: {
      ...labels({ restartPolicy: 'OnFailure' }),
      ...{ [LABEL.recordOf]: 'job', [STOPPED_RUN_LABEL]: run.toString() },
    },
  });
  return {
    pods: [
      {
        id: 'web',
        name: 'web',
        labels: podLabels ?? {
          ...labels({ spec: { hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }] } }),
          [LABEL.containers]: 'init/setup,container/app,container/job',
        },
        owner: { project: 'shop', pod: 'web', role: 'pod' },
        infra,
        infraStartedAt: SANDBOX_START,
      },
    ],
    containers: [
      ...(stoppedRun === undefined ? [] : [recordOfJob(stoppedRun)]),
      container('container', 'job', { restartPolicy: 'OnFailure' }),
      container('container', 'app', { terminationGracePeriodSeconds: 7, workingDir: '/srv', ...settings }),
      container('init', 'setup', {}),
    ].filter(({ owner }) => !without.includes(owner?.name ?? '')),
    volumes: volumes.map((volume) => ({
      name: 'web-tokens',
      labels: {},
      owner: { project: 'shop', pod: 'web', role: 'secret', name: 'tokens' },
      createdAt: '',
      options: {},
      mountCount: 1,
      ...volume,
    })),
    images: [],
  };
}

const exited = (exitCode: number, rest: Partial<ObservedContainer> = {}): Partial<ObservedContainer> => ({
  state: 'exited',
  exitCode,
  exitedAt: 120,
  ...rest,
});
const STOPPED: Situation = { infra: 'exited', containers: { app: exited(143), job: exited(143) } };

const START = [
  '[] infra/web start-infra',
  '[infra/web] pod/web init/setup start-init-container',
  '[pod/web init/setup] pod/web container/app start-container',
];
const ALL = [...START, '[pod/web init/setup] pod/web container/job start-container'];
const after = (first: string, steps: readonly string[]) => [
  first,
  ...steps.map((step) => step.replace(/^\[\]/, `[${first.split(' ')[1] ?? ''}]`)),
];

const state = (name: ContainerState): Partial<ObservedContainer> => ({ state: name });

const STARTS: Readonly<Record<string, { readonly of: Situation; readonly steps: readonly string[] }>> = {
  'a pod that runs: nothing': { of: {}, steps: [] },
  'a stopped pod: init containers run again, then all others start': { of: STOPPED, steps: ALL },
  'a completed container stays completed': {
    of: { infra: 'exited', containers: { app: exited(143), job: exited(0) } },
    steps: START,
  },
  'a container that ended with 0 when podpose stopped its pod starts again': {
    of: { infra: 'exited', containers: { app: exited(143), job: exited(0) }, stoppedRun: 110 },
    steps: ALL,
  },
  'an interrupted start has started its pod only': {
    of: {
      containers: {
        app: exited(143, { startedAt: 50 }),
        job: exited(0, { startedAt: 50 }),
        setup: exited(1),
      },
      stoppedRun: 50,
    },
    steps: ALL.map((line) => line.replace('[infra/web]', '[]')).slice(1),
  },
  'a container that has completed in a run after the stop': {
    of: { infra: 'exited', containers: { app: exited(143), job: exited(0) }, stoppedRun: 50 },
    steps: START,
  },
  'a container that has completed after an interrupted stop': {
    of: { containers: { app: exited(143), job: exited(0) }, stoppedRun: 110 },
    steps: ['[] pod/web container/app start-container'],
  },
  'a pod that was never started': {
    of: {
      infra: 'created',
      containers: {
        setup: { state: 'created', startedAt: 0 },
        app: { state: 'created', startedAt: 0 },
        job: { state: 'created', startedAt: 0 },
      },
    },
    steps: ALL,
  },
  'one container has ended: it starts, and no init container runs': {
    of: { containers: { app: exited(1) } },
    steps: ['[] pod/web container/app start-container'],
  },
  'a start that failed in its init container continues there': {
    of: {
      containers: {
        setup: exited(1),
        app: exited(143, { startedAt: 50 }),
        job: exited(0, { startedAt: 50 }),
      },
    },
    steps: [
      '[] pod/web init/setup start-init-container',
      '[pod/web init/setup] pod/web container/app start-container',
    ],
  },
  'a paused container': {
    of: { containers: { app: state('paused') } },
    steps: ['[] unpause/web/app unpause-container'],
  },
  'a container whose stop was interrupted': {
    of: { containers: { app: state('stopping') } },
    steps: ['[] stop/web stop-containers', '[stop/web] pod/web container/app start-container'],
  },
  'a container of an earlier sandbox': {
    of: { containers: { app: { startedAt: 50 } } },
    steps: ['[] stop/web stop-containers', '[stop/web] pod/web container/app start-container'],
  },
  'a pod whose stop was interrupted': {
    of: { infra: 'stopping', containers: { app: state('stopping'), job: exited(0) } },
    steps: after('[] stop-pod/web stop-pod', START),
  },
};

const OBSTACLES: Readonly<Record<string, { readonly of: Situation; readonly why: string }>> = {
  'no infra container': { of: { infra: 'absent' }, why: 'its infra container was removed' },
  'no labels': { of: { podLabels: {} }, why: 'its labels cannot be read' },
  'an init container was never created': { of: { without: ['setup'] }, why: 'init/setup does not exist' },
  'only init containers exist': { of: { without: ['app', 'job'] }, why: 'container/app does not exist' },
  'a renamed container': {
    of: { containers: { setup: { name: 'other' } } },
    why: 'init/setup does not exist',
  },
  'a Secret in memory that is lost': {
    of: { ...STOPPED, volumes: [{ options: { type: 'tmpfs' }, mountCount: 0 }] },
    why: 'the contents of its volume tokens were in memory and are lost',
  },
  'a variable from a file': {
    of: { settings: { env: [{ name: 'A', value: { before: '', fileKey: { volume: 'v' }, after: '' } }] } },
    why: 'variables of app are read from a file at each start',
  },
};

const INPUT = { project: 'shop', restart: false } as const;

void describe('planStart', () => {
  for (const [name, { of, steps }] of Object.entries(STARTS))
    test(name, () => {
      assert.deepEqual(linesOf(planStart({ ...INPUT, observed: observed(of) })), steps);
    });
  for (const [name, { of, why }] of Object.entries(OBSTACLES))
    test(`needs the manifest: ${name}`, () => {
      const plan = planStart({ ...INPUT, observed: observed(of) });
      assert.ok(!plan.ok);
      assert.equal(plan.error[0]?.message, `cannot start pod/web without its manifest: ${why}`);
    });

  test('a Secret in memory that is still mounted is no obstacle', () => {
    const of = { ...STOPPED, volumes: [{ options: { type: 'tmpfs' }, mountCount: 1 }] };
    assert.ok(planStart({ ...INPUT, observed: observed(of) }).ok);
  });

  test('the steps have the settings of the last-applied records', () => {
    const mount = {
      name: 'code',
      mountPath: '/code',
      subPath: 'app',
      source: { type: 'hostPath', path: '/x' },
    };
    const of = { ...STOPPED, settings: { volumeMounts: [mount] } };
    const plan = planStart({ ...INPUT, observed: observed(of) });
    assert.ok(plan.ok);
    const operation = (id: string) => plan.value.steps.find((step) => step.id === id)?.operation;
    assert.deepEqual(operation('infra/web'), {
      kind: 'start-infra',
      pod: 'web',
      sandbox: { hostNetwork: false, hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }] },
    });
    assert.deepEqual(operation('pod/web container/app'), {
      kind: 'start-container',
      pod: 'web',
      container: 'app',
      isReplacement: false,
      workingDir: '/srv',
    });
    assert.deepEqual(operation('sub-path/web/app/code'), {
      kind: 'make-sub-path',
      pod: 'web',
      container: 'app',
      role: 'container',
      from: { type: 'path', path: '/x' },
      mount: { readOnly: false, ...mount },
      index: 0,
      subPath: 'app',
    });
    const setup = plan.value.steps.find(({ id }) => id === 'pod/web init/setup');
    assert.equal(setup?.retry, 'back-off');
  });
});

void describe('planStart with restart', () => {
  const RESTARTED = after('[] stop-pod/web stop-pod', ALL);
  const cases: Readonly<Record<string, { readonly of: Situation; readonly steps: readonly string[] }>> = {
    'a pod that runs is stopped first': {
      of: {},
      steps: ['[] record-stop/web/job record-stop', ...RESTARTED],
    },
    'a stopped pod is started': { of: STOPPED, steps: ALL },
    'a completed pod runs again': {
      of: { infra: 'exited', containers: { app: exited(0), job: exited(0) } },
      steps: ALL,
    },
  };
  for (const [name, { of, steps }] of Object.entries(cases))
    test(name, () => {
      assert.deepEqual(linesOf(planStart({ ...INPUT, restart: true, observed: observed(of) })), steps);
    });
});

void describe('planRestartContainers', () => {
  const restartOf = (of: Situation, container: string) =>
    planRestartContainers({
      ...INPUT,
      restart: true,
      observed: observed(of),
      containers: new Map([['web', [container]]]),
    });

  test('stops and starts a container within its grace period, without init containers', () => {
    const plan = restartOf({}, 'app');
    assert.deepEqual(linesOf(plan), [
      '[] stop/web/app stop-containers',
      '[stop/web/app] pod/web container/app start-container',
    ]);
    assert.ok(plan.ok);
    const stop = plan.value.steps[0]?.operation;
    assert.ok(stop?.kind === 'stop-containers');
    assert.deepEqual([stop.containers, stop.graceSeconds], [['web-app'], 7]);
  });
  test('starts a container that has ended', () => {
    assert.deepEqual(linesOf(restartOf({ containers: { app: exited(1) } }, 'app')), [
      '[] pod/web container/app start-container',
    ]);
  });
  test('unpauses a paused container first', () => {
    assert.deepEqual(linesOf(restartOf({ containers: { app: state('paused') } }, 'app')), [
      '[] unpause/web/app unpause-container',
      '[unpause/web/app] stop/web/app stop-containers',
      '[stop/web/app] pod/web container/app start-container',
    ]);
  });
  test('refuses a container of a stopped pod', () => {
    const plan = restartOf(STOPPED, 'app');
    assert.ok(!plan.ok);
    assert.deepEqual(
      plan.error.map((diagnostic) => diagnostic.message),
      ['cannot restart web/app: its pod is stopped'],
    );
  });
});

void describe('planStop', () => {
  /** Of the running container whose end with 0 would count as its completion. */
  const RECORD = {
    ...{ kind: 'record-stop', project: 'shop', pod: 'web', container: 'job', containerId: 'job' },
    ...{ image: 'app', isWatched: false, watcherRecord: '', stoppedRun: 110 },
    specLabels: { [LABEL.format]: '1', [LABEL.spec]: encodeSpec({ restartPolicy: 'OnFailure' }) },
  };
  const stopOf = (of: Situation, graceSeconds?: number) =>
    planStop({ project: 'shop', observed: observed(of), graceSeconds }).steps.map(
      ({ operation }) => operation,
    );

  test('stops pods of which anything is up, within the longest grace period', () => {
    const stop = { kind: 'stop-pod', pod: 'web', graceSeconds: 30, containers: 3 };
    assert.deepEqual(stopOf({}), [RECORD, stop]);
    assert.deepEqual(stopOf({}, 0), [RECORD, { ...stop, graceSeconds: 0 }]);
    assert.deepEqual(stopOf({ containers: { app: state('paused') } }), [RECORD, { ...stop, isPaused: true }]);
    assert.deepEqual(stopOf({ infra: 'exited', containers: { job: exited(0) } }), [stop]);
    assert.deepEqual(stopOf(STOPPED), []);
  });
  test('containers with preStop hooks stop before their pod, within the same grace period', () => {
    const preStop = { exec: { command: ['bye'] } };
    const settings = { settings: { preStop } };
    const terminate = {
      ...{ kind: 'terminate-containers', pod: 'web', sidecars: [], graceSeconds: 30 },
      containers: [{ name: 'web-app', preStop }, { name: 'web-job' }],
      ...{ besideOthers: false, hostNetwork: false },
    };
    const stop = { kind: 'stop-pod', pod: 'web', graceSeconds: 30, containers: 3 };
    assert.deepEqual(stopOf(settings), [RECORD, terminate, stop]);
    assert.deepEqual(stopOf(settings, 0), [RECORD, { ...stop, graceSeconds: 0 }]);
    assert.deepEqual(stopOf({ ...settings, containers: { app: exited(1) } }), [RECORD, stop]);
    const paused = { ...settings, containers: { job: state('paused') } };
    assert.deepEqual(stopOf(paused), [{ ...stop, isPaused: true }]);
  });
  test('a pod is stopped after the records, even if they fail', () => {
    const { steps } = planStop({ project: 'shop', observed: observed({}) });
    assert.deepEqual(
      steps.map(({ id, needs, after: ids }) => [id, needs, ids]),
      [
        ['record-stop/web/job', [], undefined],
        ['stop-pod/web', [], ['record-stop/web/job']],
      ],
    );
  });
  test('the end of a pod of a Job is counted: it is not recorded', () => {
    const podLabels = { [OWNER_LABEL]: 'job/report' };
    assert.deepEqual(
      stopOf({ podLabels }).map(({ kind }) => kind),
      ['stop-pod'],
    );
  });
  test('leaves out pods of other projects and pods that are not selected', () => {
    const all = observed({});
    assert.deepEqual(planStop({ project: 'other', observed: all }).steps, []);
    assert.deepEqual(planStop({ project: 'shop', observed: all, pods: ['db'] }).steps, []);
  });
});

function linesOf(plan: Result<Plan>): readonly string[] {
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value.steps.map(({ id, needs, operation }) => `[${needs.join(', ')}] ${id} ${operation.kind}`);
}
