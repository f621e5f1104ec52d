import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Location } from '../../base/location.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import { isPodVolume } from '../../kube/spec/volume-kinds.ts';
import { decodeSpec, type ClaimOwnership, type Ownership } from '../../podman/labels.ts';
import { containerName, podVolumeName } from '../../podman/names.ts';
import type { Labels, ObservedState } from '../../podman/inspect/observed.ts';
import { adoptionMisfits } from './adoption.ts';
import { claimRefusals } from './claim-refusals.ts';

/**
 * What stands in the way of a pod and must not be changed: a pod, container or volume of the wanted name
 * that podpose did not make, or that belongs to another project, or whose labels cannot be trusted.
 */
export function refusals(
  sourced: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  observed: ObservedState,
  options: { readonly adopt: boolean },
): readonly Diagnostic[] {
  const { pod, locate } = sourced;
  const at = locate(['metadata', 'name']);
  const ofClaims = claimRefusals(sourced, project, observed, options);
  if (options.adopt && podsCalled(pod.name, observed).some(({ owner }) => owner === undefined)) {
    const misfits = adoptionMisfits(pod, observed);
    return misfits.length === 0 ? ofClaims : [unfitForAdoption(pod.name, misfits, at)];
  }
  const ofPod = podRefusals(sourced, project, observed);
  // The containers and volumes of a pod that is refused add nothing to what has been said.
  if (ofPod.length > 0) return ofPod;
  const volumeNames = pod.volumes.filter(isPodVolume).map((volume) => podVolumeName(pod, volume));
  const ofVolumes = observed.volumes
    .filter(({ name }) => volumeNames.includes(name))
    .flatMap((there) =>
      there.claim === undefined
        ? refuse('volume', there, pod.name, project, at)
        : [takenByClaim(there.claim, pod.name, at)],
    );
  return [...containerRefusals(sourced, project, observed), ...ofVolumes, ...ofClaims];
}

/** What stands in the way of a pod and is seen before podman was asked for its volumes. */
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
  return podsCalled(pod.name, observed).flatMap((there) =>
    refuse('pod', there, pod.name, project, locate(['metadata', 'name'])),
  );
}

function containerRefusals(
  { pod, locate }: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  { containers }: Pick<ObservedState, 'containers'>,
): readonly Diagnostic[] {
  const names = [...pod.initContainers, ...pod.containers].map((container) => containerName(pod, container));
  return (
    containers
      .filter(({ name, podName }) => name === pod.name || names.includes(name) || podName === pod.name)
      // A note may say that nothing is sure.
      .filter(({ owner }) => owner?.role !== 'note')
      .flatMap((there) => refuse('container', there, pod.name, project, locate(['metadata', 'name'])))
  );
}

function podsCalled(name: string, { pods }: Pick<ObservedState, 'pods'>): ObservedState['pods'] {
  return pods.filter((pod) => pod.name === name);
}

function unfitForAdoption(pod: string, misfits: readonly string[], location: Location): Diagnostic {
  return {
    code: 'not-adoptable',
    severity: 'error',
    message: `the pod '${pod}' cannot be taken over, for it is not what the manifest says: ${misfits.join('; ')}`,
    location,
    help: `It is left alone. Remove it yourself (podman pod rm ${pod}), or give the pod another metadata.name.`,
  };
}

/** Nobody is told to remove it: it holds data. */
function takenByClaim({ claimName, project }: ClaimOwnership, pod: string, location: Location): Diagnostic {
  return {
    code: 'other-claim',
    severity: 'error',
    message: `the volume '${claimName}' holds the data of a claim of the project '${project}', and a volume of the pod '${pod}' would be called the same`,
    location,
    help: 'A volume of a pod is called by the name of the pod and its own. Rename one of them.',
  };
}

interface Thing {
  readonly name: string;
  readonly labels: Labels;
  readonly owner?: Ownership;
}

function refuse(
  kind: 'pod' | 'container' | 'volume',
  thing: Thing,
  pod: string,
  project: string,
  location: Diagnostic['location'],
): readonly Diagnostic[] {
  const error = (code: DiagnosticCode, message: string, help: string): readonly Diagnostic[] => [
    { code, severity: 'error', message, help, ...(location === undefined ? {} : { location }) },
  ];
  const remove = kind === 'pod' ? 'podman pod rm' : kind === 'volume' ? 'podman volume rm' : 'podman rm';
  if (thing.owner === undefined)
    return error(
      'not-ours',
      `podman has a ${kind} '${thing.name}' already, and podpose did not make it`,
      `It is left alone. Remove it yourself (${remove} ${thing.name}), or give the pod another metadata.name.${
        kind === 'pod'
          ? ' One that `podman kube play` made from the same manifest is taken over with --adopt.'
          : ''
      }`,
    );
  if (thing.owner.project !== project)
    return error(
      'other-project',
      `the ${kind} '${thing.name}' belongs to the project '${thing.owner.project}', and this is '${project}'`,
      `Use -p ${thing.owner.project} to work on that project, or give the pod another metadata.name.`,
    );
  if (thing.owner.pod !== pod)
    return error(
      'other-pod',
      `the ${kind} '${thing.name}' belongs to the pod '${thing.owner.pod}'`,
      'Two names of this project come out the same for podman: rename one of them.',
    );
  if (kind === 'volume') return [];
  const spec = decodeSpec(thing.labels);
  if (spec.ok) return [];
  const why = {
    missing: 'its labels do not say what it was made from',
    malformed: 'its labels were edited and cannot be read any more',
    newer: 'it was made by a newer podpose, whose labels this one cannot read',
  }[spec.error];
  return error(
    'unreadable-labels',
    `the ${kind} '${thing.name}' cannot be compared with the file: ${why}`,
    spec.error === 'newer'
      ? 'Use the newer podpose, or take it down with this one first: podpose down.'
      : 'Take it down first (podpose down), then bring it up again.',
  );
}
