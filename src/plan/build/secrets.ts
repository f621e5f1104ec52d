import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { secretName } from '../../podman/names.ts';
import type { Step } from '../step.ts';

export interface SecretStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  /** podman's names of those that it has of the pod. */
  readonly secrets: readonly string[];
  readonly cause: string;
  readonly needs: readonly string[];
}

/** Hands to podman what containers that are about to run need of secrets, each value once. */
export function secretSteps(
  { project, pod, secrets, cause, needs }: SecretStepsInput,
  containers: readonly DesiredContainer[],
): readonly Step[] {
  const there = new Set(secrets);
  return containers.flatMap((container) =>
    container.env.flatMap((variable): readonly Step[] => {
      if (!('secret' in variable)) return [];
      const name = secretName(project, pod.name, variable.secret);
      if (there.has(name)) return [];
      there.add(name);
      return [
        {
          id: `secret/${pod.name}/${name}`,
          needs,
          cause,
          operation: {
            kind: 'create-secret',
            project,
            pod: pod.name,
            container: container.name,
            role: container.role,
            variable: variable.name,
            fingerprint: variable.secret,
          },
        },
      ];
    }),
  );
}

/** Takes from podman what no container needs any more. */
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
