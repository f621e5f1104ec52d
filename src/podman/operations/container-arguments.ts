import { argumentBytes, LONGEST_ARGUMENT } from '../../base/argument-limits.ts';
import type {
  DesiredContainer,
  DesiredPod,
  DesiredSandbox,
  EnvVar,
  FileKeyText,
  PlainVar,
  RestartPolicy,
  Text,
} from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { containerSettings, initChainFingerprint } from '../../kube/spec/settings.ts';
import { joinTexts } from '../../kube/validation/texts.ts';
import { containerListLabel } from '../inspect/container-list.ts';
import type { LimitedResource } from '../inspect/limits.ts';
import { messageSource } from '../inspect/termination-message.ts';
import { LABEL, volumeImageLabel } from '../labels.ts';
import { containerName, replacementName, secretName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import type { Argument, Command } from './argument.ts';
import type { AttachedContainer } from './definition.ts';
import { ownerLabels, ownLabelFlags, specLabels } from './labels.ts';
import { podmanRestartPolicy, resourceFlags } from './resources.ts';
import { mountFlags } from './mount.ts';
import { nameFlags } from './pod.ts';
import { anchorName } from './sub-path.ts';
import { securityFlags } from './security.ts';
import { fileKeyFlag } from './file-key.ts';
import { listArgument, textArgument, type TextOwner } from './text.ts';
import { startInBackground, startInForeground } from './working-dir.ts';

/** What a container of a pod is made from. */
export interface ContainerCreation {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly dns: DnsSettings;
  /** The list of the pod's containers is not the one that was written last. */
  readonly hasNewContainerList?: true;
  /** What cannot be limited here. */
  readonly withoutLimits?: readonly LimitedResource[];
}

export interface ContainerRun extends ContainerCreation {
  /** A container of that name is there, ours, and is to make room. */
  readonly replace: boolean;
}

/**
 * Kubernetes ignores an image's HEALTHCHECK: it has probes of its own. `none` alone is still a check that a systemd timer
 * repeats. Without a systemd user session podman up to 5 prints an error at each start, and podman 6 refuses to start
 * the container. With no interval there is no timer. `--no-healthcheck` would say the same in one word, but then
 * `podman update` fails: `healthcheck-timeout must be at least 1 second` (5.4 to 6.1).
 */
export const WITHOUT_HEALTH_CHECK = ['--health-cmd', 'none', '--health-interval', 'disable'] as const;

/**
 * `podman run --pod`: a container of a pod. An init container stays in the foreground, so that the command
 * ends when it ends and with its exit code; all others are left running.
 */
export function runContainerCommand(
  operation: ContainerRun,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { pod, container, replace } = operation;
  const { role, workingDir, stdin } = container;
  const name = containerName(pod, container);
  const args = [
    ...(replace ? ['--replace'] : []),
    ...creationArguments(operation, name, capabilities, podman),
  ];
  if (role !== 'init') {
    const run = ['run', '--detach', ...args];
    return workingDir === undefined
      ? { program: 'podman', args: run }
      : startInBackground(run, { name, workingDir }, podman);
  }
  if (workingDir === undefined) return { program: 'podman', args: ['run', ...args] };
  return startInForeground(['create', ...args], { name, workingDir }, stdin ? 'open' : 'none', podman);
}

/** The init container that `podman run` waits for. */
export function attachedContainer(pod: DesiredPod, container: DesiredContainer): AttachedContainer {
  return {
    name: containerName(pod, container),
    graceSeconds: container.terminationGracePeriodSeconds,
    message: messageSource(pod, container),
  };
}

/** `podman create --pod`: the same, but it is not started, and has a temporary name. */
export function createReplacementArguments(
  operation: ContainerCreation,
  capabilities: PodmanCapabilities,
  podman: string,
): readonly Argument[] {
  const name = replacementName(operation.pod, operation.container);
  return ['create', ...creationArguments(operation, name, capabilities, podman)];
}

function creationArguments(
  { project, pod, container, dns, withoutLimits, hasNewContainerList }: ContainerCreation,
  name: string,
  capabilities: PodmanCapabilities,
  podman: string,
): readonly Argument[] {
  const owner: TextOwner = { pod: pod.name, podman };
  return [
    '--pod',
    pod.name,
    '--name',
    name,
    ...(container.imagePullPolicy === 'Never' ? ['--pull', 'never'] : []),
    ...restartFlags(container.restartPolicy),
    '--stop-timeout',
    container.terminationGracePeriodSeconds.toString(),
    ...(container.stopSignal === undefined ? [] : ['--stop-signal', container.stopSignal]),
    ...(container.activeDeadlineSeconds === undefined
      ? []
      : ['--timeout', container.activeDeadlineSeconds.toString()]),
    ...WITHOUT_HEALTH_CHECK,
    // podman would hand on the host's http_proxy and the like, with the passwords in them.
    '--http-proxy=false',
    ...namespaceFlags(pod.sandbox, dns),
    ...(container.stdin ? ['--interactive'] : []),
    ...(container.tty ? ['--tty'] : []),
    ...(container.workingDir === undefined ? [] : ['--workdir', container.workingDir]),
    ...securityFlags(container.securityContext, container.image),
    ...resourceFlags(container.resources, withoutLimits),
    ...container.env.flatMap((variable) => envFlags(project, owner, variable)),
    ...container.volumeMounts.flatMap((mount, index) =>
      mountFlags(pod, mount, anchorName(container.name, index), capabilities),
    ),
    ...volumeImageLabels(container),
    ...ownLabelFlags(
      ownerLabels(project, pod.name, container.role, container.name),
      chainLabel(pod, container),
      hasNewContainerList === true ? containerListLabel(pod) : {},
      specLabels(containerSettings(container)),
    ),
    ...commandArguments(owner, container),
  ];
}

function envFlags(project: string, owner: TextOwner, variable: EnvVar): readonly Argument[] {
  return 'secret' in variable
    ? ['--secret', `${secretName(project, owner.pod, variable.secret)},type=env,target=${variable.name}`]
    : plainVarFlags(owner, variable);
}

function plainVarFlags(owner: TextOwner, { name, value }: PlainVar): readonly Argument[] {
  const use = `variable ${name}`;
  return isOneKey(value)
    ? [fileKeyFlag({ ...owner, use, form: 'plain' }, name, value.fileKey)]
    : ['--env', textArgument(owner, joinTexts(`${name}=`, value), use)];
}

/** The value of a key and nothing else: where that may be missing, the variable may be. */
function isOneKey(value: Text): value is FileKeyText {
  if (typeof value === 'string' || !('fileKey' in value)) return false;
  return value.before === '' && value.after === '' && value.fileKey.otherwise === undefined;
}

function volumeImageLabels({ volumeMounts }: DesiredContainer): readonly Argument[] {
  const images = new Map(
    volumeMounts.flatMap(({ name, source }) => (source.type === 'image' ? [[name, source.reference]] : [])),
  );
  return [...images].flatMap(([name, image]): readonly Argument[] => [
    '--label',
    {
      before: `${volumeImageLabel(name)}=`,
      ask: ['image', 'inspect', '--format', '{{.Id}}', image],
      after: '',
    },
  ]);
}

function chainLabel(pod: DesiredPod, container: DesiredContainer): Readonly<Record<string, string>> {
  const fingerprint = container.role === 'init' ? undefined : initChainFingerprint(pod);
  return fingerprint === undefined ? {} : { [LABEL.initChain]: fingerprint };
}

function restartFlags(policy: RestartPolicy): readonly string[] {
  return policy === 'Never' ? [] : ['--restart', podmanRestartPolicy(policy)];
}

/**
 * The host's namespaces are not the infra container's, and so each container asks for them. In a pod on the
 * host's network podman would forget the names that the pod was given, and takes them from each container.
 */
function namespaceFlags(sandbox: DesiredSandbox, dns: DnsSettings): readonly string[] {
  return [
    ...(sandbox.hostPID ? ['--pid', 'host'] : []),
    ...(sandbox.hostIPC ? ['--ipc', 'host'] : []),
    ...(sandbox.hostNetwork ? ['--uts', 'host', ...nameFlags(sandbox, dns)] : []),
  ];
}

/**
 * `command` replaces the image's ENTRYPOINT and with it its CMD; `args` alone replaces CMD.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
function commandArguments(
  owner: TextOwner,
  { command = [], args = [], image }: DesiredContainer,
): readonly Argument[] {
  const word = (text: Text) => textArgument(owner, text, 'an argument');
  if (command.length === 0) return [image, ...args.map(word)];
  const entrypoint = listArgument(owner, command, 'the command');
  // An ENTRYPOINT is one argument in JSON; what follows its first word comes to the same in front of the CMD.
  const isLong = typeof entrypoint === 'string' && argumentBytes(entrypoint) > LONGEST_ARGUMENT;
  return isLong
    ? [
        '--entrypoint',
        listArgument(owner, command.slice(0, 1), 'the command'),
        image,
        ...[...command.slice(1), ...args].map(word),
      ]
    : ['--entrypoint', entrypoint, image, ...args.map(word)];
}
