import { defined } from '../base/defined.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { mountedClaims } from '../kube/spec/volume-kinds.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { changesOf, isCreated, isUnchanged, type PodDecision } from './decide/decision.ts';
import { dnsOf, dnsWarnings } from './decide/dns.ts';
import { decidePod } from './decide/decide-pod.ts';
import type { DecideState } from './decide/pod-context.ts';
import { needsBeforeDeciding, needsOfChanges, type KnownState } from './needs.ts';
import { imageNeeds, planImages, type ImageNeed, type PullOption } from './decide/images.ts';
import { withoutMissingLimits } from './decide/limits.ts';
import { keptPolicyNotes, unwatchedJobs, unwatchedWarnings, type NoWatcher } from './decide/no-watcher.ts';
import { unwatchedPlan, watchedPlan } from './decide/watched.ts';
import { orphanedServiceWarnings, orphanWarnings } from './decide/orphans.ts';
import { ownedBy } from './decide/ownership.ts';
import type { Plan } from './plan.ts';
import { orderByPorts } from './build/port-order.ts';
import { orderWorkloads, unwaitingFirst } from './build/replacements.ts';
import { inOrder } from './build/step-order.ts';
import { removalReasons, unwantedPods } from './decide/workload-pods.ts';
import type { Workload } from '../kube/workloads/workload.ts';
import { earlyRefusals, refusals } from './refuse/refusals.ts';
import { planRemoval, podsOf } from './plan-down.ts';
import { lastIds } from './step.ts';
import { planAdoptions } from './build/adoptions.ts';
import { claimStepsFor, planClaims } from './build/claims.ts';
import { imageCheckSteps, podSteps, type HostPathToCreate } from './build/pod.ts';
import { planNetworkCreation, planNetworkRemoval, unusedNetwork } from './build/network.ts';
import { bridgeToFix } from './build/bridge.ts';
import {
  hasDns,
  joining,
  needsNetwork,
  networkChoice,
  networkNotes,
  networkWarnings,
  type NetworkChoice,
} from './decide/network.ts';
import { checkChanges } from './decide/checks.ts';
import { networkRefusals } from './refuse/network.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import { serviceName } from '../podman/names.ts';
import { planServicePods, planServiceRemoval, withServiceRules } from './build/services.ts';
import type { ServiceDecision } from './decide/services.ts';
import { planJobs, recordSteps, type JobPlan } from './plan-jobs.ts';
import type { SourcedJobs } from '../kube/jobs/sourced-jobs.ts';
import { needsOfServices, orphanedServices, planServices, type ServicePlanning } from './plan-services.ts';

export interface UpOptions {
  readonly pull?: PullOption;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  /** Adopt pods and volumes created by `podman kube play`. */
  readonly adopt: boolean;
  readonly infraImage?: string;
  /** Whether podpose's watcher restarts the containers, or why podman does. By default, podman does, without a report. */
  readonly watcher?: 'available' | NoWatcher;
  /** The existing network that pods join, instead of that of the project. */
  readonly network?: string;
}

export interface UpInput extends Partial<SourcedJobs> {
  readonly project: string;
  /** In the order of the files. */
  readonly pods: readonly SourcedPod[];
  /** The owners of pods. By default, none: all pods are bare. */
  readonly workloads?: readonly Workload[];
  readonly services?: readonly SourcedService[];
  /** Observed state so far. */
  readonly observed: KnownState;
  readonly options: UpOptions;
  /** Host paths to create, by pod name; for the pods of a Job, by the Job: `job/load`. */
  readonly hostPaths: ReadonlyMap<string, readonly HostPathToCreate[]>;
}

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
  const { forceRecreate, removeOrphans, watcher, network, infraImage } = given.options;
  const jobs = planJobs({
    ...{ project: given.project, observed: given.observed, forceRecreate, removeOrphans },
    ...{ jobs: given.jobs ?? [], cronJobs: given.cronJobs ?? [], isWatched: watcher === 'available' },
    runOptions: defined({ network, infraImage }),
  });
  const input: PlannedInput = { ...given, pods: [...given.pods, ...jobs.pods], ofJobs: jobs };
  const planning = planAll(input);
  return planning.kind === 'plan' ? { ...planning, pods: input.pods } : planning;
}

interface PlannedInput extends UpInput {
  readonly ofJobs: JobPlan;
}

type PlanOnly = { readonly kind: 'plan'; readonly plan: Plan } | Exclude<Planning, { readonly kind: 'plan' }>;

function planAll(input: PlannedInput): PlanOnly {
  const desired = input.pods.map(({ pod }) => pod);
  const network = networkChoice(input.project, input.options.network);
  const before = new Set([
    ...needsBeforeDeciding(desired, network, input.observed),
    ...needsOfServices(input.services ?? [], input.observed),
    ...input.ofJobs.needs,
  ]);
  const { images } = input.observed;
  if (before.size > 0 || images === undefined) return { kind: 'needs', needs: before };
  const decisions = decideEarly(input, { ...input.observed, images });
  const services = decideServices(input, network, decisions ?? []);
  if (services.kind !== 'decided') return services;
  const isUnchangedSoFar = decisions !== undefined && areUnchanged(services.decisions);
  if (isUnchangedSoFar && isUpToDate(input, decisions) && !mayAdoptVolumes(input))
    return { kind: 'plan', plan: planWithoutSteps(input, decisions, services.warnings) };
  const needs = needsOfChanges(desired, network, decisions ?? [], input.observed);
  const { volumes } = input.observed;
  if (needs.size > 0 || volumes === undefined) return { kind: 'needs', needs };
  return planWith(input, network, { ...input.observed, images, volumes }, decisions, services);
}

function decideServices(
  { project, services = [], observed, options }: UpInput,
  { name: network }: NetworkChoice,
  decisions: readonly PodDecision[],
): ServicePlanning {
  const { forceRecreate, removeOrphans } = options;
  return planServices({ project, network, services, decisions, observed, forceRecreate, removeOrphans });
}

function firstStarted(services: readonly ServiceDecision[]): string | undefined {
  return services.find(({ pod }) => pod.kind !== 'keep')?.record.service.name;
}

function areUnchanged(services: readonly ServiceDecision[]): boolean {
  return services.every(
    ({ pod, update, setsRules }) => pod.kind === 'keep' && update === undefined && !setsRules,
  );
}

/** Decisions before volumes are known. Undefined if a pod is refused. */
function decideEarly(input: UpInput, observed: DecideState): readonly PodDecision[] | undefined {
  const { project, pods } = input;
  const isRefused = pods.some((pod) => earlyRefusals(pod, project, observed).length > 0);
  return isRefused ? undefined : pods.map(({ pod }) => decide(input, pod, observed));
}

function decide({ project, options }: UpInput, pod: DesiredPod, observed: DecideState): PodDecision {
  const network = networkChoice(project, options.network).name;
  return decidePod(pod, observed, { ...options, project, network });
}

/** Whether nothing changes. Then volumes are not queried. */
function isUpToDate(
  { project, pods, services = [], observed, options, workloads = [], ofJobs }: PlannedInput,
  decisions: readonly PodDecision[],
): boolean {
  const own = ownedBy(project, observed);
  const { pods: ownPods, containers } = own;
  const desired = pods.map(({ pod }) => pod);
  if (ofJobs.decisions.some(({ kind }) => kind !== 'keep')) return false;
  if (unwantedPods(workloads, desired, own, ofJobs.kept).length > 0) return false;
  const isWanted = (name: string) => ofJobs.kept.has(name) || pods.some(({ pod }) => pod.name === name);
  const hasOrphans =
    options.removeOrphans &&
    (!podsOf({ pods: ownPods, containers }).every(isWanted) ||
      orphanedServices(project, services, observed).length > 0);
  return (
    !hasOrphans &&
    decisions.every((decision) => isUnchanged(decision) && !hasRemains(decision)) &&
    unusedNetwork(project, observed, () => false) === undefined
  );
}

/** Whether unchanged pods may mount volumes that are to be adopted. */
function mayAdoptVolumes({ pods, options }: UpInput): boolean {
  return options.adopt && pods.some(({ pod }) => mountedClaims(pod).length > 0);
}

/** Whether earlier runs left something to clean up. */
function hasRemains({ leftovers, removedSecrets }: PodDecision): boolean {
  return leftovers.length + removedSecrets.length > 0;
}

/** Nothing to do: at most containers that need a check. */
function planWithoutSteps(
  { project, pods, services = [], observed, options, workloads, ofJobs }: PlannedInput,
  decisions: readonly PodDecision[],
  ofServices: readonly Diagnostic[],
): Plan {
  const desired = pods.map(({ pod }) => pod);
  const warnings = [
    ...ofServices,
    ...orphanWarnings(project, desired, withoutKept(ownedBy(project, observed), ofJobs), options, workloads),
    ...ofJobs.warnings,
    ...orphanedServiceWarnings(project, orphanedServices(project, services, observed), options),
    ...networkNotes(decisions),
    ...restartNotes(decisions, observed, options),
  ];
  const changes = decisions.flatMap((decision) => checkChanges(decision, observed));
  return { project, changes, steps: [], warnings };
}

/** Not if the caller does not tell whether there is a watcher. */
function restartNotes(
  decisions: readonly PodDecision[],
  observed: KnownState,
  { watcher }: UpOptions,
): readonly Diagnostic[] {
  if (watcher === undefined) return [];
  return keptPolicyNotes(decisions, observed, watcher === 'available' ? undefined : watcher);
}

/** The state without pods of Jobs that stay as they are, which are no orphans. */
function withoutKept<T extends KnownState>(own: T, { kept }: JobPlan): T {
  return { ...own, pods: own.pods.filter(({ name }) => !kept.has(name)) };
}

/** @param early the decisions on the same state, unless a pod is refused */
function planWith(
  input: PlannedInput,
  choice: NetworkChoice,
  observed: ObservedState,
  early: readonly PodDecision[] | undefined,
  ofServices: Extract<ServicePlanning, { readonly kind: 'decided' }>,
): PlanOnly {
  const { project, pods, services = [], options, workloads = [], ofJobs } = input;
  const { watcher } = options;
  const diagnostics: Diagnostic[] = pods.flatMap((pod) => refusals(pod, project, observed, options));
  if (diagnostics.some(isError)) return { kind: 'refused', diagnostics };

  const own = ownedBy(project, observed);
  const decided = pods.map((sourced, index) => ({
    sourced,
    decision: early?.[index] ?? decide(input, sourced.pod, observed),
  }));
  const decisions = decided.map(({ decision }) => decision);
  const joiningPods = decisions.filter(
    (decision) => needsNetwork(decision, choice) && !isUnchanged(decision),
  );
  const changingServices = ofServices.decisions.filter((one) => !areUnchanged([one]));
  const isJoined = joiningPods.length + changingServices.length > 0;
  const ofNetwork = isJoined ? networkRefusals(project, choice, observed.networks ?? []) : [];
  if (ofNetwork.length > 0) return { kind: 'refused', diagnostics: ofNetwork };
  const images = planImages(
    [
      ...decided.flatMap(({ sourced, decision }) => needsOf(sourced, decision)),
      ...(input.cronJobs ?? []).flatMap(({ template }) =>
        imageNeeds(template, [...template.pod.initContainers, ...template.pod.containers]),
      ),
    ],
    observed.images,
    options.pull,
  );
  if (images.diagnostics.some(isError)) return { kind: 'refused', diagnostics: images.diagnostics };

  const desired = pods.map(({ pod }) => pod);
  const unwanted = unwantedPods(workloads, desired, own, ofJobs.kept);
  const isUnwanted = (name: string) => unwanted.some((pod) => pod.name === name);
  const isOrphan = (name: string) =>
    !isUnwanted(name) && !ofJobs.kept.has(name) && !pods.some(({ pod }) => pod.name === name);
  const pulled = images.steps.map(({ id }) => id);
  // Removals come first: a renamed pod needs the host ports of the old one.
  const removal = options.removeOrphans
    ? planRemoval(project, podsOf(own).filter(isOrphan), own, { kind: 'not-in-files' }, { needs: pulled })
    : { changes: [], steps: [] };
  const orphans = orphanedServices(project, services, observed);
  const removedServices = planServiceRemoval(
    options.removeOrphans ? orphans : [],
    { kind: 'not-in-files' },
    pulled,
  );
  const removalSteps = [...removal.steps, ...removedServices.steps];
  const after = lastIds(removalSteps, pulled);
  const checks = new Map(decisions.map((decision) => [decision, imageCheckSteps(decision, after)]));
  const changing = decisions.filter((decision) => !isUnchanged(decision));
  // What only one pod needs is not created if its images are refused.
  const [only] = changing.length === 1 ? changing : [];
  const checked = lastIds(only === undefined ? [] : (checks.get(only) ?? []), after);
  const claims = planClaims({
    project,
    pods: changing.map(({ desired }) => desired),
    volumes: observed.volumes,
    needs: checked,
  });
  const network = planNetworkCreation(project, choice, isJoined, observed, checked);
  const bridge = bridgeToFix(
    choice,
    unwaitingFirst(workloads, joiningPods),
    firstStarted(ofServices.decisions),
    observed,
  );
  const servicePods = planServicePods(
    {
      ...{ project, network: choice.name, decisions: ofServices.decisions },
      ...defined({
        infraImage: options.infraImage,
        bridge: bridge?.isOfService === true ? bridge : undefined,
      }),
    },
    lastIds(network.steps, checked),
  );
  const namesResolve = lastIds(
    servicePods.steps.filter(({ operation }) => operation.kind !== 'record-service'),
    [],
  );
  const adoptions = options.adopt
    ? planAdoptions({ project, pods: pods.map(({ pod }) => pod), volumes: observed.volumes, needs: after })
    : { changes: [], steps: [] };
  const records = recordSteps(project, ofJobs.decisions, observed.secrets ?? [], checked);
  const isRecorded = (owner: string | undefined) => records.steps.some(({ id }) => id === owner);
  const declaredServices = services.map(({ service }) => service);
  const perPod = decided.map(({ decision }) => {
    const { desired: pod } = decision;
    const made = claimStepsFor(pod, claims.steps);
    const joins = joiningPods.includes(decision);
    const joined = namesResolve.length > 0 ? namesResolve : network.steps.map(({ id }) => id);
    const recorded = isRecorded(pod.owner) ? [pod.owner ?? ''] : [];
    const shared = [...made, ...recorded, ...(joins ? joined : [])];
    const passed = (checks.get(decision) ?? []).map(({ id }) => id);
    const before = only === undefined || shared.length === 0 ? [...shared, ...passed] : shared;
    const steps = podSteps({
      project,
      decision,
      // Only volumes of the project: those of other projects may have a pod of the same name.
      volumes: own.volumes.filter(({ owner }) => owner?.pod === pod.name),
      hostPaths: input.hostPaths.get(pod.name) ?? input.hostPaths.get(pod.owner ?? '') ?? [],
      createdClaims: made,
      dns: dnsOf(pod, observed, hasDns(choice, observed)),
      after: before.length === 0 ? after : before,
      ...defined({
        infraImage: options.infraImage,
        network: joining(pod, choice, observed, declaredServices),
      }),
      ...(joins && bridge?.isOfService !== true ? defined({ bridge }) : {}),
      writesHosts: observed.machineHosts ?? false,
    });
    const changes = [...changesOf(decision), ...checkChanges(decision, observed)];
    return { desired: pod, exists: decision.current !== undefined, steps, changes };
  });
  const surplus = unwanted.map((pod) => ({
    unwanted: pod,
    ...planRemoval(
      project,
      [pod.name],
      own,
      removalReasons(pod, desired, observed, { ...options, project, network: choice.name }),
      { needs: after },
    ),
  }));
  const ordered = orderWorkloads(workloads, { pods: perPod, removals: surplus }, own.pods);
  const removals = ordered.removals.flatMap(({ steps }) => steps);
  const podChanges = [...removals, ...ordered.pods.flatMap(({ steps }) => steps)];
  const isReplaced = (name: string) =>
    decisions.some(({ desired, pod }) => desired.name === name && pod.kind === 'replace');
  const isKeptService = (name: string) =>
    ofServices.decisions.some(
      ({ record, pod }) => serviceName(record.service) === name && pod.kind !== 'replace',
    );
  const isGone = (name: string) =>
    isReplaced(name) || isUnwanted(name) || (options.removeOrphans && isOrphan(name) && !isKeptService(name));
  const left = planNetworkRemoval(
    choice.isGiven || !isJoined ? unusedNetwork(project, observed, isGone) : undefined,
    { kind: 'unused' },
    [...removalSteps, ...podChanges],
  );
  const plan: Plan = {
    project,
    changes: [
      ...network.changes,
      ...claims.changes,
      ...adoptions.changes,
      ...servicePods.changes,
      ...records.changes,
      ...perPod.flatMap(({ changes }) => changes),
      ...surplus.flatMap(({ changes }) => changes),
      ...removal.changes,
      ...removedServices.changes,
      ...left.changes,
    ],
    steps: [
      ...images.steps,
      ...removalSteps,
      ...[...checks.values()].flat(),
      ...network.steps,
      ...claims.steps,
      ...adoptions.steps,
      ...servicePods.steps,
      ...records.steps,
      ...withServiceRules(
        project,
        ofServices.decisions,
        servicePods.steps,
        orderByPorts(
          inOrder(podChanges),
          decisions,
          own.pods,
          unwanted.map(({ name }) => name),
        ),
      ),
      ...left.steps,
    ],
    warnings: [
      ...diagnostics,
      ...ofServices.warnings,
      ...(watcher === undefined || watcher === 'available'
        ? []
        : [...unwatchedWarnings(decisions, watcher), ...unwatchedJobs(ofJobs.decisions, watcher)]),
      ...pods.flatMap((pod) => dnsWarnings(pod, observed, hasDns(choice, observed))),
      ...orphanWarnings(
        project,
        desired,
        withoutKept({ ...own, pods: own.pods.filter(({ name }) => !isUnwanted(name)) }, ofJobs),
        options,
        workloads,
      ),
      ...orphanedServiceWarnings(project, orphans, options),
      ...ofJobs.warnings,
      ...networkNotes(decisions),
      ...restartNotes(decisions, observed, options),
      ...networkWarnings(choice, joiningPods.length, observed),
    ],
  };
  const { limiting } = observed;
  const limited = limiting === undefined ? plan : withoutMissingLimits(plan, limiting);
  if (watcher === undefined) return { kind: 'plan', plan: limited };
  return { kind: 'plan', plan: watcher === 'available' ? watchedPlan(limited) : unwatchedPlan(limited) };
}

/** Images of containers to create. Existing containers have their images. */
function needsOf(pod: SourcedPod, { init, containers }: PodDecision): readonly ImageNeed[] {
  const made = [...init, ...containers].filter(isCreated);
  return imageNeeds(
    pod,
    made.map(({ container }) => container),
  );
}
