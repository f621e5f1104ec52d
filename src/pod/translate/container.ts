import type { Container, PodSecurityContext } from '../../manifest/generated/kubernetes.ts';
import type { ContainerRole, DesiredContainer, DesiredVolume, RestartPolicy } from '../desired.ts';
import { expand } from '../expansion.ts';
import { translateEnv } from './env.ts';
import { translateMounts } from './mounts.ts';
import { effectivePullPolicy } from './pull-policy.ts';
import { translateResources } from './resources.ts';
import { translateSecurityContext } from './security-context.ts';

/** What a container takes from the pod that it is in. */
export interface PodWide {
  readonly volumes: readonly DesiredVolume[];
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: PodSecurityContext;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export function translateContainer(
  role: ContainerRole,
  container: Container,
  podWide: PodWide,
): DesiredContainer {
  const image = container.image ?? '';
  const env = translateEnv(container.env ?? []);
  const values = new Map(env.map((variable) => [variable.name, variable.value]));
  const command = (container.command ?? []).map((word) => expand(word, values));
  const args = (container.args ?? []).map((word) => expand(word, values));
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
    env,
    volumeMounts: translateMounts(container.volumeMounts ?? [], podWide.volumes),
    resources: translateResources(container.resources ?? {}),
    securityContext: translateSecurityContext(podWide.securityContext, container.securityContext ?? {}),
    stdin: container.stdin ?? false,
    tty: container.tty ?? false,
    restartPolicy: role === 'init' ? 'Never' : podWide.restartPolicy,
    terminationGracePeriodSeconds: podWide.terminationGracePeriodSeconds,
  };
}
