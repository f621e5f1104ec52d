import type { Container, Pod, PodSecurityContext } from '../../manifest/generated/kubernetes.ts';
import type { ContainerRole, DesiredContainer, DesiredVolume, RestartPolicy } from '../desired.ts';
import { terminationMount } from '../termination-message.ts';
import { environmentOf, translateEnv } from './env.ts';
import { translateMounts } from './mounts.ts';
import { effectivePullPolicy } from './pull-policy.ts';
import { translateResources } from './resources.ts';
import { translateSecurityContext } from './security-context.ts';
import type { Surroundings } from './surroundings.ts';
import { expandText, textOf } from './text.ts';

/** What a container takes from the pod that it is in. */
export interface PodWide {
  readonly pod: Pod;
  readonly surroundings: Surroundings;
  readonly volumes: readonly DesiredVolume[];
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
  readonly activeDeadlineSeconds?: number;
  readonly securityContext: PodSecurityContext;
  /** Where the path of a seccomp profile starts. */
  readonly manifestFolder: string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export function translateContainer(
  role: ContainerRole,
  container: Container,
  podWide: PodWide,
): DesiredContainer {
  const image = container.image ?? '';
  const environment = environmentOf(container, podWide.pod, podWide.surroundings);
  const command = (container.command ?? []).map((word) => textOf(expandText(word, environment)));
  const args = (container.args ?? []).map((word) => textOf(expandText(word, environment)));
  const restartPolicy = role === 'init' ? 'Never' : podWide.restartPolicy;
  const termination = terminationMount(container);
  const { stopSignal } = container.lifecycle ?? {};
  const { activeDeadlineSeconds: deadline } = podWide;
  return {
    name: container.name,
    role,
    image,
    imagePullPolicy: container.imagePullPolicy ?? effectivePullPolicy(image),
    ...(command.length === 0 ? {} : { command }),
    ...(args.length === 0 ? {} : { args }),
    ...(container.workingDir === undefined || container.workingDir === ''
      ? {}
      : { workingDir: container.workingDir }),
    env: translateEnv(environment, podWide.surroundings.keeper),
    volumeMounts: [
      ...translateMounts(container.volumeMounts ?? [], podWide.volumes, environment),
      ...(termination === undefined ? [] : [termination]),
    ],
    ...(container.terminationMessagePolicy === 'FallbackToLogsOnError'
      ? { terminationMessagePolicy: 'FallbackToLogsOnError' }
      : {}),
    resources: translateResources(container.resources ?? {}),
    securityContext: translateSecurityContext(
      podWide.securityContext,
      container.securityContext ?? {},
      podWide.manifestFolder,
    ),
    stdin: container.stdin ?? false,
    ...(stopSignal === undefined || stopSignal === '' ? {} : { stopSignal }),
    ...(deadline === undefined || restartPolicy !== 'Never' ? {} : { activeDeadlineSeconds: deadline }),
    tty: container.tty ?? false,
    restartPolicy,
    terminationGracePeriodSeconds: podWide.terminationGracePeriodSeconds,
  };
}
