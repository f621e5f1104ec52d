import { defined } from '../../base/defined.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import { subjectId, type Change, type Reason } from '../change.ts';
import type { ServiceDecision } from '../decide/services.ts';
import type { BridgeToFix } from './bridge.ts';
import { bridgeSteps } from './bridge.ts';
import { lastIds, type Step } from '../step.ts';
import type { LastEndpoints } from './rollout-endpoints.ts';
import { stepsOfPod } from './step-order.ts';

export interface ServicePlan {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

export interface ServicePodsInput {
  readonly project: string;
  readonly network: string;
  readonly decisions: readonly ServiceDecision[];
  readonly infraImage?: string;
  /** As for pods: the podman pod of a Service may be the first pod of the network. */
  readonly bridge?: BridgeToFix;
}

/** Creates, replaces and starts the podman pods of Services. Pods start after them: their names must resolve at once. */
export function planServicePods(
  { project, network, decisions, infraImage, bridge }: ServicePodsInput,
  needs: readonly string[],
): ServicePlan {
  const plans = decisions.map(({ record, pod, update, setsRules, isRecorded }): ServicePlan => {
    const { name } = record.service;
    const cause = causeOf(name);
    const change = changeOf(name, pod, update, setsRules);
    const removal: readonly Step[] =
      pod.kind === 'replace'
        ? [{ id: `remove-${cause}`, needs, cause, operation: { kind: 'remove-service', service: name } }]
        : [];
    const isNew = pod.kind === 'create' || pod.kind === 'replace';
    const creation: readonly Step[] = isNew
      ? [
          {
            ...{ id: cause, needs: lastIds(removal, needs), cause },
            operation: { kind: 'create-service', project, network, record, ...defined({ infraImage }) },
          },
        ]
      : [];
    const made = [...removal, ...creation];
    const start: readonly Step[] =
      pod.kind === 'keep'
        ? []
        : [
            {
              ...{ id: `start-${cause}`, needs: lastIds(made, needs), cause },
              operation: { kind: 'start-service', service: name },
            },
          ];
    const fixed = bridgeSteps(bridge, name, lastIds(start, needs)).map((step) => ({ ...step, cause }));
    const record_ =
      update === undefined || isNew ? [] : recordSteps(project, record, isRecorded, cause, needs);
    return { changes: change, steps: [...made, ...start, ...fixed, ...record_] };
  });
  return {
    changes: plans.flatMap(({ changes }) => changes),
    steps: plans.flatMap(({ steps }) => steps),
  };
}

function recordSteps(
  project: string,
  record: ServiceDecision['record'],
  isRecorded: boolean,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const id = `record-${cause}`;
  const before: readonly Step[] = isRecorded
    ? [
        {
          ...{ id: `remove-${id}`, needs, cause },
          operation: { kind: 'remove-service-record', service: record.service.name },
        },
      ]
    : [];
  return [
    ...before,
    { id, needs: lastIds(before, needs), cause, operation: { kind: 'record-service', project, record } },
  ];
}

function changeOf(
  name: string,
  pod: ServiceDecision['pod'],
  update: Reason | undefined,
  setsRules: boolean,
): readonly Change[] {
  const subject = { kind: 'service', name } as const;
  if (pod.kind !== 'keep') return [{ subject, action: pod.kind, reason: pod.reason }];
  if (update !== undefined) return [{ subject, action: 'update', reason: update }];
  return setsRules ? [{ subject, action: 'update', reason: { kind: 'endpoints-differ' } }] : [];
}

/**
 * Sets the rules of Services, each after the pods that it selects, whatever becomes of them: another pod may wait for the
 * Service before it starts. After a rollout that has stopped, the rules stay as they are.
 * @param steps the steps of the pods
 * @param rollouts what rollouts have set before
 */
export function withServiceRules(
  project: string,
  decisions: readonly ServiceDecision[],
  before: readonly Step[],
  steps: readonly Step[],
  rollouts: ReadonlyMap<string, LastEndpoints> = new Map<string, LastEndpoints>(),
): readonly Step[] {
  let all = steps;
  for (const { record, setsRules, ports, changedPods } of decisions) {
    const { name, sessionAffinity } = record.service;
    const last = rollouts.get(name);
    if (!setsRules || stableJson(last?.ports ?? '') === stableJson(ports)) continue;
    const cause = causeOf(name);
    const own = before.filter((step) => step.cause === cause && !step.id.startsWith('record-'));
    const ofPods = changedPods.flatMap((pod) => stepsOfPod(pod, steps));
    const ready = last === undefined ? [] : ofPods.filter(isReadinessStep).map(({ id }) => id);
    const needs = [...new Set([...(last?.needs ?? lastIds(own, [])), ...ready])];
    const after = lastIds(ofPods, []).filter((id) => !needs.includes(id));
    const step: Step = {
      ...{ id: `endpoints-${cause}`, needs },
      ...(after.length === 0 ? {} : { after }),
      cause,
      operation: {
        ...{ kind: 'set-service-rules', project, service: name, ports },
        isSticky: sessionAffinity === 'ClientIP',
      },
    };
    const place = all.findLastIndex(({ id }) => after.includes(id) || needs.includes(id));
    all = [...all.slice(0, place + 1), step, ...all.slice(place + 1)];
  }
  return all;
}

function isReadinessStep({ operation }: Step): boolean {
  return operation.kind === 'wait-for-ready';
}

/** Removes Services. */
export function planServiceRemoval(
  pods: readonly ObservedPod[],
  reason: Reason,
  needs: readonly string[],
): ServicePlan {
  const names = pods.flatMap(({ service }) => service?.record.service.name ?? []).sort();
  return {
    changes: names.map((name) => ({ subject: { kind: 'service', name }, action: 'remove', reason })),
    steps: names.map((name) => ({
      ...{ id: `remove-${causeOf(name)}`, needs, cause: causeOf(name) },
      operation: { kind: 'remove-service', service: name },
    })),
  };
}

function causeOf(name: string): string {
  return subjectId({ kind: 'service', name });
}
