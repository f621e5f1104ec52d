import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import type { KnownState } from '../needs.ts';
import { orphanedHeadless } from '../headless-services.ts';
import { orphanedServices } from '../plan-services.ts';
import type { PlannedInput, UpInput, UpOptions } from '../up-input.ts';
import type { PodDecision } from './decision.ts';
import { dnsWarnings } from './dns.ts';
import { hasDns, networkChoice, networkNotes, networkWarnings } from './network.ts';
import { keptDeadlineWarnings, keptPolicyNotes, unwatchedJobs, unwatchedWarnings } from './no-watcher.ts';
import { inScope, orphanedServiceWarnings, orphanScope, orphanWarnings } from './orphans.ts';
import { ownedBy } from './ownership.ts';
import { unwatchedServices } from './service-warnings.ts';
import type { ServiceDecision } from './services.ts';

/** The warnings of a plan without changes. */
export function warningsWithoutChanges(
  input: PlannedInput,
  decisions: readonly PodDecision[],
): readonly Diagnostic[] {
  return [
    ...warningsOfOrphans(input, input.observed, []),
    ...input.ofJobs.warnings,
    ...networkNotes(decisions),
    ...restartNotes(decisions, input.observed, input.options),
  ];
}

/** What has been decided, as far as warnings depend on it. */
export interface WarnedChanges {
  readonly decisions: readonly PodDecision[];
  readonly services: readonly ServiceDecision[];
  /** The pods of workloads that are removed. */
  readonly unwanted: readonly string[];
  /** The number of pods that join the network. */
  readonly joining: number;
}

/** The warnings of a plan with changes. */
export function warningsOfChanges(
  input: PlannedInput,
  observed: ObservedState,
  { decisions, services, unwanted, joining }: WarnedChanges,
): readonly Diagnostic[] {
  const { project, pods, options } = input;
  const { watcher } = options;
  const choice = networkChoice(project, options.network);
  return [
    ...(watcher === undefined || watcher === 'available'
      ? []
      : [
          ...unwatchedWarnings(decisions, watcher),
          ...unwatchedServices(services, watcher),
          ...unwatchedJobs(input.ofJobs.decisions, watcher),
        ]),
    ...pods.flatMap((pod) => dnsWarnings(pod, observed, hasDns(choice, observed))),
    ...warningsOfOrphans(input, observed, unwanted),
    ...input.ofJobs.warnings,
    ...networkNotes(decisions),
    ...restartNotes(decisions, observed, options),
    ...networkWarnings(choice, joining, observed),
  ];
}

function warningsOfOrphans(
  { project, pods, services = [], options, workloads, held, jobs = [], cronJobs = [] }: UpInput,
  observed: KnownState,
  unwanted: readonly string[],
): readonly Diagnostic[] {
  if (options.only !== undefined) return [];
  // The claims of a Job are wanted also when its pods have ended.
  const templates = [...jobs, ...cronJobs].map(({ template }) => template);
  const desired = [...pods, ...templates].map(({ pod }) => pod);
  const own = ownedBy(project, observed);
  const isIn = orphanScope(options.namespace, observed);
  const others = {
    ...own,
    pods: own.pods.filter(({ name }) => !unwanted.includes(name) && held?.has(name) !== true),
  };
  return [
    ...orphanWarnings(project, desired, inScope(others, isIn), options, workloads),
    ...orphanedServiceWarnings(
      project,
      [
        ...orphanedServices(project, services, observed)
          .filter(({ name }) => isIn(name))
          .flatMap(({ service }) => service?.record.service.name ?? []),
        ...orphanedHeadless(project, services, observed).filter(isIn),
      ],
      { ...options, declared: services.map(({ service }) => service.name) },
    ),
  ];
}

/** Not if the caller does not tell whether there is a watcher. */
function restartNotes(
  decisions: readonly PodDecision[],
  observed: KnownState,
  { watcher }: UpOptions,
): readonly Diagnostic[] {
  if (watcher === undefined) return [];
  if (watcher === 'available') return keptPolicyNotes(decisions, observed, undefined);
  return [...keptPolicyNotes(decisions, observed, watcher), ...keptDeadlineWarnings(decisions, observed)];
}
