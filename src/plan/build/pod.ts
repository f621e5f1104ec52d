import { defined } from '../../base/defined.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { runtimeTextsOf } from '../../kube/validation/texts.ts';
import { subjectId } from '../change.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import type { JoinedNetwork } from '../../podman/operations/pod-network.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import type { RevisionRecord } from '../../podman/revisions-record.ts';
import { isUnchanged, type ContainerDecision, type PodDecision } from '../decide/decision.ts';
import { lastIds, type Step } from '../step.ts';
import { volumeOwnershipSteps } from './claims.ts';
import { bridgeSteps, bridgeStepId, type BridgeToFix } from './bridge.ts';
import { containerSteps } from './containers.ts';
import { startupSteps } from './startup.ts';
import { imageShellSteps } from './image-shells.ts';
import { imageUserSteps } from './image-users.ts';
import { isReplaced, replacesWhileRemoving } from '../decide/replace-beside-removed.ts';
import { oneAfterAnother } from './post-start.ts';
import { removeContainersSteps, removePodSteps } from './removal.ts';
import { removeSecretSteps, secretSteps } from './secrets.ts';
import { stopContainersSteps, terminateSteps } from './termination.ts';
import { removeUnusedVolumeSteps, volumeSteps } from './volumes.ts';

export interface PodStepsInput {
  readonly project: string;
  readonly decision: PodDecision;
  /** Existing volumes of the pod. */
  readonly volumes: readonly ObservedVolume[];
  readonly hostPaths: readonly HostPathToCreate[];
  /** IDs of the steps that create volumes of the pod's PersistentVolumeClaims. */
  readonly createdClaims: readonly string[];
  readonly dns: DnsSettings;
  /** IDs of steps that must succeed before any change to the pod: pulls, removals of orphans, checks of images. */
  readonly after: readonly string[];
  /** IDs of further steps that must succeed before the pod starts: those of the Services, whose names must resolve. */
  readonly startsAfter: readonly string[];
  readonly infraImage?: string;
  readonly revisions?: RevisionRecord;
  /** How the pod joins its network; absent with hostNetwork. */
  readonly network?: JoinedNetwork;
  /** The bridge of the network keeps its address only after a step has set it. */
  readonly bridge?: BridgeToFix;
  /** podman copies host names of this machine into /etc/hosts of containers, and podpose replaces them. */
  readonly writesHosts?: boolean;
}

export interface HostPathToCreate {
  readonly path: string;
  readonly what: 'directory' | 'file';
}

/**
 * The checks of the images of one pod, which come before any change to it.
 * @param after IDs of steps that must succeed first: the images are pulled then
 */
export function imageCheckSteps(decision: PodDecision, after: readonly string[]): readonly Step[] {
  return [...imageUserSteps({ decision, after }), ...imageShellSteps({ decision, after })];
}

/** The steps for the decision about one pod, in an order in which they can run one after another. */
export function podSteps(input: PodStepsInput): readonly Step[] {
  const { decision, dns, project, after } = input;
  const { desired: pod } = decision;
  const cause = subjectId({ kind: 'pod', pod: pod.name });
  const podIsNew = decision.pod.kind === 'create' || decision.pod.kind === 'replace';

  const isBeside = replacesWhileRemoving(decision);
  const { stop, removal } = cleanupSteps(input, cause, isBeside);
  const cleanup = [...stop, ...removal];
  const cleaned = lastIds(cleanup, after);
  // New volumes and secrets do not conflict with containers that are being removed.
  const free = isBeside ? after : cleaned;
  const volumeInput = {
    project,
    pod,
    volumes: input.volumes,
    files: decision.files,
    isNew: podIsNew,
    cause,
    needs: free,
  };
  const volumes = isUnchanged(decision) ? [] : volumeSteps(volumeInput);
  const hostPaths = isUnchanged(decision) ? [] : hostPathSteps(input, cause, free);
  const secretInput = { project, pod, secrets: decision.secrets, cause, needs: free };
  const secrets = secretSteps(secretInput, [...decision.init, ...decision.containers].map(containerOf));
  const ownership = podIsNew ? volumeOwnershipSteps(pod, input.createdClaims, cause, cleaned) : [];
  const before = [...volumes, ...ownership, ...hostPaths, ...secrets];
  const creation = podIsNew ? creationSteps(input, cause, lastIds(before, free)) : [];
  const created = creation.length > 0 ? [cause] : lastIds(before, free);
  const startable = [...created, ...input.startsAfter];
  const infra = infraSteps(input, cause, startable);

  const fixed = bridgeSteps(input.bridge, pod.name, lastIds(infra, startable));
  const steps: Step[] = [...cleanup, ...before, ...creation, ...infra, ...fixed];
  let ready = lastIds([...infra, ...fixed], startable);
  // A container that asks for the gateway before would remember its old address.
  if (input.bridge !== undefined && infra.length > 0)
    ready = [...new Set([...ready, bridgeStepId(input.bridge)])];
  const besideOthers = isBeside || decision.containers.length > 1;
  const stopsRemoved = isBeside ? stop.map(({ id }) => id) : [];
  const { current, members } = decision;
  const containerInput = { project, pod, dns, podIsNew, besideOthers, stopsRemoved, current, members };
  for (const container of pod.initContainers) {
    const init = decision.init.find((one) => one.container.name === container.name);
    const own = init === undefined ? [] : containerSteps(containerInput, init, ready);
    const isAwaited = init !== undefined || decision.awaited.includes(container.name);
    const startup = isAwaited ? startupSteps(pod, container, lastIds(own, ready)) : [];
    steps.push(...own, ...startup);
    ready = lastIds([...own, ...startup], ready);
  }
  // A new container may be a removed one that was renamed in the manifest: it starts after the removal.
  const others = isBeside ? [...new Set([...ready, ...cleaned])] : ready;
  const own = decision.containers.map((container) =>
    containerSteps(containerInput, container, isReplaced(container) ? ready : others),
  );
  steps.push(...oneAfterAnother(own));
  const last = lastIds(steps, after);
  const secretRemoval = removeSecretSteps(pod.name, decision.removedSecrets, cause, last);
  if (podIsNew || isUnchanged(decision)) return [...steps, ...secretRemoval];
  return [
    ...steps,
    ...removeContainersSteps(`remove-notes/${pod.name}`, decision.oldRecords, 0, cause, last),
    ...removeUnusedVolumeSteps(volumeInput, last),
    ...secretRemoval,
  ];
}

function containerOf({ container }: ContainerDecision): DesiredContainer {
  return container;
}

/**
 * Starts the infra container before the first container, instead of with it: if a container uses an address of the pod, or
 * if /etc/hosts must be written before a container reads it.
 */
function infraSteps(
  { decision, writesHosts = false }: PodStepsInput,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const { desired, init, containers, startsInfra } = decision;
  const starting = [...init, ...containers];
  if (!startsInfra || starting.length === 0) return [];
  const usesAddress = starting
    .flatMap(({ container }) => runtimeTextsOf(container))
    .some((text) => 'address' in text && (text.address === 'podIP' || text.address === 'podIPs'));
  // With hostNetwork, a pod has the host names of its node (nodeHostsFileContent in pkg/kubelet/kubelet_pods.go).
  if (!usesAddress && (!writesHosts || desired.sandbox.hostNetwork)) return [];
  return [
    {
      id: `infra/${desired.name}`,
      needs,
      cause,
      operation: { kind: 'start-infra', pod: desired.name, sandbox: desired.sandbox },
    },
  ];
}

/** Stops and removes first: the whole pod if it is replaced, otherwise its removed and leftover containers. */
function cleanupSteps(
  { project, decision, after }: PodStepsInput,
  cause: string,
  isBeside: boolean,
): { readonly stop: readonly Step[]; readonly removal: readonly Step[] } {
  const { desired, pod, current, isPaused, members, leftovers, removed, toStop } = decision;
  const { name, terminationGracePeriodSeconds: graceSeconds } = desired;
  if (pod.kind === 'create') return { stop: [], removal: [] };
  const given = { pod: name, current, members, graceSeconds, cause, needs: after };
  const stopping = { ...given, besideOthers: isBeside };
  if (pod.kind === 'replace') {
    const isAdopted = pod.reason.kind === 'adopted';
    const existing = { pod: name, isPaused, isAdopted, containers: members.length };
    const terminate = terminateSteps(`terminate/${name}`, stopping, isPaused);
    const remove = removePodSteps(existing, graceSeconds, cause, lastIds(terminate, after));
    return { stop: [], removal: [...terminate, ...remove] };
  }
  const stop = stopContainersSteps(`stop/${name}`, toStop, stopping);
  const needs = lastIds(stop, after);
  const names = removed.map((container) => container.name);
  const record = listRecordSteps(project, decision, cause, after);
  const recorded = lastIds([...stop, ...record], after);
  return {
    stop,
    removal: [
      ...removeContainersSteps(`remove-leftovers/${name}`, leftovers, graceSeconds, cause, needs),
      ...record,
      ...removeContainersSteps(`remove-surplus/${name}`, names, graceSeconds, cause, recorded),
    ],
  };
}

/**
 * Before any container is removed or created: if `up` is interrupted in between, the status shows what is missing, and the
 * next `up` removes what is not in the list.
 */
function listRecordSteps(
  project: string,
  { desired: pod, listRecord, files: { image } }: PodDecision,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  if (listRecord === undefined) return [];
  const { gone } = listRecord;
  const operation = { kind: 'create-list-record', project, pod, gone, image } as const;
  return [{ id: `note-containers/${pod.name}`, needs, cause, operation }];
}

function hostPathSteps(
  { hostPaths, decision: { desired } }: PodStepsInput,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const id = (path: string): string => `host-path/${desired.name}${path}`;
  const directories = hostPaths.filter(({ what }) => what === 'directory').map(({ path }) => path);
  return hostPaths.map(({ path, what }) => ({
    id: id(path),
    needs: [
      ...needs,
      ...(what === 'file' ? directories.filter((directory) => path.startsWith(`${directory}/`)).map(id) : []),
    ],
    cause,
    operation: { kind: 'make-host-path', path, what },
  }));
}

function creationSteps(
  { project, decision: { desired: pod }, dns, infraImage, network, revisions }: PodStepsInput,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return [
    {
      id: cause,
      needs,
      cause,
      operation: {
        kind: 'create-pod',
        project,
        pod,
        dns,
        ...defined({ network, infraImage, revisions }),
      },
    },
  ];
}
