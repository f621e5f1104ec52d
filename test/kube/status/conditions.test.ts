import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodFacts } from '../../../src/kube/status/facts.ts';
import { podStatus } from '../../../src/kube/status/pod-status.ts';
import * as facts from './facts.ts';
import { never, pod, probed, sidecar } from './facts.ts';

const { absent, running, completed, failed, backOff, cutOff } = facts;

/** A condition in one line: `Ready=False ContainersNotReady (containers with unready status: [c0])`. */
function lines(subject: PodFacts): readonly string[] {
  return podStatus(subject).conditions.map(({ type, status, reason, message, lastTransitionTime }) =>
    [
      `${type}=${status}`,
      ...(reason === undefined ? [] : [reason]),
      ...(message === undefined ? [] : [`(${message})`]),
      ...(lastTransitionTime === undefined ? [] : [`since ${lastTransitionTime}`]),
    ].join(' '),
  );
}

/** Ready and ContainersReady are equal, as no pod has readiness gates. */
const ready = (finding: string) => [`Ready=${finding}`, `ContainersReady=${finding}`];
const sandbox = 'PodReadyToStartContainers=True';
const scheduled = 'PodScheduled=True';
const unready = (names: string) =>
  ready(`False ContainersNotReady (containers with unready status: [${names}])`);
const incomplete = (names: string) =>
  `Initialized=False ContainersNotInitialized (containers with incomplete status: [${names}])`;

const at = (stage: facts.Stage, startedAt: number, finishedAt?: number) => ({
  stage,
  startedAt,
  ...(finishedAt === undefined ? {} : { finishedAt }),
});
const times = { createdAt: 10, sandboxStartedAt: 11 };

const cases: readonly (readonly [string, PodFacts, readonly string[]])[] = [
  ['ready', pod([], [running]), [sandbox, 'Initialized=True', ...ready('True'), scheduled]],
  [
    'since when, as far as it is known',
    pod([at(completed, 12, 15)], [at(running, 16), at(running, 18)], times),
    [`${sandbox} since 11`, 'Initialized=True since 15', ...ready('True since 18'), `${scheduled} since 10`],
  ],
  [
    'without init containers, initialized since the sandbox runs',
    pod([], [at(running, 16)], times),
    [`${sandbox} since 11`, 'Initialized=True since 11', ...ready('True since 16'), `${scheduled} since 10`],
  ],
  [
    'with a removed init container',
    pod([absent], [at(running, 16)], times),
    [`${sandbox} since 11`, 'Initialized=True', ...ready('True since 16'), `${scheduled} since 10`],
  ],
  [
    'two containers are not ready',
    pod([], [running, failed, backOff]),
    [sandbox, 'Initialized=True', ...unready('c1 c2'), scheduled],
  ],
  [
    'initializing',
    pod([completed, running, absent], [absent]),
    [sandbox, incomplete('i1 i2'), ...unready('c0'), scheduled],
  ],
  [
    'initializing again: it was initialized before',
    pod([running], [cutOff(failed)]),
    [sandbox, 'Initialized=True', ...unready('c0'), scheduled],
  ],
  [
    'succeeded',
    pod([at(completed, 12, 15)], [at(completed, 16, 19)], { ...never, ...times }),
    [
      `${sandbox} since 11`,
      'Initialized=True PodCompleted since 15',
      ...ready('False PodCompleted'),
      `${scheduled} since 10`,
    ],
  ],
  ['failed', pod([], [failed], never), [sandbox, 'Initialized=True', ...ready('False PodFailed'), scheduled]],
  [
    'failed in an init container',
    pod([failed], [absent], never),
    [sandbox, incomplete('i0'), ...ready('False PodFailed'), scheduled],
  ],
  [
    'no container is known',
    pod([], []),
    [sandbox, 'Initialized=True', ...ready('False UnknownContainerStatuses'), scheduled],
  ],
  [
    'one failed and one runs, Never',
    pod([], [running, failed], never),
    [sandbox, 'Initialized=True', ...unready('c1'), scheduled],
  ],
  [
    'nothing probes',
    pod([], [running, probed({ ready: 'unknown' })]),
    [
      sandbox,
      'Initialized=True',
      ...ready('Unknown UnknownContainerStatuses (containers with unknown status: [c1])'),
      scheduled,
    ],
  ],
  [
    'nothing probes one, and another does not run',
    pod([], [probed({ started: 'unknown' }), failed]),
    [
      sandbox,
      'Initialized=True',
      ...ready(
        'False ContainersNotReady (containers with unknown status: [c0], containers with unready status: [c1])',
      ),
      scheduled,
    ],
  ],
  [
    'probed, and ready since then',
    pod([], [{ ...probed({ ready: true, readySince: 25 }), startedAt: 16 }], times),
    [`${sandbox} since 11`, 'Initialized=True since 11', ...ready('True since 25'), `${scheduled} since 10`],
  ],
  [
    'probed, and ready for an unknown time',
    pod([], [{ ...probed({ ready: true }), startedAt: 16 }]),
    [sandbox, 'Initialized=True', ...ready('True'), scheduled],
  ],
  [
    'a sidecar has not started',
    pod([sidecar(running, { started: false })], [absent]),
    [sandbox, incomplete('i0'), ...unready('i0 c0'), scheduled],
  ],
  [
    'a sidecar initializes the pod when it starts',
    pod([sidecar(running, { startedAt: 12 })], [at(running, 16)], times),
    [`${sandbox} since 11`, 'Initialized=True since 12', ...ready('True since 16'), `${scheduled} since 10`],
  ],
];

for (const [name, subject, expected] of cases)
  test(`conditions: ${name}`, () => {
    assert.deepEqual(lines(subject), expected);
  });

test('conditions: without a sandbox that runs', () => {
  const { sandboxStartedAt, ...stopped } = pod([], [cutOff(completed)], facts.terminal);
  assert.equal(sandboxStartedAt, 0);
  assert.equal(lines(stopped)[0], 'PodReadyToStartContainers=False');
});
