import { defined } from '../../base/defined.ts';
import { CONTAINER_DEFAULTS, defaultPullPolicy, INIT_RESTART_POLICY } from '../spec/defaults.ts';
import type { Container, Pod, PodSecurityContext } from '../../manifest/schema/generated/kubernetes.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';
import type { ContainerRole, DesiredContainer, RestartPolicy, Word } from '../spec/desired.ts';
import type { DesiredVolume } from '../spec/desired-volume.ts';
import { terminationMount } from '../spec/termination-message.ts';
import { declaredFields } from './declared.ts';
import { environmentOf, convertEnv, referencesOf } from './env.ts';
import type { Lookup } from './expansion.ts';
import { convertLifecycle } from './lifecycle.ts';
import { convertMounts } from './mounts.ts';
import { convertContainerAnnotations, convertDevices } from './podman-annotations.ts';
import { convertResources } from './resources.ts';
import { convertSecurityContext } from './security-context.ts';
import type { ConvertContext } from './convert-context.ts';
import { expandText, type Value } from './text.ts';

/** What a container inherits from its pod. */
export interface PodContext {
  readonly pod: Pod;
  readonly context: ConvertContext;
  readonly volumes: readonly DesiredVolume[];
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
  readonly activeDeadlineSeconds?: number;
  readonly securityContext: PodSecurityContext;
  /** The base directory of relative seccomp profile paths. */
  readonly manifestDirectory: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export function convertContainer(
  role: ContainerRole,
  container: Container,
  podWide: PodContext,
): DesiredContainer {
  const image = container.image ?? '';
  const environment = environmentOf(container, podWide.pod, podWide.context);
  const references = referencesOf(environment, podWide.pod, podWide.context);
  const { keeper } = podWide.context;
  const command = (container.command ?? []).map((word) => convertWord(word, references, keeper));
  const args = (container.args ?? []).map((word) => convertWord(word, references, keeper));
  const restartPolicy = restartPolicyOf(role, container, podWide);
  const termination = terminationMount(container);
  const { stopSignal } = container.lifecycle ?? {};
  return defined({
    name: container.name,
    role,
    image,
    imagePullPolicy: container.imagePullPolicy ?? defaultPullPolicy(image),
    command: command.length === 0 ? undefined : command,
    args: args.length === 0 ? undefined : args,
    workingDir: container.workingDir === '' ? undefined : container.workingDir,
    env: convertEnv(environment, keeper),
    volumeMounts: [
      ...convertMounts(container.volumeMounts ?? [], podWide.volumes, references),
      ...(termination === undefined ? [] : [termination]),
    ],
    terminationMessagePolicy:
      container.terminationMessagePolicy === 'FallbackToLogsOnError'
        ? container.terminationMessagePolicy
        : undefined,
    resources: convertResources(container.resources ?? {}),
    securityContext: convertSecurityContext(
      podWide.securityContext,
      container.securityContext ?? {},
      podWide.manifestDirectory,
    ),
    stdin: container.stdin ?? CONTAINER_DEFAULTS.stdin,
    stopSignal: stopSignal === '' ? undefined : stopSignal,
    activeDeadlineSeconds: podWide.activeDeadlineSeconds,
    tty: container.tty ?? CONTAINER_DEFAULTS.tty,
    restartPolicy,
    terminationGracePeriodSeconds: podWide.terminationGracePeriodSeconds,
    annotations: convertContainerAnnotations(podWide.pod, container.name),
    devices: convertDevices(container),
    ...convertLifecycle(role, container),
    declared: declaredFields(container, podWide.pod),
  });
}

/** The restart policy of the container itself takes precedence, and makes an init container a sidecar. */
function restartPolicyOf(role: ContainerRole, { restartPolicy }: Container, pod: PodContext): RestartPolicy {
  if (role === 'container') return restartPolicy ?? pod.restartPolicy;
  return restartPolicy === 'Always' ? restartPolicy : INIT_RESTART_POLICY;
}

/** A word of a command. podman creates no empty secret. */
function convertWord(text: string, references: Lookup<Value>, keeper: SecretKeeper): Word {
  const value = expandText(text, references);
  if (value.type === 'text') return value.text;
  return value.bytes.length === 0 ? '' : { secret: keeper.keep(value.bytes), text };
}
