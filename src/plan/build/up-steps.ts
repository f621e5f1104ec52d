import { defined } from '../../base/defined.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import { serviceName } from '../../podman/names.ts';
import type { Change } from '../change.ts';
import { checkChanges } from '../decide/checks.ts';
import { changesOf, isUnchanged, type PodDecision } from '../decide/decision.ts';
import { dnsOf } from '../decide/dns.ts';
import { nextRecord } from '../decide/revisions.ts';
import { isPullOfProxyOnly } from '../decide/proxy-image.ts';
import { hasDns, joining as joined, networkChoice, type NetworkChoice } from '../decide/network.ts';
import { ownedBy } from '../decide/ownership.ts';
import type { ServiceDecision } from '../decide/services.ts';
import { removalReasons, type UnwantedPod } from '../decide/workload-pods.ts';
import { planRemoval, podsOf } from '../plan-down.ts';
import { orphanScope } from '../decide/orphans.ts';
import { recordSteps } from './job-records.ts';
import { planHeadlessServices } from '../headless-services.ts';
import { knownNames, orphanedServices } from '../plan-services.ts';
import { lastIds, type Step } from '../step.ts';
import { isWanted, type PlannedInput, type UpInput } from '../up-input.ts';
import { planAdoptions } from './adoptions.ts';
import { bridgeToFix, type BridgeToFix } from './bridge.ts';
import { claimStepsFor, planClaims } from './claims.ts';
import { planNetworkCreation, planNetworkRemoval, unusedNetwork } from './network.ts';
import { imageCheckSteps, podSteps } from './pod.ts';
import { orderByPorts } from './port-order.ts';
import { rolloutEndpoints, stoppingAfterLeaving } from './rollout-endpoints.ts';
import { orderWorkloads, stepsOfPods, unwaitingFirst, type PodSteps } from './rollouts.ts';
import { withRevisions } from './container-revisions.ts';
import { planServicePods, planServiceRemoval, withServiceRules } from './services.ts';
import { inOrder } from './step-order.ts';

/** What has been decided about the pods and Services of the files. */
export interface UpDecisions {
  readonly decisions: readonly PodDecision[];
  /** The pods with changes that join the network. */
  readonly joining: readonly PodDecision[];
  /** Whether a pod or a Service joins the network. */
  readonly isJoined: boolean;
  readonly unwanted: readonly UnwantedPod[];
  readonly services: readonly ServiceDecision[];
  readonly imageSteps: readonly Step[];
}

interface ChangesAndSteps {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

const NOTHING: ChangesAndSteps = { changes: [], steps: [] };

/** The changes and the steps of a plan, in order. */
export function upSteps(input: PlannedInput, observed: ObservedState, decided: UpDecisions): ChangesAndSteps {
  const { project, pods, options, workloads = [] } = input;
  const { decisions, joining, isJoined, unwanted, services, imageSteps } = decided;
  const own = ownedBy(project, observed);
  const choice = networkChoice(project, options.network);
  const desired = pods.map(({ pod }) => pod);
  // The rest comes up without the image of the proxy.
  const isOfProxy = (id: string) => isPullOfProxyOnly(id, pods);
  const pulls = imageSteps.map(({ id }) => id);
  const [pulledForProxy, pulled] = [pulls.filter(isOfProxy), pulls.filter((id) => !isOfProxy(id))];
  const pullsOf = ({ desired: { name } }: PodDecision) =>
    pods.some(({ pod, isProxy }) => isProxy === true && pod.name === name) ? pulledForProxy : [];
  // Removals come first: a renamed pod needs the host ports of the old one.
  const removal = removalOfOrphans(input, observed, unwanted, pulled);
  const after = lastIds(removal.steps, pulled);
  const checks = new Map(
    decisions.map((decision) => [decision, imageCheckSteps(decision, [...after, ...pullsOf(decision)])]),
  );
  const changing = decisions.filter((decision) => !isUnchanged(decision));
  // What only one pod needs is not created if its images are refused.
  const [only] = changing.length === 1 ? changing : [];
  const checked = lastIds(only === undefined ? [] : (checks.get(only) ?? []), after);
  const claims = planClaims({
    project,
    pods: changing.map((decision) => decision.desired),
    volumes: observed.volumes,
    needs: checked,
  });
  const network = planNetworkCreation(project, choice, isJoined, observed, checked);
  const bridge = bridgeToFix(choice, unwaitingFirst(workloads, joining), firstStarted(services), observed);
  const servicePods = planServicePods(
    {
      ...{ project, network: choice.name, decisions: services },
      ...defined({
        infraImage: options.infraImage,
        bridge: bridge?.isOfService === true ? bridge : undefined,
      }),
    },
    lastIds(network.steps, checked),
  );
  const headless = planHeadlessServices(
    {
      ...{ project, services: input.services ?? [], observed, removeOrphans: options.removeOrphans },
      isInScope: orphanScope(options.namespace, observed),
    },
    checked,
  );
  const exists = network.steps.map(({ id }) => id);
  const ofNames = servicePods.steps.filter(({ operation }) => operation.kind !== 'record-service');
  const namesResolve = lastIds(ofNames, []);
  const adoptions = options.adopt
    ? planAdoptions({ project, pods: desired, volumes: observed.volumes, needs: after })
    : NOTHING;
  const records = recordSteps(project, input.ofJobs.decisions, observed.secrets ?? [], checked);
  const recordOf = ({ desired: { owner } }: PodDecision) =>
    records.steps.some(({ id }) => id === owner) && owner !== undefined ? [owner] : [];
  const perPod = decisions.map((decision): PodSteps & ChangesAndSteps => {
    const made = claimStepsFor(decision.desired, claims.steps);
    const joins = joining.includes(decision);
    // A new pod is created beside the Services. An old one is not removed before they are there.
    const isNew = decision.pod.kind === 'create';
    const joinable = isNew || namesResolve.length === 0 ? exists : namesResolve;
    const shared = [...made, ...recordOf(decision), ...(joins ? joinable : [])];
    const passed = (checks.get(decision) ?? []).map(({ id }) => id);
    const before = [
      ...(only === undefined || shared.length === 0 ? [...shared, ...passed] : shared),
      ...pullsOf(decision),
    ];
    return {
      decision,
      steps: stepsOfChanges(input, observed, decision, {
        ...{ choice, createdClaims: made, after: before.length === 0 ? after : before },
        startsAfter: joins && isNew ? namesResolve : [],
        ...(joins && bridge?.isOfService !== true ? defined({ bridge }) : {}),
      }),
      changes: [...changesOf(decision), ...checkChanges(decision, observed)],
    };
  });
  const decideOptions = { ...options, project, network: choice.name };
  const surplus = unwanted.map((pod) => {
    const reasons = removalReasons(pod, desired, observed, decideOptions);
    return { unwanted: pod, ...planRemoval(project, [pod.name], own, reasons, { needs: after }) };
  });
  const ordered = orderWorkloads(workloads, { pods: perPod, removals: surplus }, own);
  const { stages } = ordered;
  const ofPods = [...ordered.removals.flatMap(({ steps }) => steps), ...stepsOfPods(ordered)];
  const endpoints = rolloutEndpoints(
    ...([project, services, stages, own, servicePods.steps, ofPods] as const),
    knownNames({ project, services: input.services ?? [], observed }),
  );
  const podChanges = [...endpoints.steps, ...stoppingAfterLeaving(ofPods, stages, endpoints.steps)];
  const left = planNetworkRemoval(
    choice.isGiven || !isJoined
      ? unusedNetwork(project, observed, (name) => isGone(name, input, decided))
      : undefined,
    { kind: 'unused' },
    [...removal.steps, ...podChanges],
  );
  return {
    changes: [
      ...network.changes,
      ...claims.changes,
      ...adoptions.changes,
      ...servicePods.changes,
      ...headless.changes,
      ...records.changes,
      ...input.ofJobs.checks,
      ...perPod.flatMap(({ changes }) => changes),
      ...surplus.flatMap(({ changes }) => changes),
      ...removal.changes,
      ...left.changes,
    ],
    steps: [
      ...imageSteps,
      ...removal.steps,
      ...[...checks.values()].flat(),
      ...network.steps,
      ...claims.steps,
      ...adoptions.steps,
      ...servicePods.steps,
      ...headless.steps,
      ...records.steps,
      ...withServiceRules(
        project,
        services,
        servicePods.steps,
        orderByPorts(
          inOrder(podChanges),
          decisions,
          own.pods,
          unwanted.map(({ name }) => name),
        ),
        endpoints.last,
      ),
      ...left.steps,
    ],
  };
}

function removalOfOrphans(
  input: UpInput,
  observed: ObservedState,
  unwanted: readonly UnwantedPod[],
  needs: readonly string[],
): ChangesAndSteps {
  const { project, services = [], options } = input;
  if (!options.removeOrphans) return NOTHING;
  const own = ownedBy(project, observed);
  const isIn = orphanScope(options.namespace, observed);
  const orphans = podsOf(own).filter((name) => isOrphan(name, input, unwanted));
  const ofPods = planRemoval(project, orphans, own, { kind: 'not-in-files' }, { needs });
  const ofServices = planServiceRemoval(
    orphanedServices(project, services, observed).filter(({ name }) => isIn(name)),
    { kind: 'not-in-files' },
    needs,
  );
  return {
    changes: [...ofPods.changes, ...ofServices.changes],
    steps: [...ofPods.steps, ...ofServices.steps],
  };
}

function isOrphan(name: string, input: UpInput, unwanted: readonly UnwantedPod[]): boolean {
  const isIn = orphanScope(input.options.namespace, input.observed);
  return isIn(name) && !unwanted.some((pod) => pod.name === name) && !isWanted(input, name);
}

/** Whether a podman pod does not exist any more after all changes, or was created anew. */
function isGone(name: string, input: UpInput, { decisions, services, unwanted }: UpDecisions): boolean {
  const isReplaced = decisions.some(({ desired, pod }) => desired.name === name && pod.kind === 'replace');
  const isKeptService = services.some(
    ({ record, pod }) => serviceName(record.service) === name && pod.kind !== 'replace',
  );
  return (
    isReplaced ||
    unwanted.some((pod) => pod.name === name) ||
    (input.options.removeOrphans && isOrphan(name, input, unwanted) && !isKeptService)
  );
}

function firstStarted(services: readonly ServiceDecision[]): string | undefined {
  return services.find(({ pod }) => pod.kind !== 'keep')?.record.service.name;
}

interface StepsOfPod {
  readonly choice: NetworkChoice;
  readonly createdClaims: readonly string[];
  readonly after: readonly string[];
  readonly startsAfter: readonly string[];
  readonly bridge?: BridgeToFix;
}

function stepsOfChanges(
  { project, services = [], workloads = [], options, hostPaths }: UpInput,
  observed: ObservedState,
  decision: PodDecision,
  { choice, ...rest }: StepsOfPod,
): readonly Step[] {
  const { desired: pod } = decision;
  const declared = services.map(({ service }) => service);
  const workload = workloads.find(({ owner }) => owner === pod.owner);
  const isNew = decision.pod.kind === 'create' || decision.pod.kind === 'replace';
  const own = ownedBy(project, observed);
  return podSteps({
    ...{ project, ...rest },
    decision: isNew ? decision : withRevisions(decision, workload, own),
    // Only volumes of the project: those of other projects may have a pod of the same name.
    volumes: own.volumes.filter(({ owner }) => owner?.pod === pod.name),
    hostPaths: hostPaths.get(pod.name) ?? hostPaths.get(pod.owner ?? '') ?? [],
    dns: dnsOf(pod, observed, hasDns(choice, observed)),
    ...defined({
      infraImage: options.infraImage,
      network: joined(pod, choice, observed, declared),
      revisions: workload && isNew ? nextRecord(workload, own) : undefined,
    }),
    writesHosts: observed.machineHosts ?? false,
  });
}
