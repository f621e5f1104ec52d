import assert from 'node:assert/strict';
import type { Pod } from '../../src/manifest/schema/generated/kubernetes.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { NO_OBJECTS, SURROUNDINGS } from '../support/surroundings.ts';
import type { ObservedState } from '../../src/podman/inspect/observed.ts';
import type { UpOptions } from '../../src/plan/plan-up.ts';
import { planKnown } from '../support/planned.ts';
import { hostPathsToCreate } from '../../src/kube/storage/host-path.ts';
import type { SourcedPod } from '../../src/kube/pod-set.ts';
import { convertPod } from '../../src/kube/convert/pod.ts';
import { carryOut, type Choose, type Journey, type Trouble } from './journey.ts';
import { IMAGES } from './manifests.ts';
import { observe, type Shuffle } from './observe.ts';
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

/** What some manifests ask for; nothing in them is wrong. */
export function desire(pods: readonly Pod[]): readonly SourcedPod[] {
  return pods.map((pod) => ({
    pod: convertPod(pod, { ...SURROUNDINGS, manifestDirectory: '/home/ann', objects: NO_OBJECTS }),
    locate: () => ({ file: 'pod.yaml', line: 1, column: 1 }),
    ports: { usesDefaultHostIP: false, unpublished: [] },
    undeclaredClaims: new Set(),
    locatePersistentVolume: () => undefined,
  }));
}

/** The user can limit everything, and no pod adds to the DNS of the machine. */
const UNLIMITED = { limiting: { missing: [], cgroups: 'v2' }, defaultDns: {} } as const;

const OPTIONS: UpOptions = { forceRecreate: false, removeOrphans: true, adopt: false };

/**
 * The plan of `up`. It is an error when podpose refuses to make a plan.
 */
export function planFor(
  state: ModelState,
  pods: readonly SourcedPod[],
  options: Partial<UpOptions> = {},
  shuffle?: Shuffle,
): Plan {
  const files = { typeOf: (path: string) => (state.paths.includes(path) ? 'directory' : 'absent') } as const;
  const planWith = (observed: ObservedState): Plan => {
    const planned = planKnown({
      project: PROJECT,
      pods,
      observed,
      options: { ...OPTIONS, ...options },
      hostPaths: new Map(pods.map(({ pod }) => [pod.name, hostPathsToCreate(pod, files)])),
    });
    assert.ok(planned.ok, planned.ok ? '' : planned.error.map(({ message }) => message).join('\n'));
    return planned.value;
  };
  const updating = state.release === 'newer' ? 'can' : 'podman-forgets';
  return planWith({ ...observe(state, shuffle), secrets: [], updating, machineHosts: false, ...UNLIMITED });
}

/** The first possibility each time: one step after another, in the order of the plan. */
export const plainly: Choose = () => 0;

const NO_TROUBLE: Trouble = { kind: 'none' };

/** `podpose up`: plans and carries out. */
export function up(
  state: ModelState,
  pods: readonly SourcedPod[],
  choose: Choose = plainly,
  trouble: Trouble = NO_TROUBLE,
): Journey {
  const watch = watchOver(
    PROJECT,
    pods.map(({ pod }) => pod),
  );
  return carryOut(state, planFor(state, pods), choose, watch, trouble);
}
