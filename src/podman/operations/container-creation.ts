import { argumentBytes, LONGEST_ARGUMENT } from '../../base/argument-limits.ts';
import { defined } from '../../base/defined.ts';
import type { Json } from '../../base/stable-json.ts';
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
import { isSecretWord, plainWords } from '../../kube/spec/container-secrets.ts';
import { initChainFingerprint } from '../../kube/spec/settings.ts';
import { isWatched as needsWatcher } from '../../kube/spec/watched-container.ts';
import { joinTexts } from '../../kube/validation/texts.ts';
import type { LimitedResource } from '../inspect/limits.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { LABEL, volumeImageLabel, WATCHED_LABEL, WATCHER_RECORD_LABEL } from '../labels.ts';
import { encodeWatcherRecord, type WatcherRecord } from '../watcher-record.ts';
import { secretName } from '../names.ts';
import { askImageId } from '../client/queries.ts';
import type { Argument, AskedArgument, ValueOf } from './argument.ts';
import { fileKeyFlag } from './file-key.ts';
import { containerSpecLabels, ownerLabels, ownLabels } from './labels.ts';
import { mountSetting } from './mount.ts';
import { nameSettings } from './pod-network.ts';
import { podmanOptionSettings } from './podman-options.ts';
import { podmanRestartPolicy, resourceSettings } from './resources.ts';
import { hasSecretWords, secretCommand, type SecretCommand } from './secret-words.ts';
import { securitySettings } from './security.ts';
import { linkVariables, type ServiceLinks } from './service-links.ts';
import { setting, type Body, type Setting } from './setting.ts';
import { signalNumber } from './signal.ts';
import { anchorName } from './sub-path.ts';
import { listArgument, textArgument, type TextOwner } from './text.ts';

/** The settings of a new container. */
export interface ContainerCreation {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly dns: DnsSettings;
  /** Resources that cannot be limited on this machine. */
  readonly withoutLimits?: readonly LimitedResource[];
  /**
   * podpose's watcher restarts it, with the back-off of Kubernetes, and keeps the deadline of its pod. By default, podman
   * restarts it at once, or ends it at the deadline.
   */
  readonly isWatched?: true;
  /** Absent for a container without variables of Services. */
  readonly links?: ServiceLinks;
  /** What is known of the containers before it, which it replaces after a failure. */
  readonly watcherRecord?: WatcherRecord;
}

/**
 * Kubernetes ignores the HEALTHCHECK of an image: it has its own probes. `none` alone still creates a check with a
 * systemd timer. Without a systemd user session, podman before 6 then prints an error at each start, and podman 6 does
 * not start the container. A disabled interval avoids the timer. `--no-healthcheck` alone would do, but `podman update`
 * then fails: `healthcheck-timeout must be at least 1 second` (5.4 to 6.1).
 */
export const WITHOUT_HEALTH_CHECK = setting(
  ['--health-cmd', 'none', '--health-interval', 'disable'],
  // The timeout and the retries are the defaults of the flags, in nanoseconds and times.
  { healthconfig: { Test: ['NONE'], Timeout: 30_000_000_000, Retries: 3 } },
);

/** All settings of `podman run` and `podman create`, in the order of the command. */
export function creationSettings(
  creation: ContainerCreation,
  name: string,
  capabilities: PodmanCapabilities,
  podman: string,
): readonly Setting[] {
  const { project, pod, container, dns, withoutLimits, isWatched, links } = creation;
  const { watcherRecord } = creation;
  const owner: TextOwner = { pod: pod.name, podman, ...defined({ links }) };
  const secrets = hasSecretWords(container) ? secretCommand(container) : undefined;
  return [
    setting(['--pod', pod.name], { pod: pod.name }),
    setting(['--name', name], { name }),
    ...(container.imagePullPolicy === 'Never' ? [setting(['--pull', 'never'], {})] : []),
    ...(isWatched === true ? [] : restartSettings(container.restartPolicy)),
    ...stopSettings(container),
    ...(isWatched === true ? [] : timeLimitSettings(container)),
    WITHOUT_HEALTH_CHECK,
    // By default, podman passes the host's proxy variables on, with their passwords.
    setting(['--http-proxy=false'], { httpproxy: false }),
    ...namespaceSettings(pod.sandbox, dns),
    ...(container.stdin ? [setting(['--interactive'], { stdin: true })] : []),
    ...(container.tty ? [setting(['--tty'], { terminal: true })] : []),
    ...workingDirSettings(container),
    ...securitySettings(container.securityContext, container.image),
    ...resourceSettings(container.resources, withoutLimits),
    ...podmanOptionSettings(container, capabilities, withoutLimits),
    ...[...linkVariables(links, container), ...container.env, ...(secrets?.variables ?? [])].map((variable) =>
      variableSetting(project, owner, variable),
    ),
    ...container.volumeMounts.map((mount, index) =>
      mountSetting(pod, mount, anchorName(container.name, index), capabilities),
    ),
    ...volumeImageLabels(container),
    ...ownLabels(
      ownerLabels(project, pod.name, container.role, container.name),
      chainLabel(pod, container),
      isWatched === true && needsWatcher(container) ? { [WATCHED_LABEL]: 'true' } : {},
      watcherRecord === undefined ? {} : { [WATCHER_RECORD_LABEL]: encodeWatcherRecord(watcherRecord) },
      containerSpecLabels(pod, container),
    ),
    ...(secrets === undefined
      ? commandSettings(owner, container)
      : secretCommandSettings(owner, container, secrets)),
  ];
}

function stopSettings({ terminationGracePeriodSeconds, stopSignal }: DesiredContainer): readonly Setting[] {
  return [
    setting(['--stop-timeout', terminationGracePeriodSeconds.toString()], {
      stop_timeout: terminationGracePeriodSeconds,
    }),
    ...(stopSignal === undefined
      ? []
      : [setting(['--stop-signal', stopSignal], { stop_signal: signalNumber(stopSignal) })]),
  ];
}

/**
 * Without a watcher, podman kills each container that long after its start: without a grace period, and later than the
 * deadline of the pod if init containers have run. It would restart a container that has a restart policy.
 */
function timeLimitSettings({ activeDeadlineSeconds, restartPolicy }: DesiredContainer): readonly Setting[] {
  return activeDeadlineSeconds === undefined || restartPolicy !== 'Never'
    ? []
    : [setting(['--timeout', activeDeadlineSeconds.toString()], { timeout: activeDeadlineSeconds })];
}

function workingDirSettings({ workingDir }: DesiredContainer): readonly Setting[] {
  return workingDir === undefined ? [] : [setting(['--workdir', workingDir], { work_dir: workingDir })];
}

function variableSetting(project: string, owner: TextOwner, variable: EnvVar): Setting {
  if (!('secret' in variable)) return plainVarSetting(owner, variable);
  const secret = secretName(project, owner.pod, variable.secret);
  return setting(['--secret', `${secret},type=env,target=${variable.name}`], {
    secret_env: { [variable.name]: secret },
  });
}

function plainVarSetting(owner: TextOwner, { name, value }: PlainVar): Setting {
  const use = `variable ${name}`;
  if (isOneKey(value))
    return keySetting(name, fileKeyFlag({ ...owner, use, form: 'plain' }, name, value.fileKey));
  const text = textArgument(owner, value, use);
  return {
    flags: ['--env', textArgument(owner, joinTexts(`${name}=`, value), use)],
    body: (valueOf) => ({ env: { [name]: valueOf(text) } }),
  };
}

/** The flag sets no variable if an optional key has no value. */
function keySetting(name: string, flag: AskedArgument): Setting {
  const start = `--env=${name}=`;
  return {
    flags: [flag],
    body: (valueOf) => {
      const text = valueOf(flag);
      return text.startsWith(start) ? { env: { [name]: text.slice(start.length) } } : {};
    },
  };
}

/** Whether a text is the value of one key only: if the key is optional, so is the variable. */
function isOneKey(value: Text): value is FileKeyText {
  if (typeof value === 'string' || !('fileKey' in value)) return false;
  return value.before === '' && value.after === '' && value.fileKey.otherwise === undefined;
}

function volumeImageLabels({ volumeMounts }: DesiredContainer): readonly Setting[] {
  const images = new Map(
    volumeMounts.flatMap(({ name, source }) => (source.type === 'image' ? [[name, source.reference]] : [])),
  );
  return [...images].map(([name, image]) => {
    const label = volumeImageLabel(name);
    const id = imageId(image);
    return {
      flags: ['--label', { ...id, before: `${label}=` }],
      body: (valueOf) => ({ labels: { [label]: valueOf(id) } }),
    };
  });
}

function imageId(image: string): AskedArgument {
  return { before: '', ask: askImageId(image), after: '' };
}

function chainLabel(pod: DesiredPod, container: DesiredContainer): Readonly<Record<string, string>> {
  // The init containers of the chain itself run again together, and sidecars do not depend on it.
  const fingerprint = container.role === 'init' ? undefined : initChainFingerprint(pod);
  return defined({ [LABEL.initChain]: fingerprint });
}

function restartSettings(policy: RestartPolicy): readonly Setting[] {
  if (policy === 'Never') return [];
  const word = podmanRestartPolicy(policy);
  return [setting(['--restart', word], { restart_policy: word })];
}

/**
 * Each container must request the host's namespaces, as the infra container does not share them. With the host's
 * network, podman ignores the host aliases and DNS settings of the pod, but not those of a container.
 */
function namespaceSettings(sandbox: DesiredSandbox, dns: DnsSettings): readonly Setting[] {
  return [
    ...(sandbox.hostPID ? [setting(['--pid', 'host'], { pidns: HOST })] : []),
    ...(sandbox.hostIPC ? [setting(['--ipc', 'host'], { ipcns: HOST })] : []),
    ...(sandbox.hostNetwork
      ? [setting(['--uts', 'host'], { utsns: HOST }), ...nameSettings(sandbox, dns)]
      : []),
  ];
}

/** The namespace of the machine (Namespace in pkg/specgen/namespaces.go). */
const HOST: Body = { nsmode: 'host' };

/**
 * `command` replaces the ENTRYPOINT and the CMD of the image; `args` alone replaces the CMD.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
function commandSettings(
  owner: TextOwner,
  { command: written = [], args: writtenArgs = [], image }: DesiredContainer,
): readonly Setting[] {
  const [command, args] = [plainWords(written), plainWords(writtenArgs)];
  const word = (text: Text) => textArgument(owner, text, 'an argument');
  if (command.length === 0) return [imageSetting(image, args.map(word))];
  const entrypoint = listArgument(owner, command, 'the command');
  // The ENTRYPOINT is one JSON argument. If it is too long, all words but the first move to the front of the CMD, which
  // is equivalent.
  const isLong = typeof entrypoint === 'string' && argumentBytes(entrypoint) > LONGEST_ARGUMENT;
  const [first, others] = isLong ? [command.slice(0, 1), command.slice(1)] : [command, []];
  const flag = isLong ? listArgument(owner, first, 'the command') : entrypoint;
  return [entrypointSetting(flag), imageSetting(image, [...others, ...args].map(word))];
}

/** The words of the manifest follow the shell that inserts the secrets. They show the references, not the values. */
function secretCommandSettings(
  owner: TextOwner,
  { command = [], args = [], image }: DesiredContainer,
  { entrypoint }: SecretCommand,
): readonly Setting[] {
  const words = [...command, ...args].map((word) => (isSecretWord(word) ? word.text : word));
  return [
    entrypointSetting(entrypoint),
    imageSetting(
      image,
      words.map((word) => textArgument(owner, word, 'an argument')),
    ),
  ];
}

/** @param words a JSON list */
function entrypointSetting(words: Argument): Setting {
  return {
    flags: ['--entrypoint', words],
    body: (valueOf) => ({ entrypoint: JSON.parse(valueOf(words)) as Json }),
  };
}

/** The image and the words of the CMD, which come last in a command. */
export function imageSetting(image: string, words: readonly Argument[]): Setting {
  return {
    flags: [image, ...words],
    body: (valueOf: ValueOf) => ({
      image,
      raw_image_name: image,
      ...(words.length === 0 ? {} : { command: words.map(valueOf) }),
    }),
  };
}
