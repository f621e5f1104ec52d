import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import { CLAIM_ROLE, LABEL } from '../../src/podman/labels.ts';
import { labelsOf } from './commands.ts';
import type { Watch } from './journey.ts';
import { initialisation } from './lifecycle.ts';
import { membersOf, type ModelContainer, type ModelState, type Names } from './state.ts';

/**
 * What must hold at every moment while podpose works, whatever the order of the steps:
 * - of the init containers of a pod only one runs, and no app container beside it
 * - an app container starts only when the init containers of the manifest have come to a good end since the pod was
 *   last started
 * - a volume that a container uses stays, and so does everything that is not the project's
 * - the volume of a claim stays, whoever uses it
 */
export function watchOver(project: string, desired: readonly DesiredPod[]): Watch {
  const wanted = desired.map((pod) => {
    const known = INIT_LABELS.get(pod) ?? initLabels(project, pod);
    INIT_LABELS.set(pod, known);
    return { pod, init: known };
  });
  return (before, after) => [
    ...wanted.flatMap(({ pod, init }) => [
      ...crowds(after, pod.name),
      ...startedIn(before, after, pod.name).flatMap((name) =>
        init
          .filter(({ name: of, labels }) => !isInitialised(after, pod.name, of, labels))
          .map((container) => `${name} was started without ${container.name}`),
      ),
    ]),
    ...lostVolumes(before, after),
    ...touchedStrangers(project, before, after),
  ];
}

interface InitLabels {
  readonly name: string;
  readonly labels: Names;
}

/** Each pod is applied several times. */
const INIT_LABELS = new WeakMap<DesiredPod, readonly InitLabels[]>();

function initLabels(project: string, pod: DesiredPod): readonly InitLabels[] {
  return pod.initContainers.map((container) => ({
    name: container.name,
    labels: labelsOf({ kind: 'run-container', project, pod, container, dns: {}, replace: false }),
  }));
}

function crowds(state: ModelState, pod: string): readonly string[] {
  const running = membersOf(state, pod).filter(([, container]) => container.state === 'running');
  const init = running.filter(([, container]) => roleOf(container) === 'init');
  return init.length > 0 && running.length > 1
    ? [`${running.map(([name]) => name).join(' and ')} run side by side`]
    : [];
}

function startedIn(before: ModelState, after: ModelState, pod: string): readonly string[] {
  const running = new Set(
    membersOf(before, pod)
      .filter(([, { state }]) => state === 'running' || state === 'paused')
      .map(([, { id }]) => id),
  );
  return membersOf(after, pod)
    .filter(
      ([, container]) =>
        container.state === 'running' && roleOf(container) === 'container' && !running.has(container.id),
    )
    .map(([name]) => name);
}

function isInitialised(
  state: ModelState,
  podName: string,
  init: string,
  labels: ModelContainer['labels'],
): boolean {
  const pod = state.pods[podName];
  return pod !== undefined && pod.initialised[init] === initialisation(pod, labels);
}

function lostVolumes(before: ModelState, after: ModelState): readonly string[] {
  if (before.volumes === after.volumes) return [];
  const lost = Object.entries(before.volumes).filter(([name, { id }]) => after.volumes[name]?.id !== id);
  return lost.flatMap(([volume, { labels }]) => [
    ...(labels[LABEL.role] === CLAIM_ROLE
      ? [`the volume ${volume} is gone, and a claim has its data in it`]
      : []),
    ...Object.entries(after.containers)
      .filter(([, { volumes, reachesInto }]) => [...volumes, ...reachesInto].includes(volume))
      .map(([name]) => `the volume ${volume} is gone, and ${name} uses it`),
  ]);
}

function touchedStrangers(project: string, before: ModelState, after: ModelState): readonly string[] {
  return [
    ...touched(project, before.pods, after.pods),
    ...touched(project, before.containers, after.containers),
    ...touched(project, before.volumes, after.volumes),
    ...touched(project, before.networks, after.networks),
  ];
}

function touched<T extends { readonly labels: Names }>(
  project: string,
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): readonly string[] {
  return Object.entries(before === after ? {} : before)
    .filter(([name, thing]) => thing.labels[LABEL.project] !== project && after[name] !== thing)
    .map(([name]) => `${name} is not the project's, and was touched`);
}

function roleOf({ labels }: ModelContainer): string {
  return labels[LABEL.role] ?? '';
}
