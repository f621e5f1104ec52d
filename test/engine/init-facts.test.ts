import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { addInitFacts } from '../../src/engine/init-facts.ts';
import { viewPods } from '../../src/engine/pod-facts.ts';
import type { ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';
import { encodeWatcherRecord } from '../../src/podman/watcher-record.ts';
import { observedContainer } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const CREATED = 1_767_225_605;
const END = { exitCode: 3, reason: 'Error', finishedAt: (CREATED - 9) * 1000 };
const RECORD = encodeWatcherRecord({
  ...{ at: 1, restarts: 2, lastEnd: END },
  backOff: { seconds: 20, restartedAt: CREATED * 1000 },
});

interface Given {
  readonly container?: Partial<ObservedContainer>;
  readonly infra?: ObservedPod['infra'];
  /** Another podpose holds the lock of the project. */
  readonly isInWork?: boolean;
  readonly events?: readonly object[];
  /** Other containers of the pod. */
  readonly others?: readonly ObservedContainer[];
  readonly ofInitialized?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

async function factsOf({ container, infra = 'running', isInWork = false, ...given }: Given) {
  const { events = [], others = [], ofInitialized = true, env = {} } = given;
  const { engine } = testEngine(
    {},
    scriptedRunner((command) => {
      for (const event of events) command.print(JSON.stringify(event));
      command.exit(0);
    }),
  );
  const lock = () =>
    Promise.resolve(success(isInWork ? { kind: 'busy' as const, holder: 'podpose up, process 7' } : FREE));
  const observed: ObservedContainer = {
    ...observedContainer('web-setup', 'exited', 3),
    ...{ createdAt: CREATED, startedAt: CREATED + 1, exitedAt: CREATED + 2, podName: 'web' },
    owner: { project: 'demo', pod: 'web', role: 'init', name: 'setup' },
    ...container,
  };
  const pod = { id: 'pod', name: 'web', labels: {}, infra, infraStartedAt: CREATED };
  const platform = { ...engine.platform, lock, env };
  const [found] = await addInitFacts({ ...engine, platform }, [observed, ...others], [pod], ofInitialized);
  return found?.watched;
}

const FREE = { kind: 'taken' as const, release: () => undefined };

suite('an init container', () => {
  const retried = { labels: { 'podpose.watcher': RECORD } };
  const lastEnd = { exitCode: 3, reason: 'Error', finishedAt: CREATED - 9 };

  test('that was not retried has no facts', async () => {
    assert.equal(await factsOf({}), undefined);
  });

  test('that is a retry has the restarts of its record', async () => {
    assert.deepEqual(await factsOf({ container: retried }), { restarts: 2, lastEnd });
  });

  test('that has failed backs off while another podpose is at work', async () => {
    const first = await factsOf({ isInWork: true });
    assert.deepEqual(first, { restarts: 0, waitSeconds: 0, restartAt: CREATED + 2 }, 'at once');
    const third = await factsOf({ isInWork: true, container: retried });
    assert.deepEqual(third, { restarts: 2, lastEnd, waitSeconds: 20, restartAt: CREATED + 22 });
  });

  test('that fails after a run of more than 10 minutes is retried at once', async () => {
    const facts = await factsOf({ isInWork: true, container: { ...retried, exitedAt: CREATED + 601 } });
    assert.deepEqual([facts?.waitSeconds, facts?.restartAt], [0, CREATED + 601]);
  });

  test('has the back-off that PODPOSE_BACK_OFF sets', async () => {
    const env = { PODPOSE_BACK_OFF: '1' };
    const facts = await factsOf({ isInWork: true, container: retried, env });
    assert.deepEqual([facts?.waitSeconds, facts?.restartAt], [2, CREATED + 4]);
    const later = await factsOf({ isInWork: true, container: { ...retried, exitedAt: CREATED + 61 }, env });
    assert.equal(later?.waitSeconds, 0);
  });

  for (const [what, given] of [
    ['that has completed', { container: { exitCode: 0 } }],
    ['that runs', { container: { state: 'running' } }],
    ['of a stopped pod', { infra: 'exited' }],
    ['of the app', { container: { owner: { project: 'demo', pod: 'web', role: 'container', name: 'a' } } }],
  ] as const)
    test(`${what} does not`, async () => {
      assert.equal(await factsOf({ isInWork: true, ...given }), undefined);
    });

  test('that was started again has the restarts of the events', async () => {
    const event = (Status: string, seconds: number) => ({
      ...{ ID: 'web-setup', Status, Time: new Date((CREATED + seconds) * 1000).toISOString() },
      ...(Status === 'died' ? { ContainerExitCode: 3 } : {}),
    });
    const events = [event('start', 0), event('died', 1), event('start', 60), event('died', 61)];
    const facts = await factsOf({ events, container: { ...retried, startedAt: CREATED + 60 } });
    assert.deepEqual([facts?.restarts, facts?.lastEnd?.exitCode], [3, 3]);
    const app: ObservedContainer = {
      ...observedContainer('web-app', 'running'),
      ...{ podName: 'web', startedAt: CREATED + 70 },
      owner: { project: 'demo', pod: 'web', role: 'container', name: 'app' },
    };
    for (const [ofInitialized, restarts] of [
      [true, 3],
      [false, 2],
    ] as const) {
      const given = { events, others: [app], ofInitialized };
      const ofTable = await factsOf({ ...given, container: { ...retried, startedAt: CREATED + 60 } });
      assert.equal(ofTable?.restarts, restarts, 'a table asks for no events of a pod that is initialized');
    }
  });
});

for (const [restartPolicy, status] of [
  ['Always', 'Init:CrashLoopBackOff'],
  ['OnFailure', 'Init:CrashLoopBackOff'],
  ['Never', 'Init:Error'],
] as const)
  test(`a failed init container of a pod that restarts ${restartPolicy}, while podpose is at work`, () => {
    const owner = { project: 'demo', pod: 'web' } as const;
    const pod: ObservedPod = {
      ...{ id: 'pod', name: 'web', labels: {}, owner: { ...owner, role: 'pod' } },
      ...{ infra: 'running', infraStartedAt: CREATED },
    };
    const setup: ObservedContainer = {
      ...observedContainer('web-setup', 'exited', 3),
      ...{ podName: 'web', startedAt: CREATED + 1, exitedAt: CREATED + 2 },
      owner: { ...owner, role: 'init', name: 'setup' },
      watched: { restarts: 2, waitSeconds: 40, restartAt: CREATED + 42 },
    };
    const manifest = {
      ...{ name: 'web', restartPolicy, containers: [{ name: 'app' }] },
      initContainers: [{ name: 'setup' }],
    };
    const state = { pods: [pod], containers: [setup], volumes: [], images: [] };
    const [view] = viewPods(state, {}, [manifest]);
    assert.deepEqual([view?.status.status, view?.status.restarts], [status, 2]);
  });
