import { containersNamed, podMembers } from '../../podman/inspect/pod-members.ts';
import { defined } from '../../base/defined.ts';
import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Location } from '../../base/location.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import { isPodVolume } from '../../kube/spec/volume-kinds.ts';
import { decodeSpec, type ClaimOwnership, type Ownership } from '../../podman/labels.ts';
import { containerName, podVolumeName } from '../../podman/names.ts';
import type { Labels, ObservedState } from '../../podman/inspect/observed.ts';
import { adoptionMisfits } from './adoption.ts';
import { claimOptionFindings } from './claim-options.ts';
import { claimRefusals } from './claim-refusals.ts';

/**
 * Refuses pods whose name, or whose containers' or volumes' names, are taken by objects that podpose did not create, that
 * belong to another project, or whose labels cannot be decoded. The warnings and notes among them are about volumes of
 * PersistentVolumeClaims that are used as they are.
 */
export function refusals(
  sourced: Pick<SourcedPod, 'pod' | 'locate' | 'locateClaim' | 'undeclaredClaims'>,
  project: string,
  observed: ObservedState,
  options: { readonly adopt: boolean },
): readonly Diagnostic[] {
  const { pod, locate } = sourced;
  const at = locate(['metadata', 'name']);
  const ofClaims = [
    ...claimRefusals(sourced, project, observed, options),
    ...claimOptionFindings(sourced, project, observed),
  ];
  if (options.adopt && podsNamed(pod.name, observed).some(({ owner }) => owner === undefined)) {
    const misfits = adoptionMisfits(pod, observed);
    return misfits.length === 0 ? ofClaims : [unfitForAdoption(pod.name, misfits, at)];
  }
  const ofPod = podRefusals(sourced, project, observed);
  // One refusal per pod is enough.
  if (ofPod.length > 0) return ofPod;
  const volumeNames = pod.volumes.filter(isPodVolume).map((volume) => podVolumeName(pod, volume));
  const ofVolumes = observed.volumes
    .filter(({ name }) => volumeNames.includes(name))
    .flatMap((existing) =>
      existing.claim === undefined
        ? refuse('volume', existing, pod.name, project, at)
        : [takenByClaim(existing.claim, pod.name, at)],
    );
  return [...containerRefusals(sourced, project, observed), ...ofVolumes, ...ofClaims];
}

/** Refusals that need no volumes. */
export function earlyRefusals(
  sourced: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  observed: Pick<ObservedState, 'pods' | 'containers'>,
): readonly Diagnostic[] {
  return [...podRefusals(sourced, project, observed), ...containerRefusals(sourced, project, observed)];
}

function podRefusals(
  { pod, locate }: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  observed: Pick<ObservedState, 'pods'>,
): readonly Diagnostic[] {
  return podsNamed(pod.name, observed).flatMap((existing) =>
    refuse('pod', existing, pod.name, project, locate(['metadata', 'name'])),
  );
}

function containerRefusals(
  { pod, locate }: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  { containers }: Pick<ObservedState, 'containers'>,
): readonly Diagnostic[] {
  const wanted = [...pod.initContainers, ...pod.containers].map((container) => containerName(pod, container));
  const named = [pod.name, ...wanted].flatMap((name) => containersNamed(name, containers));
  return (
    [...new Set([...podMembers(pod.name, containers), ...named])]
      // The labels of a record container are incomplete while it is tainted.
      .filter(({ owner }) => owner?.role !== 'note')
      .flatMap((existing) => refuse('container', existing, pod.name, project, locate(['metadata', 'name'])))
  );
}

function podsNamed(name: string, { pods }: Pick<ObservedState, 'pods'>): ObservedState['pods'] {
  return pods.filter((pod) => pod.name === name);
}

function unfitForAdoption(pod: string, misfits: readonly string[], location: Location): Diagnostic {
  return {
    code: 'not-adoptable',
    severity: 'error',
    message: `cannot adopt pod/${pod}, it does not match the manifest: ${misfits.join('; ')}`,
    location,
    help: `It is kept unchanged. Remove it (podman pod rm ${pod}), or change metadata.name.`,
  };
}

/** The help does not suggest to remove the volume: it holds data. */
function takenByClaim({ claimName, project }: ClaimOwnership, pod: string, location: Location): Diagnostic {
  return {
    code: 'other-claim',
    severity: 'error',
    message: `volume/${claimName} holds the data of a PersistentVolumeClaim of project '${project}', and a volume of pod/${pod} would have the same name`,
    location,
    help: 'The volume of a pod is named POD-VOLUME. Rename the pod or the volume.',
  };
}

interface NamedObject {
  readonly name: string;
  readonly labels: Labels;
  readonly owner?: Ownership;
}

function refuse(
  kind: 'pod' | 'container' | 'volume',
  object: NamedObject,
  pod: string,
  project: string,
  location: Diagnostic['location'],
): readonly Diagnostic[] {
  const error = (code: DiagnosticCode, message: string, help: string): readonly Diagnostic[] => [
    { code, severity: 'error', message, help, ...defined({ location }) },
  ];
  const remove = kind === 'pod' ? 'podman pod rm' : kind === 'volume' ? 'podman volume rm' : 'podman rm';
  if (object.owner === undefined)
    return error(
      'not-ours',
      `${kind} '${object.name}' already exists, and was not created by podpose`,
      `It is kept unchanged. Remove it (${remove} ${object.name}), or change metadata.name.${
        kind === 'pod' ? " Use --adopt if 'podman kube play' created it from the same manifest." : ''
      }`,
    );
  if (object.owner.project !== project)
    return error(
      'other-project',
      `${kind} '${object.name}' belongs to project '${object.owner.project}', not to '${project}'`,
      `Use -p ${object.owner.project} to work on that project, or change metadata.name.`,
    );
  if (object.owner.pod !== pod)
    return error(
      'other-pod',
      `${kind} '${object.name}' belongs to pod/${object.owner.pod}`,
      'Two objects of this project have the same podman name: rename one of them.',
    );
  if (kind === 'volume') return [];
  const spec = decodeSpec(object.labels);
  if (spec.ok) return [];
  const why = {
    missing: 'its last-applied label is missing',
    malformed: 'its last-applied label was edited and is malformed',
    newer: 'it was created by a newer podpose, and its label format is not supported',
  }[spec.error];
  return error(
    'unreadable-labels',
    `cannot compare ${kind} '${object.name}' with the manifest: ${why}`,
    spec.error === 'newer'
      ? 'Use the newer podpose, or remove it first: podpose down.'
      : 'Remove it with podpose down, then run podpose up again.',
  );
}
