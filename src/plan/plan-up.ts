import { defined } from '../base/defined.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { withServiceLinks } from './build/service-links.ts';
import { upSteps } from './build/up-steps.ts';
import { checkChanges } from './decide/checks.ts';
import {
  areUnchanged,
  decideAll,
  decideEarly,
  decideServices,
  imagesNeeded,
  imagesOfCronJob,
  isUpToDate,
  mayAdoptVolumes,
  type DecidedPod,
} from './decide/decide-up.ts';
import { isUnchanged, type PodDecision } from './decide/decision.ts';
import { heldNotes, heldPods, restricted, withoutHeld } from './decide/held-pods.ts';
import { planImages } from './decide/images.ts';
import { withoutMissingLimits } from './decide/limits.ts';
import { needsNetwork, networkChoice } from './decide/network.ts';
import { orphanScope } from './decide/orphans.ts';
import { ownedBy } from './decide/ownership.ts';
import { missingProxyImage, pulledProxyImages } from './decide/proxy-image.ts';
import { lastingServices } from './decide/services.ts';
import { warningsOfChanges, warningsWithoutChanges } from './decide/up-warnings.ts';
import { unwatchedPlan, watchedPlan } from './decide/watched.ts';
import { unwantedPods } from './decide/workload-pods.ts';
import { needsBeforeDeciding, needsOfChanges } from './needs.ts';
import { NO_JOBS, planJobs } from './plan-jobs.ts';
import { needsOfServices, type ServicePlanning } from './plan-services.ts';
import type { Plan } from './plan.ts';
import { networkRefusals } from './refuse/network.ts';
import { refusals } from './refuse/refusals.ts';
import { isWanted, type PlannedInput, type UpInput, type UpOptions } from './up-input.ts';

export type { UpInput, UpOptions } from './up-input.ts';

/** A plan, a refusal, or needs to be queried first. */
export type Planning =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** The pods of the plan, with those of Jobs. */
      readonly pods: readonly SourcedPod[];
    }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | Extract<ServicePlanning, { readonly kind: 'needs' }>;

/** Compares desired and observed pods and plans the changes. */
export function planUp(given: UpInput): Planning {
  const input = withJobs(restricted(given));
  const planning = planAll(input);
  return planning.kind === 'plan' ? { ...planning, pods: input.pods } : planning;
}

type PlanOnly =
  Omit<Extract<Planning, { readonly kind: 'plan' }>, 'pods'> | Exclude<Planning, { readonly kind: 'plan' }>;

function withJobs(input: UpInput): PlannedInput {
  const { project, pods, held = [], observed, options, jobs = [], cronJobs = [] } = input;
  const { forceRecreate, removeOrphans, namespace, only, watcher, network, infraImage } = options;
  const ofJobs =
    only === undefined
      ? planJobs({
          ...{ project, observed, forceRecreate, removeOrphans, jobs, cronJobs },
          isIn: orphanScope(namespace, observed),
          isWatched: watcher === 'available',
          runOptions: defined({ network, infraImage }),
        })
      : NO_JOBS;
  return { ...input, pods: [...pods, ...ofJobs.pods], held: new Set([...held, ...ofJobs.kept]), ofJobs };
}

function planAll(input: PlannedInput): PlanOnly {
  const desired = input.pods.map(({ pod }) => pod);
  const network = networkChoice(input.project, input.options.network);
  const before = new Set([...needsBeforeDeciding(desired, network, input.observed), ...input.ofJobs.needs]);
  const { images } = input.observed;
  if (before.size > 0 || images === undefined) return { kind: 'needs', needs: before };
  const early = decideEarly(input, { ...input.observed, images });
  const held = heldPods(input, early ?? []);
  const rest = withoutHeld(input, early ?? [], held);
  return planRest(rest.input, images, early === undefined ? undefined : rest.decisions, heldNotes(held));
}

/** @param decisions undefined if a pod is refused */
function planRest(
  input: PlannedInput,
  images: ObservedState['images'],
  decisions: readonly PodDecision[] | undefined,
  notes: readonly Diagnostic[],
): PlanOnly {
  const desired = input.pods.map(({ pod }) => pod);
  const network = networkChoice(input.project, input.options.network);
  // After the decisions about the pods: what is served is being asked meanwhile.
  const ofServices = needsOfServices(input.project, input.services ?? [], input.observed);
  if (ofServices.length > 0) return { kind: 'needs', needs: new Set(ofServices) };
  const services = decideServices(input, decisions ?? []);
  if (services.kind !== 'decided') return services;
  const isUnchangedSoFar = decisions !== undefined && areUnchanged(services.decisions);
  if (isUnchangedSoFar && isUpToDate(input, decisions) && !mayAdoptVolumes(input))
    return { kind: 'plan', plan: planWithoutSteps(input, decisions, [...notes, ...services.warnings]) };
  const needs = needsOfChanges(desired, network, decisions ?? [], input.observed);
  const { volumes } = input.observed;
  if (needs.size > 0 || volumes === undefined) return { kind: 'needs', needs };
  const warnings = [...notes, ...services.warnings];
  return planWith(input, { ...input.observed, images, volumes }, decisions, { ...services, warnings });
}

/** Nothing to do: at most containers that need a check. */
function planWithoutSteps(
  input: PlannedInput,
  decisions: readonly PodDecision[],
  ofServices: readonly Diagnostic[],
): Plan {
  const changes = [
    ...decisions.flatMap((decision) => checkChanges(decision, input.observed)),
    ...input.ofJobs.checks,
  ];
  const warnings = [...ofServices, ...warningsWithoutChanges(input, decisions)];
  return { project: input.project, changes, steps: [], warnings };
}

/** @param early the decisions on the same state, unless a pod is refused */
function planWith(
  input: PlannedInput,
  observed: ObservedState,
  early: readonly PodDecision[] | undefined,
  services: Extract<ServicePlanning, { readonly kind: 'decided' }>,
): PlanOnly {
  const { project, pods, options, workloads = [] } = input;
  const diagnostics: Diagnostic[] = pods.flatMap((pod) => refusals(pod, project, observed, options));
  if (diagnostics.some(isError)) return { kind: 'refused', diagnostics };

  const choice = networkChoice(project, options.network);
  const decided = decideAll(input, observed, early);
  const decisions = decided.map(({ decision }) => decision);
  const joining = decisions.filter((decision) => needsNetwork(decision, choice) && !isUnchanged(decision));
  const isJoined = joining.length > 0 || !areUnchanged(services.decisions);
  const ofNetwork = isJoined ? networkRefusals(project, choice, observed.networks ?? []) : [];
  if (ofNetwork.length > 0) return { kind: 'refused', diagnostics: ofNetwork };
  const withoutProxy = withoutMissingProxy(input, observed, decided);
  if (withoutProxy !== undefined) return withoutProxy;
  const images = planImages(
    [...decided.flatMap(imagesNeeded), ...(input.cronJobs ?? []).flatMap(imagesOfCronJob)],
    observed.images,
    options.pull,
  );
  if (images.diagnostics.some(isError)) return { kind: 'refused', diagnostics: images.diagnostics };

  const unwanted = unwantedPods(workloads, (name) => isWanted(input, name), ownedBy(project, observed));
  const made = upSteps(input, observed, {
    ...{ decisions, joining, isJoined, unwanted },
    services: services.decisions,
    imageSteps: images.steps,
  });
  const isInScope = orphanScope(options.namespace, observed);
  const lasting = lastingServices(
    project,
    services.decisions,
    observed,
    (name) => !options.removeOrphans || !isInScope(name),
  );
  const plan: Plan = {
    ...{ project, changes: made.changes },
    steps: withServiceLinks(made.steps, choice.name, lasting),
    warnings: [
      ...diagnostics,
      ...pulledProxyImages(pods, images.steps),
      ...services.warnings,
      ...warningsOfChanges(input, observed, {
        ...{ decisions, services: services.decisions },
        unwanted: unwanted.map(({ name }) => name),
        joining: joining.length,
      }),
    ],
  };
  const { limiting } = observed;
  return {
    kind: 'plan',
    plan: forWatcher(limiting === undefined ? plan : withoutMissingLimits(plan, limiting), options),
  };
}

/** The plan without the proxy of Ingresses, if its image is missing and must not be pulled; undefined if it is there. */
function withoutMissingProxy(
  input: PlannedInput,
  observed: ObservedState,
  decided: readonly DecidedPod[],
): PlanOnly | undefined {
  const proxy = decided.find(({ sourced }) => sourced.isProxy === true);
  if (proxy === undefined) return undefined;
  const { diagnostics } = planImages(imagesNeeded(proxy), observed.images, input.options.pull);
  if (!diagnostics.some(isError)) return undefined;
  const planning = planAll({ ...input, pods: input.pods.filter((pod) => pod !== proxy.sourced) });
  if (planning.kind !== 'plan') return planning;
  const { plan } = planning;
  return { kind: 'plan', plan: { ...plan, warnings: [missingProxyImage(proxy.sourced), ...plan.warnings] } };
}

function forWatcher(plan: Plan, { watcher }: UpOptions): Plan {
  if (watcher === undefined) return plan;
  return watcher === 'available' ? watchedPlan(plan) : unwatchedPlan(plan);
}
