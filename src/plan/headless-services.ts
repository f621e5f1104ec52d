import { stableJson, type Json } from '../base/stable-json.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import type { DesiredService } from '../kube/spec/desired-service.ts';
import { headlessRecords, type HeadlessRecord } from '../podman/headless-record.ts';
import { subjectId, type Change, type Reason } from './change.ts';
import { differences } from './compare/difference.ts';
import { servicePodsOf } from './decide/services.ts';
import type { KnownState } from './needs.ts';
import type { Step } from './step.ts';

export interface HeadlessInput {
  readonly project: string;
  readonly services: readonly SourcedService[];
  readonly observed: KnownState;
  readonly removeOrphans: boolean;
  /** Whether a Service that is not in the files can be an orphan. */
  readonly isInScope: (name: string) => boolean;
}

export interface HeadlessPlan {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/**
 * Records the headless Services of the files: their names are those of pods, so that nothing else tells that they exist. A
 * Service that keeps its address from before is none.
 */
export function planHeadlessServices(input: HeadlessInput, needs: readonly string[]): HeadlessPlan {
  const { project, services, observed, removeOrphans, isInScope } = input;
  const records = recordsOf(project, observed);
  const given = services.map(({ service }) => service);
  const forwarded = removeOrphans
    ? []
    : servicePodsOf(project, observed).map(({ service }) => service?.record.service.name);
  const wanted = given.filter(({ type, name }) => type === 'Headless' && !forwarded.includes(name));
  const recordings = wanted.flatMap((service): readonly HeadlessPlan[] => {
    const before = records.find((one) => one.service.name === service.name)?.service;
    if (before !== undefined && stableJson(before) === stableJson(service)) return [];
    const reason: Reason =
      before === undefined
        ? { kind: 'absent' }
        : { kind: 'settings-differ', differences: differences(shown(before), shown(service), ['spec']) };
    const subject = { kind: 'service', name: service.name } as const;
    const id = subjectId(subject);
    return [
      {
        changes: [{ subject, action: before === undefined ? 'create' : 'update', reason }],
        steps: [{ id, needs, cause: id, operation: { kind: 'record-headless-service', project, service } }],
      },
    ];
  });
  const isGiven = (name: string) => given.some((service) => service.name === name);
  const left = records.filter(
    ({ service: { name } }) =>
      !wanted.some((service) => service.name === name) &&
      (isGiven(name) || (removeOrphans && isInScope(name))),
  );
  // The record of a Service that gets an address goes without a word: the change is that it gets one.
  const removals = left.map((record) => {
    const { changes, steps } = removal(record, { kind: 'not-in-files' }, needs);
    return { changes: isGiven(record.service.name) ? [] : changes, steps };
  });
  return merged([...recordings, ...removals]);
}

/** Removes the records of headless Services. */
export function planHeadlessRemoval(
  project: string,
  observed: KnownState,
  isWanted: (service: DesiredService) => boolean,
  reason: Reason,
  needs: readonly string[],
): HeadlessPlan {
  const records = recordsOf(project, observed).filter(({ service }) => isWanted(service));
  return merged(records.map((record) => removal(record, reason, needs)));
}

/** The headless Services of a project that are not in the files. */
export function orphanedHeadless(
  project: string,
  services: readonly SourcedService[],
  observed: KnownState,
): readonly string[] {
  return recordsOf(project, observed)
    .map(({ service }) => service.name)
    .filter((name) => !services.some(({ service }) => service.name === name));
}

function recordsOf(project: string, { containers }: KnownState): readonly HeadlessRecord[] {
  return headlessRecords(containers).filter((one) => one.project === project);
}

function removal(
  { project, service: { name } }: HeadlessRecord,
  reason: Reason,
  needs: readonly string[],
): HeadlessPlan {
  const subject = { kind: 'service', name } as const;
  const cause = subjectId(subject);
  return {
    changes: [{ subject, action: 'remove', reason }],
    steps: [
      {
        ...{ id: `remove-headless-${cause}`, needs, cause },
        operation: { kind: 'remove-headless-service', project, service: name },
      },
    ],
  };
}

function merged(plans: readonly HeadlessPlan[]): HeadlessPlan {
  return {
    changes: plans.flatMap(({ changes }) => changes),
    steps: plans.flatMap(({ steps }) => steps),
  };
}

function shown({ name: _, ...spec }: DesiredService): Json {
  return spec as unknown as Json;
}
