import { secretsIn } from '../../kube/spec/container-secrets.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { secretName } from '../../podman/names.ts';
import type { Step } from '../step.ts';

export interface SecretStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  /** Names of podman's existing secrets of the pod. */
  readonly secrets: readonly string[];
  readonly cause: string;
  readonly needs: readonly string[];
}

/** Creates podman secrets for variables and commands of containers that will start, once per value. */
export function secretSteps(
  { project, pod, secrets, cause, needs }: SecretStepsInput,
  containers: readonly DesiredContainer[],
): readonly Step[] {
  const existing = new Set(secrets);
  return containers.flatMap((container) =>
    secretsIn(container).flatMap((secret): readonly Step[] => {
      const name = secretName(project, pod.name, secret.fingerprint);
      if (existing.has(name)) return [];
      existing.add(name);
      const { name: containerName, role } = container;
      return [
        {
          id: `secret/${pod.name}/${name}`,
          needs,
          cause,
          operation: {
            kind: 'create-secret',
            project,
            pod: pod.name,
            container: containerName,
            role,
            ...secret,
          },
        },
      ];
    }),
  );
}

/** Removes podman secrets that no container uses any more. */
export function removeSecretSteps(
  pod: string,
  secrets: readonly string[],
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  if (secrets.length === 0) return [];
  const sorted = [...secrets].sort();
  return [
    { id: `remove-secrets/${pod}`, needs, cause, operation: { kind: 'remove-secrets', secrets: sorted } },
  ];
}
