import type { Json } from '../base/stable-json.ts';
import type { DesiredContainer, DesiredPod } from '../pod/desired.ts';
import { containerSettings, podSettings } from '../pod/settings.ts';
import { decodeSpec, shorten } from '../podman/labels.ts';
import type { Labels, ObservedContainer, ObservedPod, ObservedState } from '../podman/observed.ts';
import type { Action, Change, Reason } from './change.ts';
import { differences, type Difference } from './difference.ts';

/**
 * The changes that make one pod what the manifest says, the pod first, then its containers in the order of
 * the manifest. None when it is so already. The pod, when there is one, is known to be ours.
 */
export function reconcilePod(
  desired: DesiredPod,
  pod: ObservedPod | undefined,
  observed: ObservedState,
  options: { readonly forceRecreate: boolean },
): readonly Change[] {
  const containers = [...desired.initContainers, ...desired.containers];
  if (pod === undefined) return createAll(desired, containers);
  const found = new Map(
    observed.containers
      .filter((container) => container.podName === desired.name && container.owner?.name !== undefined)
      .map((container) => [container.owner?.name ?? '', container]),
  );
  return replacePod(desired, pod, containers, found, options.forceRecreate) ?? mendPod(desired, pod, found);
}

function createAll(desired: DesiredPod, containers: readonly DesiredContainer[]): readonly Change[] {
  return [
    podChange(desired, 'create', { kind: 'absent' }),
    ...containers.map((container) => containerChange(desired, container, 'create', { kind: 'absent' })),
  ];
}

type Found = ReadonlyMap<string, ObservedContainer>;

/** The pod and all in it made anew, where something differs that cannot be mended; undefined where nothing does. */
function replacePod(
  desired: DesiredPod,
  pod: ObservedPod,
  containers: readonly DesiredContainer[],
  found: Found,
  force: boolean,
): readonly Change[] | undefined {
  const podDifferences = compare(pod.labels, podSettings(desired));
  const differing = new Map<string, Reason>();
  for (const container of containers) {
    const existing = found.get(container.name);
    // One that is not there yet is made by going on with the pod, unless the pod was complete without it.
    if (existing === undefined) continue;
    if (existing.owner?.role !== container.role) differing.set(container.name, { kind: 'absent' });
    const fields = compare(existing.labels, containerSettings(container));
    if (fields.length > 0) differing.set(container.name, { kind: 'settings-differ', differences: fields });
  }
  const wanted = new Set(containers.map(({ name }) => name));
  const surplus = [...found.keys()].filter((name) => !wanted.has(name)).sort();
  if (!force && podDifferences.length === 0 && differing.size === 0 && surplus.length === 0) return undefined;

  const reason: Reason = force
    ? { kind: 'force-recreate' }
    : podDifferences.length > 0
      ? { kind: 'settings-differ', differences: podDifferences }
      : { kind: 'containers-differ', containers: [...differing.keys(), ...surplus] };
  return [
    podChange(desired, 'replace', reason),
    ...containers.map((container) =>
      containerChange(
        desired,
        container,
        found.has(container.name) ? 'replace' : 'create',
        differing.get(container.name) ?? { kind: found.has(container.name) ? 'pod-replaced' : 'absent' },
      ),
    ),
    ...surplus.map((name) => removal(desired, found.get(name), name)),
  ];
}

/** What it takes to get a pod going that was made as it should be: one left half-made, or stopped. */
function mendPod(desired: DesiredPod, pod: ObservedPod, found: Found): readonly Change[] {
  const podIsDown = pod.infra !== 'running' && pod.infra !== 'paused';
  const hasStarted = desired.containers.some((container) => (found.get(container.name)?.startedAt ?? 0) > 0);
  const hasFinished =
    hasStarted && desired.containers.every((container) => isDone(container, found.get(container.name)));
  if (hasFinished) return [];
  const changes: Change[] = [];
  if (podIsDown && hasStarted)
    changes.push(podChange(desired, 'start', { kind: 'not-running', state: pod.infra }));
  // Once a pod has been initialised its init containers are not run again while it lives, whatever became of them.
  if (podIsDown || !hasStarted) changes.push(...mendInitContainers(desired, found, podIsDown && hasStarted));
  for (const container of desired.containers) {
    const change = mendContainer(desired, container, found.get(container.name), podIsDown);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

/** From the first init container that has not done its work, all are run; those before it are left. */
function mendInitContainers(desired: DesiredPod, found: Found, fromTheFirst: boolean): readonly Change[] {
  const from = fromTheFirst
    ? 0
    : desired.initContainers.findIndex((container) => !isCompleted(found.get(container.name)));
  if (from < 0) return [];
  return desired.initContainers.slice(from).map((container) => {
    const existing = found.get(container.name);
    if (existing === undefined) return containerChange(desired, container, 'create', { kind: 'absent' });
    const reason: Reason = fromTheFirst
      ? { kind: 'pod-restarts' }
      : {
          kind: 'init-unfinished',
          ...(existing.state === 'exited' ? { exitCode: existing.exitCode } : {}),
        };
    return containerChange(desired, container, 'replace', reason);
  });
}

function mendContainer(
  desired: DesiredPod,
  container: DesiredContainer,
  existing: ObservedContainer | undefined,
  podIsDown: boolean,
): Change | undefined {
  if (existing === undefined) return containerChange(desired, container, 'create', { kind: 'absent' });
  if (existing.state === 'running' || (!podIsDown && isDone(container, existing))) return undefined;
  const reason: Reason = {
    kind: 'not-running',
    state: existing.state,
    ...(existing.state === 'exited' ? { exitCode: existing.exitCode } : {}),
  };
  return containerChange(desired, container, 'start', reason);
}

/** Has come to the end that it was made for: exit code 0, and no policy that starts it again. */
function isDone(container: DesiredContainer, existing: ObservedContainer | undefined): boolean {
  return container.restartPolicy !== 'Always' && isCompleted(existing);
}

function isCompleted(existing: ObservedContainer | undefined): boolean {
  return (
    (existing?.state === 'exited' || existing?.state === 'stopped') &&
    existing.exitCode === 0 &&
    existing.startedAt > 0
  );
}

function compare(labels: Labels, settings: Json): readonly Difference[] {
  const remembered = decodeSpec(labels);
  // Unreadable memories have been refused before.
  return remembered.ok ? differences(remembered.value as Json, shorten(settings) as Json) : [];
}

function podChange(pod: DesiredPod, action: Action, reason: Reason): Change {
  return { subject: { kind: 'pod', pod: pod.name }, action, reason };
}

function containerChange(
  pod: DesiredPod,
  container: DesiredContainer,
  action: Action,
  reason: Reason,
): Change {
  return {
    subject: { kind: 'container', pod: pod.name, role: container.role, name: container.name },
    action,
    reason,
  };
}

function removal(pod: DesiredPod, existing: ObservedContainer | undefined, name: string): Change {
  const role = existing?.owner?.role === 'init' ? 'init' : 'container';
  return {
    subject: { kind: 'container', pod: pod.name, role, name },
    action: 'remove',
    reason: { kind: 'orphan' },
  };
}
