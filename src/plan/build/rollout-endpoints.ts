import { stableJson } from '../../base/stable-json.ts';
import { backendOf, servedPorts, type Backend, type ServedPort } from '../../kube/services/endpoints.ts';
import type { KnownNames } from '../../kube/services/external-name.ts';
import { isServing, observedBackend } from '../../podman/inspect/backends.ts';
import { serviceName } from '../../podman/names.ts';
import { subjectId } from '../change.ts';
import { isAvailable } from '../decide/availability.ts';
import type { ServiceDecision } from '../decide/services.ts';
import type { KnownState } from '../needs.ts';
import { lastIds, type Step } from '../step.ts';
import type { RolloutStage } from './rollouts.ts';
import { startingAfter, stepsOfPod } from './step-order.ts';

/** The steps that lead connections away from pods before they stop, and to new ones when they are ready. */
export interface RolloutEndpoints {
  readonly steps: readonly Step[];
  /** By the name of a Service that a rollout affects: what its last rules need, and what was set before them. */
  readonly last: ReadonlyMap<string, LastEndpoints>;
}

export interface LastEndpoints {
  readonly needs: readonly string[];
  readonly ports: readonly ServedPort[];
}

/**
 * Sets the rules of Services at each stage of the rollouts. The stages of a Service follow one another, so that each set of
 * endpoints is known beforehand.
 * @param own observed objects of the project only
 * @param before the steps that create and start Services
 * @param ofPods the steps of the pods: a pod leaves only when all that they need has succeeded, such as the pull of an image
 */
export function rolloutEndpoints(
  project: string,
  services: readonly ServiceDecision[],
  stages: readonly RolloutStage[],
  own: KnownState,
  before: readonly Step[],
  ofPods: readonly Step[],
  names: KnownNames,
): RolloutEndpoints {
  const steps: Step[] = [];
  const last = new Map<string, LastEndpoints>();
  for (const service of services) {
    const found = stagesOfService(project, service, { stages, own, before, ofPods, names });
    steps.push(...found.steps);
    if (found.last !== undefined) last.set(service.record.service.name, found.last);
  }
  return { steps, last };
}

interface StageInput {
  readonly stages: readonly RolloutStage[];
  readonly own: KnownState;
  readonly before: readonly Step[];
  readonly ofPods: readonly Step[];
  readonly names: KnownNames;
}

function stagesOfService(
  project: string,
  { record: { service }, pod }: ServiceDecision,
  { stages, own, before, ofPods, names }: StageInput,
): { readonly steps: readonly Step[]; readonly last: LastEndpoints | undefined } {
  const cause = subjectId({ kind: 'service', name: service.name });
  const started = before.filter((step) => step.cause === cause && !step.id.startsWith('record-'));
  const steps: Step[] = [];
  let serving = servingNow(own, serviceName(service), service.publishNotReadyAddresses === true);
  let ports = servedPorts(service, serving, names);
  let needs = lastIds(started, []);
  const set = (name: string) => {
    const id = `endpoints-${cause}/${name}`;
    steps.push({
      ...{ id, needs, cause },
      operation: {
        ...{ kind: 'set-service-rules', project, service: service.name, ports },
        isSticky: service.sessionAffinity === 'ClientIP',
      },
    });
    needs = [id];
  };
  // A Service that is created or replaced has no rules yet.
  let isAffected = false;
  for (const { ready, leaving } of stages) {
    const after = [
      ...serving.filter(({ pod: name }) => !leaving.includes(name)),
      ...ready.flatMap(({ decision }) => backendOf(decision.desired) ?? []),
    ];
    const next = servedPorts(service, sorted(after), names);
    serving = after;
    if (stableJson(next) === stableJson(ports)) continue;
    if (!isAffected && pod.kind !== 'keep' && hasEndpoints(ports)) set('before');
    isAffected = true;
    ports = next;
    needs = [
      ...new Set([
        ...needs,
        ...ready.flatMap(({ gate = [] }) => gate.map(({ id }) => id)),
        ...leaving.flatMap((name) => outerNeeds(stepsOfPod(name, ofPods))),
      ]),
    ];
    set(leaving[0] ?? ready[0]?.decision.desired.name ?? '');
  }
  return { steps, last: isAffected ? { needs, ports } : undefined };
}

/** What steps need besides each other. */
function outerNeeds(steps: readonly Step[]): readonly string[] {
  const inner = new Set(steps.map(({ id }) => id));
  return steps.flatMap(({ needs }) => needs).filter((id) => !inner.has(id));
}

/**
 * The pods that get connections as long as nothing is changed: those of the rules, if there are any. A pod that the watcher
 * has left out stays out, even if the watcher does not answer.
 */
function servingNow(own: KnownState, service: string, includesUnready: boolean): readonly Backend[] {
  const addresses = servedAddresses(own, service);
  const isServed = (name: string) =>
    addresses.size === 0 || addresses.has(own.servedNow?.addresses.get(name) ?? '');
  const isMeant = (name: string) =>
    includesUnready
      ? own.pods.some((pod) => pod.name === name && isServing(pod, own.containers))
      : isAvailable(name, own) && isServed(name);
  return sorted(
    own.pods.filter(({ name }) => isMeant(name)).flatMap((pod) => observedBackend(pod, own.containers) ?? []),
  );
}

/** The addresses in the rules of a Service. */
function servedAddresses({ servedNow }: KnownState, service: string): ReadonlySet<string> {
  const rules = servedNow?.rules.get(service)?.values() ?? [];
  return new Set([...rules].flatMap(({ endpoints }) => endpoints.map((one) => one.replace(/:\d+$/, ''))));
}

function sorted(backends: readonly Backend[]): readonly Backend[] {
  return backends.toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
}

function hasEndpoints(ports: readonly ServedPort[]): boolean {
  return ports.some(({ endpoints }) => endpoints.length > 0);
}

/** The steps of the pods, of which those that stop wait until they get no more connections. */
export function stoppingAfterLeaving(
  steps: readonly Step[],
  stages: readonly RolloutStage[],
  endpoints: readonly Step[],
): readonly Step[] {
  return stages.reduce((all, { leaving }) => {
    const [first] = leaving;
    if (first === undefined) return all;
    const left = endpoints.filter(({ id, cause = '' }) => id === `endpoints-${cause}/${first}`);
    const delayed = new Set(leaving.flatMap((pod) => stepsOfPod(pod, all)));
    const waiting = startingAfter(
      [...delayed],
      left.map(({ id }) => id),
    );
    const byId = new Map(waiting.map((step) => [step.id, step]));
    return all.map((step) => byId.get(step.id) ?? step);
  }, steps);
}
