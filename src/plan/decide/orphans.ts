import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { Workload } from '../../kube/workloads/workload.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import type { KnownState } from '../needs.ts';

/**
 * Whether a podman pod, by its name, can be an orphan: with a namespace on the command line, only one of that namespace can.
 */
export function orphanScope(namespace: string | undefined, { pods }: KnownState): (name: string) => boolean {
  if (namespace === undefined) return () => true;
  return (name) => {
    const pod = pods.find((one) => one.name === name);
    return (pod === undefined ? objectName(name) : observedName(pod)).namespace === namespace;
  };
}

/** The observed objects that can be orphans. */
export function inScope(own: KnownState, isIn: (name: string) => boolean): KnownState {
  return {
    ...own,
    pods: own.pods.filter(({ name }) => isIn(name)),
    ...(own.volumes === undefined
      ? {}
      : { volumes: own.volumes.filter(({ claim }) => claim === undefined || isIn(claim.claimName)) }),
  };
}

/**
 * Warnings about orphans: pods and volumes of the project that are not in the given files. Volumes of
 * PersistentVolumeClaims are always kept.
 * @param own observed state of the project. Volumes are checked only if they are known
 */
export function orphanWarnings(
  project: string,
  pods: readonly DesiredPod[],
  own: KnownState,
  { removeOrphans }: { readonly removeOrphans: boolean },
  workloads: readonly Workload[] = [],
): readonly Diagnostic[] {
  const names = new Set(pods.map(({ name }) => name));
  const claims = new Set(pods.flatMap(mountedClaims));
  const orphanedPods = removeOrphans
    ? []
    : own.pods.map(({ name }) => name).filter((name) => !names.has(name));
  const orphanedVolumes = (own.volumes ?? []).flatMap(({ claim }) =>
    claim === undefined || claims.has(claim.claimName) || isOfWorkload(claim.claimName, workloads)
      ? []
      : [claim.claimName],
  );
  return [
    ...orphanedPods
      .sort()
      .map((name) =>
        orphan(
          project,
          `pod/${name}`,
          'is not in the given files',
          'It is kept. Use --remove-orphans to remove it.',
        ),
      ),
    ...orphanedVolumes
      .sort()
      .map((name) =>
        orphan(
          project,
          `volume/${name}`,
          'is not mounted by any pod in the given files',
          `It is kept. 'podman volume rm ${name}' removes it with its data.`,
        ),
      ),
  ];
}

/**
 * Warnings about Services of the project that are not in the given files, or have no address there any more.
 * @param declared the names of all Services of the files
 */
export function orphanedServiceWarnings(
  project: string,
  orphans: readonly string[],
  { removeOrphans, declared }: { readonly removeOrphans: boolean; readonly declared: readonly string[] },
): readonly Diagnostic[] {
  if (removeOrphans) return [];
  return orphans
    .toSorted()
    .map((name) =>
      declared.includes(name)
        ? orphan(
            project,
            `svc/${name}`,
            'has an address, and none in the given files',
            'The address is kept. Use --remove-orphans to remove it, and --force-recreate to give the name to the pods.',
          )
        : orphan(
            project,
            `svc/${name}`,
            'is not in the given files',
            'It is kept. Use --remove-orphans to remove it.',
          ),
    );
}

function orphan(project: string, subject: string, why: string, help: string): Diagnostic {
  return {
    code: 'orphan',
    severity: 'warning',
    message: `${subject} of project '${project}' ${why} (orphan)`,
    help,
  };
}

/** Claims of a StatefulSet are kept when it has fewer replicas: no warning is due. */
function isOfWorkload(claim: string, workloads: readonly Workload[]): boolean {
  return workloads
    .flatMap(({ claimPrefixes }) => claimPrefixes)
    .some((prefix) => claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length)));
}
