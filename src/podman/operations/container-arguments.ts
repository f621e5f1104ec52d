import { defined } from '../../base/defined.ts';
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
import { isSecretWord, plainWords } from '../../kube/spec/container-secrets.ts';
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
import { podmanOptionFlags } from './podman-options.ts';
import { anchorName } from './sub-path.ts';
import { securityFlags } from './security.ts';
import { fileKeyFlag } from './file-key.ts';
import { listArgument, textArgument, type TextOwner } from './text.ts';
import { hasSecretWords, secretCommand, type SecretCommand } from './secret-words.ts';
import { startInBackground, startInForeground } from './working-dir.ts';

/** The settings of a new container. */
export interface ContainerCreation {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly dns: DnsSettings;
  /** The pod's list of containers has changed since it was last recorded. */
  readonly hasNewContainerList?: true;
  /** Resources that cannot be limited on this machine. */
  readonly withoutLimits?: readonly LimitedResource[];
}

export interface ContainerRun extends ContainerCreation {
  /** Whether an existing container of podpose has this name and is removed first. */
  readonly replace: boolean;
}

/**
 * Kubernetes ignores the HEALTHCHECK of an image: it has its own probes. `none` alone still creates a check with a
 * systemd timer. Without a systemd user session, podman before 6 then prints an error at each start, and podman 6 does
 * not start the container. A disabled interval avoids the timer. `--no-healthcheck` alone would do, but `podman update`
 * then fails: `healthcheck-timeout must be at least 1 second` (5.4 to 6.1).
 */
export const WITHOUT_HEALTH_CHECK = ['--health-cmd', 'none', '--health-interval', 'disable'] as const;

/**
 * `podman run --pod`. An init container runs in the foreground: the command ends with it and returns its exit code. All
 * other containers run in the background.
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

/** `podman create --pod`: the same container with a temporary name, not started. */
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
  const secrets = hasSecretWords(container) ? secretCommand(container) : undefined;
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
    // By default, podman passes the host's proxy variables on, with their passwords.
    '--http-proxy=false',
    ...namespaceFlags(pod.sandbox, dns),
    ...(container.stdin ? ['--interactive'] : []),
    ...(container.tty ? ['--tty'] : []),
    ...(container.workingDir === undefined ? [] : ['--workdir', container.workingDir]),
    ...securityFlags(container.securityContext, container.image),
    ...resourceFlags(container.resources, withoutLimits),
    ...podmanOptionFlags(container, withoutLimits),
    ...[...container.env, ...(secrets?.variables ?? [])].flatMap((variable) =>
      envFlags(project, owner, variable),
    ),
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
    ...(secrets === undefined
      ? commandArguments(owner, container)
      : secretCommandArguments(owner, container, secrets)),
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

/** Whether a text is the value of one key only: if the key is optional, so is the variable. */
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
  return defined({ [LABEL.initChain]: fingerprint });
}

function restartFlags(policy: RestartPolicy): readonly string[] {
  return policy === 'Never' ? [] : ['--restart', podmanRestartPolicy(policy)];
}

/**
 * Each container must request the host's namespaces, as the infra container does not share them. With the host's
 * network, podman ignores the host aliases and DNS settings of the pod, but not those of a container.
 */
function namespaceFlags(sandbox: DesiredSandbox, dns: DnsSettings): readonly string[] {
  return [
    ...(sandbox.hostPID ? ['--pid', 'host'] : []),
    ...(sandbox.hostIPC ? ['--ipc', 'host'] : []),
    ...(sandbox.hostNetwork ? ['--uts', 'host', ...nameFlags(sandbox, dns)] : []),
  ];
}

/**
 * `command` replaces the ENTRYPOINT and the CMD of the image; `args` alone replaces the CMD.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
function commandArguments(
  owner: TextOwner,
  { command: written = [], args: writtenArgs = [], image }: DesiredContainer,
): readonly Argument[] {
  const [command, args] = [plainWords(written), plainWords(writtenArgs)];
  const word = (text: Text) => textArgument(owner, text, 'an argument');
  if (command.length === 0) return [image, ...args.map(word)];
  const entrypoint = listArgument(owner, command, 'the command');
  // The ENTRYPOINT is one JSON argument. If it is too long, all words but the first move to the front of the CMD, which
  // is equivalent.
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

/** The words of the manifest follow the shell that inserts the secrets. They show the references, not the values. */
function secretCommandArguments(
  owner: TextOwner,
  { command = [], args = [], image }: DesiredContainer,
  { entrypoint }: SecretCommand,
): readonly Argument[] {
  const words = [...command, ...args].map((word) => (isSecretWord(word) ? word.text : word));
  return [
    '--entrypoint',
    entrypoint,
    image,
    ...words.map((word) => textArgument(owner, word, 'an argument')),
  ];
}
