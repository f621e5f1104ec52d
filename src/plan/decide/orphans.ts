import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import type { KnownState } from '../needs.ts';

/**
 * What is of the project and in none of its files. Pods are told of unless they are removed; volumes of claims always
 * stay, for they hold data.
 * @param own what podman has of the project; volumes are mentioned only where they are known
 */
export function orphanWarnings(
  project: string,
  pods: readonly DesiredPod[],
  own: KnownState,
  { removeOrphans }: { readonly removeOrphans: boolean },
): readonly Diagnostic[] {
  const names = new Set(pods.map(({ name }) => name));
  const claims = new Set(pods.flatMap(mountedClaims));
  const podsLeft = removeOrphans ? [] : own.pods.map(({ name }) => name).filter((name) => !names.has(name));
  const volumesLeft = (own.volumes ?? []).flatMap(({ claim }) =>
    claim === undefined || claims.has(claim.claimName) ? [] : [claim.claimName],
  );
  return [
    ...podsLeft
      .sort()
      .map((name) =>
        orphan(project, `pod '${name}'`, 'is in none of its files', '--remove-orphans removes it.'),
      ),
    ...volumesLeft
      .sort()
      .map((name) =>
        orphan(
          project,
          `volume '${name}'`,
          'no pod in its files mounts it',
          `'podman volume rm ${name}' removes it with its data.`,
        ),
      ),
  ];
}

function orphan(project: string, thing: string, why: string, help: string): Diagnostic {
  return {
    code: 'orphan',
    severity: 'warning',
    message: `the ${thing} belongs to the project '${project}' and ${why}`,
    help: `It is left alone. ${help}`,
  };
}
