import { defined } from '../base/defined.ts';
import { isError, type Diagnostic } from '../base/diagnostic.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { mountedClaims } from '../kube/spec/volume-kinds.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { changesOf, isCreated, type PodDecision } from './decide/decision.ts';
import { dnsOf, dnsWarnings } from './decide/dns.ts';
import { decidePod } from './decide/decide-pod.ts';
import type { DecideState } from './decide/pod-context.ts';
import { needsBeforeDeciding, needsOfChanges, type KnownState, type Need } from './needs.ts';
import { imageNeeds, planImages, type ImageNeed, type PullOption } from './decide/images.ts';
import { withoutMissingLimits } from './decide/limits.ts';
import { keptPolicyNotes, unwatchedWarnings, type NoWatcher } from './decide/no-watcher.ts';
import { unwatchedPlan, watchedPlan } from './decide/watched.ts';
import { orphanWarnings } from './decide/orphans.ts';
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
import { imageCheckSteps, isUnchanged, podSteps, type HostPathToCreate } from './build/pod.ts';
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

export interface UpInput {
  readonly project: string;
  /** In the order of the files. */
  readonly pods: readonly SourcedPod[];
  /** The owners of pods. By default, none: all pods are bare. */
  readonly workloads?: readonly Workload[];
  /** Observed state so far. */
  readonly observed: KnownState;
  readonly options: UpOptions;
  /** Host paths to create, by pod name. */
  readonly hostPaths: ReadonlyMap<string, readonly HostPathToCreate[]>;
}

/** A plan, a refusal, or needs to be queried first. */
export type Planning =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'needs'; readonly needs: ReadonlySet<Need> };

/** Compares desired and observed pods and plans the changes. */
export function planUp(input: UpInput): Planning {
  const desired = input.pods.map(({ pod }) => pod);
  const network = networkChoice(input.project, input.options.network);
  const before = needsBeforeDeciding(desired, network, input.observed);
  const { images } = input.observed;
  if (before.size > 0 || images === undefined) return { kind: 'needs', needs: before };
  const decisions = decideEarly(input, { ...input.observed, images });
  if (decisions !== undefined && isUpToDate(input, decisions) && !mayAdoptVolumes(input))
    return { kind: 'plan', plan: planWithoutSteps(input, decisions) };
  const needs = needsOfChanges(desired, network, decisions ?? [], input.observed);
  const { volumes } = input.observed;
  if (needs.size > 0 || volumes === undefined) return { kind: 'needs', needs };
  return planWith(input, network, { ...input.observed, images, volumes }, decisions);
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
  { project, pods, observed, options, workloads = [] }: UpInput,
  decisions: readonly PodDecision[],
): boolean {
  const own = ownedBy(project, observed);
  const { pods: ownPods, containers } = own;
  const desired = pods.map(({ pod }) => pod);
  if (unwantedPods(workloads, desired, own).length > 0) return false;
  const isWanted = (name: string) => pods.some(({ pod }) => pod.name === name);
  const hasOrphans = options.removeOrphans && !podsOf({ pods: ownPods, containers }).every(isWanted);
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
  { project, pods, observed, options, workloads }: UpInput,
  decisions: readonly PodDecision[],
): Plan {
  const desired = pods.map(({ pod }) => pod);
  const warnings = [
    ...orphanWarnings(project, desired, ownedBy(project, observed), options, workloads),
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

/** @param early the decisions on the same state, unless a pod is refused */
function planWith(
  input: UpInput,
  choice: NetworkChoice,
  observed: ObservedState,
  early: readonly PodDecision[] | undefined,
): Planning {
  const { project, pods, options, workloads = [] } = input;
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
  const ofNetwork = joiningPods.length > 0 ? networkRefusals(project, choice, observed.networks ?? []) : [];
  if (ofNetwork.length > 0) return { kind: 'refused', diagnostics: ofNetwork };
  const images = planImages(
    decided.flatMap(({ sourced, decision }) => needsOf(sourced, decision)),
    observed.images,
    options.pull,
  );
  if (images.diagnostics.some(isError)) return { kind: 'refused', diagnostics: images.diagnostics };

  const desired = pods.map(({ pod }) => pod);
  const unwanted = unwantedPods(workloads, desired, own);
  const isUnwanted = (name: string) => unwanted.some((pod) => pod.name === name);
  const isOrphan = (name: string) => !isUnwanted(name) && !pods.some(({ pod }) => pod.name === name);
  const pulled = images.steps.map(({ id }) => id);
  // Removals come first: a renamed pod needs the host ports of the old one.
  const removal = options.removeOrphans
    ? planRemoval(project, podsOf(own).filter(isOrphan), own, { kind: 'not-in-files' }, { needs: pulled })
    : { changes: [], steps: [] };
  const after = lastIds(removal.steps, pulled);
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
  const network = planNetworkCreation(project, choice, joiningPods, observed, checked);
  const bridge = bridgeToFix(choice, unwaitingFirst(workloads, joiningPods), observed);
  const adoptions = options.adopt
    ? planAdoptions({ project, pods: pods.map(({ pod }) => pod), volumes: observed.volumes, needs: after })
    : { changes: [], steps: [] };
  const perPod = decided.map(({ decision }) => {
    const { desired: pod } = decision;
    const made = claimStepsFor(pod, claims.steps);
    const joins = joiningPods.includes(decision);
    const shared = [...made, ...(joins ? network.steps.map(({ id }) => id) : [])];
    const passed = (checks.get(decision) ?? []).map(({ id }) => id);
    const before = only === undefined || shared.length === 0 ? [...shared, ...passed] : shared;
    const steps = podSteps({
      project,
      decision,
      // Only volumes of the project: those of other projects may have a pod of the same name.
      volumes: own.volumes.filter(({ owner }) => owner?.pod === pod.name),
      hostPaths: input.hostPaths.get(pod.name) ?? [],
      createdClaims: made,
      dns: dnsOf(pod, observed, hasDns(choice, observed)),
      after: before.length === 0 ? after : before,
      ...defined({ infraImage: options.infraImage, network: joining(pod, choice, observed) }),
      ...(joins ? defined({ bridge }) : {}),
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
  const isGone = (name: string) =>
    isReplaced(name) || isUnwanted(name) || (options.removeOrphans && isOrphan(name));
  const left = planNetworkRemoval(
    choice.isGiven || joiningPods.length === 0 ? unusedNetwork(project, observed, isGone) : undefined,
    { kind: 'unused' },
    [...removal.steps, ...podChanges],
  );
  const plan: Plan = {
    project,
    changes: [
      ...network.changes,
      ...claims.changes,
      ...adoptions.changes,
      ...perPod.flatMap(({ changes }) => changes),
      ...surplus.flatMap(({ changes }) => changes),
      ...removal.changes,
      ...left.changes,
    ],
    steps: [
      ...images.steps,
      ...removal.steps,
      ...[...checks.values()].flat(),
      ...network.steps,
      ...claims.steps,
      ...adoptions.steps,
      ...orderByPorts(
        inOrder(podChanges),
        decisions,
        own.pods,
        unwanted.map(({ name }) => name),
      ),
      ...left.steps,
    ],
    warnings: [
      ...diagnostics,
      ...(watcher === undefined || watcher === 'available' ? [] : unwatchedWarnings(decisions, watcher)),
      ...pods.flatMap((pod) => dnsWarnings(pod, observed, hasDns(choice, observed))),
      ...orphanWarnings(
        project,
        desired,
        { ...own, pods: own.pods.filter(({ name }) => !isUnwanted(name)) },
        options,
        workloads,
      ),
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
