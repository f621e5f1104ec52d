import type { DnsSettings } from '../../kube/spec/dns.ts';
import { lateTextsOf } from '../../kube/validation/texts.ts';
import { subjectId } from '../change.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import type { ContainerDecision, PodDecision } from '../decide/decision.ts';
import { lastIds, type Step } from '../step.ts';
import { volumeOwnershipSteps } from './claims.ts';
import { containerSteps } from './containers.ts';
import { imageUserSteps } from './image-users.ts';
import { isReplaced, replacesWhileRemoving } from '../decide/replace-beside-removed.ts';
import { removeContainersSteps, removePodSteps, stopContainersSteps } from './removal.ts';
import { removeSecretSteps, secretSteps } from './secrets.ts';
import { removeUnusedVolumeSteps, volumeSteps } from './volumes.ts';

export interface PodStepsInput {
  readonly project: string;
  readonly decision: PodDecision;
  /** Volumes of the pod as they are. */
  readonly volumes: readonly ObservedVolume[];
  readonly hostPaths: readonly HostPathToCreate[];
  /** Ids of the steps that make claims which the pod mounts. */
  readonly createdClaims: readonly string[];
  readonly dns: DnsSettings;
  /** Steps that everything waits for: the images. */
  readonly after: readonly string[];
  readonly infraImage?: string;
  /** podman puts the names of the machine into /etc/hosts, where they are replaced. */
  readonly writesHosts?: boolean;
}

export interface HostPathToCreate {
  readonly path: string;
  readonly what: 'directory' | 'file';
}

/** The commands that carry out what was decided about one pod, in an order that may be run as it stands. */
export function podSteps(all: PodStepsInput): readonly Step[] {
  const checks = imageUserSteps(all);
  const input: PodStepsInput = { ...all, after: lastIds(checks, all.after) };
  return [...checks, ...stepsOfPod(input)];
}

function stepsOfPod(input: PodStepsInput): readonly Step[] {
  const { decision, dns, project, after } = input;
  const { desired: pod } = decision;
  const cause = subjectId({ kind: 'pod', pod: pod.name });
  const podIsNew = decision.pod.kind === 'create' || decision.pod.kind === 'replace';

  const isBeside = replacesWhileRemoving(decision);
  const clearing = clearingSteps(decision, cause, after, isBeside);
  const cleared = lastIds(clearing, after);
  // Nothing that is made for the pod is in the way of a surplus container, nor the other way round.
  const free = isBeside ? after : cleared;
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
  const group = podIsNew ? volumeOwnershipSteps(pod, input.createdClaims, cause, cleared) : [];
  const before = [...volumes, ...group, ...hostPaths, ...secrets];
  const creation = podIsNew ? creationSteps(input, cause, lastIds(before, free)) : [];
  const created = creation.length > 0 ? [cause] : lastIds(before, free);
  const infra = infraSteps(input, cause, created);

  const steps: Step[] = [...clearing, ...before, ...creation, ...infra];
  let ready = lastIds(infra, created);
  const besideOthers = isBeside || decision.containers.length > 1;
  const stopsRemoved = isBeside ? clearing.filter(isStop).map(({ id }) => id) : [];
  const { hasNewContainerList } = decision;
  const containerInput = {
    ...{ project, pod, dns, podIsNew, besideOthers, stopsRemoved },
    ...(hasNewContainerList === true ? { hasNewContainerList } : {}),
  };
  for (const init of decision.init) {
    const own = containerSteps(containerInput, init, ready);
    steps.push(...own);
    ready = lastIds(own, ready);
  }
  // One that the manifest has under another name now is there still as a surplus one.
  const others = isBeside ? [...new Set([...ready, ...cleared])] : ready;
  for (const container of decision.containers)
    steps.push(...containerSteps(containerInput, container, isReplaced(container) ? ready : others));
  const last = lastIds(steps, after);
  const noSecrets = removeSecretSteps(pod.name, decision.removedSecrets, cause, last);
  if (podIsNew || isUnchanged(decision)) return [...steps, ...noSecrets];
  return [
    ...steps,
    ...removeContainersSteps(`remove-notes/${pod.name}`, decision.oldRecords, 0, cause, last),
    ...removeUnusedVolumeSteps(volumeInput, last),
    ...noSecrets,
  ];
}

function isStop({ operation }: Step): boolean {
  return operation.kind === 'stop-containers';
}

function containerOf({ container }: ContainerDecision): DesiredContainer {
  return container;
}

/**
 * The infra container starts by itself with the first container. It is started before where a container is told an
 * address of the pod, and where its /etc/hosts has to be written before anybody reads it.
 */
function infraSteps(
  { decision, writesHosts = false }: PodStepsInput,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const { desired, init, containers, startsInfra } = decision;
  const starting = [...init, ...containers];
  if (!startsInfra || starting.length === 0) return [];
  const asks = starting
    .flatMap(({ container }) => lateTextsOf(container))
    .some((text) => 'address' in text && (text.address === 'podIP' || text.address === 'podIPs'));
  // On the host's network, a pod has the names of its node (nodeHostsFileContent in pkg/kubelet/kubelet_pods.go).
  if (!asks && (!writesHosts || desired.sandbox.hostNetwork)) return [];
  return [
    {
      id: `infra/${desired.name}`,
      needs,
      cause,
      operation: { kind: 'start-infra', pod: desired.name, sandbox: desired.sandbox },
    },
  ];
}

/** Nothing of the pod is touched but what earlier runs have left. */
export function isUnchanged({ pod, init, containers, removed, files }: PodDecision): boolean {
  const changes = init.length + containers.length + removed.length + files.changes.length;
  return pod.kind === 'keep' && changes === 0;
}

/** What goes before anything comes: the whole pod, or what in it is in the way. */
function clearingSteps(
  decision: PodDecision,
  cause: string,
  after: readonly string[],
  isBeside: boolean,
): readonly Step[] {
  const { desired, pod, leftovers, removed, toStop } = decision;
  const { name, terminationGracePeriodSeconds: graceSeconds } = desired;
  if (pod.kind === 'create') return [];
  if (pod.kind === 'replace')
    return removePodSteps(
      { pod: name, isPaused: decision.isPaused, containers: decision.members },
      graceSeconds,
      cause,
      after,
    );
  const stop = stopContainersSteps(`stop/${name}`, name, toStop, graceSeconds, cause, after, isBeside);
  const stopped = lastIds(stop, after);
  const leftover = removeContainersSteps(`remove-leftovers/${name}`, leftovers, graceSeconds, cause, stopped);
  const surplusNames = removed.map((container) => container.name);
  const gone = removeContainersSteps(`remove-surplus/${name}`, surplusNames, graceSeconds, cause, stopped);
  return [...stop, ...leftover, ...gone];
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
  { project, decision: { desired: pod }, dns, infraImage }: PodStepsInput,
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
        ...(infraImage === undefined ? {} : { infraImage }),
      },
    },
  ];
}
