import type { DesiredPod } from '../../kube/spec/desired.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { type Workload } from '../../kube/workloads/workload.ts';
import { decodeOwner } from '../../podman/labels.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import type { Reason, Subject } from '../change.ts';
import type { KnownState } from '../needs.ts';
import { decidePod, type DecideOptions } from './decide-pod.ts';
import type { DecideState } from './pod-context.ts';
import { collide, lastAppliedHostPorts } from '../../podman/inspect/host-ports.ts';

/** A pod that its workload does not want any more. */
export interface UnwantedPod {
  readonly name: string;
  readonly workload: Workload;
  readonly why: 'replicas-reduced' | 'template-changed';
}

/**
 * The pods of the project that belong to a workload of the files and are not wanted: those of an earlier template, and those
 * above the number of replicas. The last ones come first, as a StatefulSet removes them.
 * @param own observed objects of the project only
 * @param kept pods of Jobs that have ended
 */
export function unwantedPods(
  workloads: readonly Workload[],
  desired: readonly DesiredPod[],
  own: KnownState,
  kept: ReadonlySet<string> = new Set(),
): readonly UnwantedPod[] {
  const wanted = new Set(desired.map(({ name }) => name));
  const names = [...own.pods, ...own.containers, ...(own.volumes ?? [])].flatMap(
    ({ owner }) => owner?.pod ?? [],
  );
  const others = [...new Set(names)].filter((name) => !wanted.has(name) && !kept.has(name));
  return others.sort(byNumber).flatMap((name) => {
    const workload = workloads.find((one) => isPodOf(one, name, own));
    if (workload === undefined) return [];
    const why = name.startsWith(workload.podPrefix) ? 'replicas-reduced' : 'template-changed';
    return [{ name, workload, why }];
  });
}

/** Of a removed pod, an interrupted run may have left volumes, which have no label of the workload. */
function isPodOf({ owner, podPrefix }: Workload, name: string, own: KnownState): boolean {
  const pod = own.pods.find((one) => one.name === name);
  if (pod !== undefined) return decodeOwner(pod.labels) === owner;
  return name.startsWith(podPrefix) && /^\d+$/.test(name.slice(podPrefix.length));
}

function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => ({
    prefix: name.replace(/\d+$/, ''),
    number: Number(/\d+$/.exec(name)?.[0] ?? 0),
  }));
  if (left === undefined || right === undefined || left.prefix === right.prefix)
    return (right?.number ?? 0) - (left?.number ?? 0);
  return left.prefix < right.prefix ? -1 : 1;
}

/** The reasons of the removal of a pod and its containers: what differs from the pod that takes its place. */
export function removalReasons(
  { name, workload, why }: UnwantedPod,
  desired: readonly DesiredPod[],
  observed: DecideState,
  options: DecideOptions,
): (subject: Subject) => Reason {
  if (why === 'replicas-reduced') {
    const { owner, replicas } = workload;
    return () =>
      kindOfOwner(owner) === 'Job'
        ? { kind: 'job-reduced', pods: replicas }
        : { kind: 'replicas-reduced', replicas };
  }
  const successors = desired.filter(({ owner }) => owner === workload.owner);
  const number = /\d+$/.exec(name)?.[0];
  const successor = successors.find((pod) => /\d+$/.exec(pod.name)?.[0] === number) ?? successors[0];
  if (successor === undefined || !observed.pods.some((pod) => pod.name === name))
    return () => ({ kind: why, differences: [] });
  const decision = decidePod(renamed(successor, name), observed, options);
  return (subject) => {
    const reason =
      subject.kind === 'pod'
        ? decision.pod.kind === 'keep'
          ? undefined
          : decision.pod.reason
        : [...decision.init, ...decision.containers].find(
            ({ container }) => subject.kind === 'container' && container.name === subject.name,
          )?.reason;
    return { kind: why, differences: reason?.kind === 'settings-differ' ? reason.differences : [] };
  };
}

/** The pod with another name, also where its settings contain the name. */
function renamed(pod: DesiredPod, name: string): DesiredPod {
  return JSON.parse(JSON.stringify(pod).replaceAll(pod.name, name)) as DesiredPod;
}

/**
 * Whether old pods of the workload are removed before new ones are created: by its strategy, or because a new pod needs a
 * host port of theirs.
 */
export function removesFirst(
  workload: Workload,
  unwanted: readonly UnwantedPod[],
  created: readonly DesiredPod[],
  observed: readonly ObservedPod[],
): boolean {
  if (workload.replacement !== 'create-first') return true;
  const names = new Set(unwanted.filter((pod) => pod.workload === workload).map(({ name }) => name));
  const ports = observed.filter(({ name }) => names.has(name)).flatMap(lastAppliedHostPorts);
  return created.some(({ sandbox }) =>
    sandbox.hostPorts.some((port) => ports.some((used) => collide(port, used))),
  );
}
