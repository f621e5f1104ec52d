import assert from 'node:assert/strict';
import { at, listAt, parse, textAt } from './json.ts';
import { podman, type ContainerState } from './podman.ts';

/** The current state of a pod with its containers. */
export interface LivePod {
  readonly id: string;
  readonly infra: ContainerState;
  /** By podman's names without the prefix of the pod's name. */
  readonly containers: Readonly<Record<string, ContainerState>>;
}

export async function livePod(name: string): Promise<LivePod> {
  const pod = firstOf(parse(await podman('pod', 'inspect', name)));
  const ids = listAt(pod, 'Containers').map((container) => textAt(container, 'Id'));
  const infraId = textAt(pod, 'InfraContainerID');
  const inspected = listAt(parse(await podman('container', 'inspect', ...ids)));
  const states = new Map(inspected.map((each) => [textAt(each, 'Name'), stateOf(each)]));
  const infra = [...states.values()].find(({ id }) => id === infraId);
  if (infra === undefined) throw new Error(`the pod ${name} has no infra container`);
  return {
    id: textAt(pod, 'Id'),
    infra,
    containers: Object.fromEntries(
      [...states]
        // The record of the list of containers comes with the first change of the list.
        .filter(([container, { id }]) => id !== infraId && container !== `${name}_containers`)
        .map(([container, state]) => [container.replace(`${name}-`, ''), state] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

/** podman 4 prints a pod as an object, podman 5 as a list with one object. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function stateOf(inspected: unknown): ContainerState {
  return {
    id: textAt(inspected, 'Id'),
    status: textAt(inspected, 'State', 'Status'),
    exitCode: at(inspected, 'State', 'ExitCode'),
    startedAt: Date.parse(textAt(inspected, 'State', 'StartedAt')),
    finishedAt: Date.parse(textAt(inspected, 'State', 'FinishedAt')),
    pid: at(inspected, 'State', 'Pid'),
  };
}

export interface Differences {
  /** The new containers, by the names of the old ones. */
  readonly replaced?: readonly string[];
  /** The same containers, restarted. */
  readonly restarted?: readonly string[];
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/** Asserts that exactly these containers differ, in this way, and that the rest of the pod is unchanged. */
export function assertChanged(before: LivePod, after: LivePod, differences: Differences): void {
  const { replaced = [], restarted = [], added = [], removed = [] } = differences;
  assert.equal(after.id, before.id, 'it is the same pod');
  assert.deepEqual(after.infra, before.infra, 'the infra container runs on');
  assert.deepEqual(
    Object.keys(after.containers),
    [...Object.keys(before.containers).filter((name) => !removed.includes(name)), ...added].sort(),
  );
  for (const [name, then] of Object.entries(before.containers)) {
    if (removed.includes(name)) continue;
    const now = of(after, name);
    if (replaced.includes(name)) {
      assert.notEqual(now.id, then.id, `${name} is another container`);
      assert.equal(now.status, 'running', name);
    } else if (restarted.includes(name)) {
      assert.equal(now.id, then.id, `${name} is the same container`);
      assert.ok(now.startedAt > then.startedAt, `${name} was started again`);
      assert.equal(now.status, 'running', name);
    } else assert.deepEqual(now, then, `${name} has not noticed`);
  }
  for (const name of added) assert.equal(of(after, name).status, 'running', name);
}

export function of({ containers }: LivePod, name: string): ContainerState {
  const state = containers[name];
  if (state === undefined) throw new Error(`no container ${name} in ${Object.keys(containers).join(', ')}`);
  return state;
}

/** Asserts that the pod was replaced by another one with the same names. */
export function assertAllNew(before: LivePod, after: LivePod): void {
  assert.notEqual(after.id, before.id, 'it is another pod');
  assert.deepEqual(Object.keys(after.containers), Object.keys(before.containers));
  for (const name of Object.keys(before.containers))
    assert.notEqual(of(after, name).id, of(before, name).id, name);
}
