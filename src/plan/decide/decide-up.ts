import { defined } from '../../base/defined.ts';
import type { SourcedCronJob } from '../../kube/jobs/desired-job.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import { unusedNetwork } from '../build/network.ts';
import { podsOf } from '../plan-down.ts';
import { planHeadlessServices } from '../headless-services.ts';
import { orphanedServices, planServices, type ServicePlanning } from '../plan-services.ts';
import { earlyRefusals } from '../refuse/refusals.ts';
import { isWanted, type PlannedInput, type UpInput } from '../up-input.ts';
import { isCreated, isUnchanged, type PodDecision } from './decision.ts';
import { decidePod } from './decide-pod.ts';
import { imageNeeds, type ImageNeed } from './images.ts';
import { networkChoice } from './network.ts';
import { orphanScope } from './orphans.ts';
import { ownedBy } from './ownership.ts';
import type { DecideState } from './pod-context.ts';
import type { ServiceDecision } from './services.ts';
import { unwantedPods } from './workload-pods.ts';

/** A pod of the files with the decision about it. */
export interface DecidedPod {
  readonly sourced: SourcedPod;
  readonly decision: PodDecision;
}

/** Decisions before volumes are known. Undefined if a pod is refused. */
export function decideEarly(input: UpInput, observed: DecideState): readonly PodDecision[] | undefined {
  const { project, pods } = input;
  const isRefused = pods.some((pod) => earlyRefusals(pod, project, observed).length > 0);
  return isRefused ? undefined : pods.map(({ pod }) => decide(input, pod, observed));
}

/** @param early the decisions on the same state, unless a pod is refused */
export function decideAll(
  input: UpInput,
  observed: DecideState,
  early: readonly PodDecision[] | undefined,
): readonly DecidedPod[] {
  return input.pods.map((sourced, index) => ({
    sourced,
    decision: early?.[index] ?? decide(input, sourced.pod, observed),
  }));
}

function decide({ project, options }: UpInput, pod: DesiredPod, observed: DecideState): PodDecision {
  const network = networkChoice(project, options.network).name;
  return decidePod(pod, observed, { ...options, project, network });
}

/** The decisions about the Services of the files. */
export function decideServices(input: UpInput, decisions: readonly PodDecision[]): ServicePlanning {
  const { project, services = [], observed, options, workloads = [], held } = input;
  const { forceRecreate, removeOrphans } = options;
  const network = networkChoice(project, options.network).name;
  const unwanted = unwantedPods(workloads, (name) => isWanted(input, name), ownedBy(project, observed));
  return planServices({
    ...{ project, network, services, decisions, observed, forceRecreate, removeOrphans },
    leaving: new Set(unwanted.map(({ name }) => name)),
    ...defined({ held }),
  });
}

export function areUnchanged(services: readonly ServiceDecision[]): boolean {
  return services.every(
    ({ pod, update, setsRules }) => pod.kind === 'keep' && update === undefined && !setsRules,
  );
}

/** Whether no pod changes, and nothing is removed. Then volumes are not queried. */
export function isUpToDate(input: PlannedInput, decisions: readonly PodDecision[]): boolean {
  const { project, services = [], observed, options, workloads = [] } = input;
  if (input.ofJobs.decisions.some(({ kind }) => kind !== 'keep')) return false;
  const own = ownedBy(project, observed);
  const { pods: ownPods, containers } = own;
  const isMeant = (name: string) => isWanted(input, name);
  if (unwantedPods(workloads, isMeant, own).length > 0) return false;
  const isIn = orphanScope(options.namespace, observed);
  const ofHeadless = planHeadlessServices(
    { ...{ project, services, observed, isInScope: isIn }, removeOrphans: options.removeOrphans },
    [],
  );
  if (ofHeadless.steps.length > 0) return false;
  const hasOrphans =
    options.removeOrphans &&
    (podsOf({ pods: ownPods, containers }).some((name) => isIn(name) && !isMeant(name)) ||
      orphanedServices(project, services, observed).some(({ name }) => isIn(name)));
  return (
    !hasOrphans &&
    decisions.every((decision) => isUnchanged(decision) && !hasRemains(decision)) &&
    unusedNetwork(project, observed, () => false) === undefined
  );
}

/** Whether unchanged pods may mount volumes that are to be adopted. */
export function mayAdoptVolumes({ pods, options }: UpInput): boolean {
  return options.adopt && pods.some(({ pod }) => mountedClaims(pod).length > 0);
}

/** Whether earlier runs left something to clean up. */
function hasRemains({ leftovers, removedSecrets }: PodDecision): boolean {
  return leftovers.length + removedSecrets.length > 0;
}

/** Images of containers to create. Existing containers have their images. */
export function imagesNeeded({ sourced, decision: { init, containers } }: DecidedPod): readonly ImageNeed[] {
  const made = [...init, ...containers].filter(isCreated);
  return imageNeeds(
    sourced,
    made.map(({ container }) => container),
  );
}

/** The images of all containers of its Jobs: a watcher pulls none. */
export function imagesOfCronJob({ template }: SourcedCronJob): readonly ImageNeed[] {
  return imageNeeds(template, [...template.pod.initContainers, ...template.pod.containers]);
}
