import assert from 'node:assert/strict';
import { abortController } from '../../src/base/abort.ts';
import type { Failure } from '../../src/engine/failure.ts';
import { planLoaded } from '../../src/engine/plan-project.ts';
import { projectLock } from '../../src/engine/project-lock.ts';
import { planTakeDown } from '../../src/engine/take-down.ts';
import { convertPod } from '../../src/kube/convert/pod.ts';
import type { Workload } from '../../src/kube/workloads/workload.ts';
import type { SourcedPod } from '../../src/kube/pod-set.ts';
import type { Pod } from '../../src/manifest/schema/generated/kubernetes.ts';
import type { UpOptions } from '../../src/plan/plan-up.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { testEngine } from '../support/platform.ts';
import type { Shuffle } from '../support/podman-state.ts';
import { NO_OBJECTS, CONTEXT } from '../support/context.ts';
import { carryOut, type Choose, type Journey, type Machine, type Trouble } from './journey.ts';
import { IMAGES } from './manifests.ts';
import { modelPodman } from './podman.ts';
import { emptyState, type ModelState, type Release } from './state.ts';
import { watchOver } from './watch.ts';

export const PROJECT = 'demo';

/** What is there before podpose comes: things of other people, some under names that are close to the project's. */
export function inhabitedState(release: Release): ModelState {
  const empty = emptyState(release, IMAGES);
  const theirs = (role: string, name: Readonly<Record<string, string>>) => ({
    'podpose.project': 'elsewhere',
    'podpose.pod': 'web',
    'podpose.role': role,
    ...name,
  });
  const stranger = {
    state: 'running',
    exitCode: 0,
    startedAt: 1,
    exitedAt: 0,
    restartPolicy: 'always',
    limits: {},
    image: 'docker.io/library/app:1',
    imageId: 'app-1',
    volumes: [],
    reachesInto: [],
    anchors: [],
  } as const;
  return {
    ...empty,
    images: { 'localhost/built:1': IMAGES['localhost/built:1'] },
    paths: ['/srv'],
    pods: {
      kube: { id: 'kube', labels: {}, infra: 'running', infraStartedAt: 1, starts: 1, initialised: {} },
    },
    containers: {
      'kube-a': { ...stranger, id: 'kube-a', labels: {}, pod: 'kube', volumes: ['theirs'] },
      'web-theirs': {
        ...stranger,
        id: 'web-theirs',
        labels: theirs('container', { 'podpose.container': 'theirs' }),
        volumes: ['web-kept'],
      },
    },
    networks: {
      'podpose-elsewhere': { labels: { 'podpose.project': 'elsewhere', 'podpose.role': 'network' } },
    },
    volumes: {
      theirs: { id: 'theirs', labels: {}, isTmpfs: false, holds: 0 },
      'web-kept': {
        id: 'web-kept',
        labels: theirs('emptyDir', { 'podpose.volume': 'kept' }),
        isTmpfs: false,
        holds: 0,
      },
      'web-left': {
        id: 'web-left',
        labels: theirs('emptyDir', { 'podpose.volume': 'left' }),
        isTmpfs: false,
        holds: 0,
      },
    },
  };
}

/** The desired pods of valid manifests. */
export function desire(pods: readonly Pod[]): readonly SourcedPod[] {
  return pods.map((pod) => {
    const known = DESIRED.get(pod) ?? desireOne(pod);
    DESIRED.set(pod, known);
    return known;
  });
}

/** The manifests of a story are applied several times. */
const DESIRED = new WeakMap<Pod, SourcedPod>();

function desireOne(pod: Pod): SourcedPod {
  return {
    pod: convertPod(pod, { ...CONTEXT, manifestDirectory: '/home/ann', objects: NO_OBJECTS }),
    locate: () => ({ file: 'pod.yaml', line: 1, column: 1 }),
    ports: { usesDefaultHostIP: false, unpublished: [], declared: [] },
    undeclaredClaims: new Set(),
    locateClaim: () => undefined,
    locatePersistentVolume: () => undefined,
  };
}

const OPTIONS: UpOptions = { forceRecreate: false, removeOrphans: true, adopt: false };

/** podpose on a machine whose podman is in this state. Time passes only while podpose sleeps. */
export function machineWith(state: ModelState, shuffle?: Shuffle): Machine {
  let now = 0;
  const podman = modelPodman(state, shuffle);
  const { engine } = testEngine(
    {
      paths: Object.fromEntries(state.paths.map((path) => [path, 'directory'])),
      // All steps that can run at the same time do: so every order is possible.
      cpus: Infinity,
      clock: {
        now: () => now,
        sleep: (milliseconds) => {
          now += milliseconds;
          return Promise.resolve();
        },
      },
    },
    podman,
  );
  return { engine, podman };
}

/** The plan of `up`. It is an error when podpose refuses to make a plan. */
export async function planUpFor(
  { engine }: Machine,
  pods: readonly SourcedPod[],
  options: Partial<UpOptions> = {},
  workloads: readonly Workload[] = [],
): Promise<Plan> {
  const { keeper } = CONTEXT;
  const planned = await planLoaded(engine, {
    project: PROJECT,
    loaded: {
      ...{ sources: [], documents: [], objects: 0, pods, workloads, services: [], diagnostics: [] },
      ...{ isSound: true, keeper },
    },
    options: { ...OPTIONS, ...options },
  });
  assert.ok(planned.ok, planned.ok ? '' : messagesOf(planned.error));
  return planned.value.plan;
}

/** The same for a state, without applying it. */
export function planFor(
  state: ModelState,
  pods: readonly SourcedPod[],
  options: Partial<UpOptions> = {},
  shuffle?: Shuffle,
): Promise<Plan> {
  return planUpFor(machineWith(state, shuffle), pods, options);
}

function messagesOf({ diagnostics }: Failure): string {
  return diagnostics.map(({ message }) => message).join('\n');
}

/** The first possibility each time: one step after another, in the order of the plan. */
export const plainly: Choose = () => 0;

export const NO_TROUBLE: Trouble = { kind: 'none' };

/** `podpose up`: plans and applies. */
export async function up(
  state: ModelState,
  pods: readonly SourcedPod[],
  choose: Choose = plainly,
  trouble: Trouble = NO_TROUBLE,
  options: Partial<UpOptions> = {},
  workloads: readonly Workload[] = [],
): Promise<Journey> {
  const machine = machineWith(state);
  const watch = watchOver(
    PROJECT,
    pods.map(({ pod }) => pod),
  );
  return carryOut(machine, await planUpFor(machine, pods, options, workloads), choose, watch, trouble);
}

/** `podpose down`. */
export async function down(state: ModelState, choose: Choose): Promise<Journey> {
  const machine = machineWith(state);
  const lock = projectLock(machine.engine, 'down', { stop: abortController().signal });
  const options = { project: PROJECT, files: [], operands: [], volumes: false };
  const planned = await planTakeDown(machine.engine, options, lock);
  assert.ok(planned.ok, planned.ok ? '' : messagesOf(planned.error));
  return carryOut(machine, planned.value.plan, choose, watchOver(PROJECT, []), NO_TROUBLE);
}
