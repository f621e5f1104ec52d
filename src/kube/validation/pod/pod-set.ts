import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { FieldPath } from '../../../base/path.ts';
import { withNames } from '../duplicates.ts';
import { toDiagnostic } from '../finding.ts';
import { infraFqdn } from '../../spec/host-name.ts';
import { INFRA_NAME } from '../../spec/podman-annotations.ts';
import type { ObjectSets } from '../../config/object-set.ts';
import { namespaceOf, qualifiedNameOf } from '../../spec/qualified-name.ts';
import { adoptionRecordName, VOLUME_ANNOTATION, volumeOfClaim } from '../../storage/claim-volume.ts';
import type { PodObject } from '../../spec/pod-object.ts';

interface NamedPod {
  /** With its namespace, unless that is the default one. */
  readonly name: string;
  readonly pod: PodObject;
}

/** Pods of one name are two pods only in two namespaces. */
export function validatePodNamesDiffer(pods: readonly PodObject[]): readonly Diagnostic[] {
  const firsts = new Map<string, PodObject>();
  return pods.flatMap(namedPod).flatMap(({ name, pod }) => {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, pod);
    if (first === undefined) return [];
    const { file, line } = first.locate(['metadata', 'name']);
    return toDiagnostic(pod, {
      code: 'duplicate-pod',
      path: ['metadata', 'name'],
      message: `duplicate pod '${pod.value.metadata?.name ?? ''}': already defined at ${file}:${line}`,
    });
  });
}

/** A podman resource with a name joined from the pod's name and its own. */
interface Thing {
  readonly joined: string;
  readonly words: string;
  readonly owner: NamedPod;
  readonly path: FieldPath;
  readonly help?: string;
  /** The name of a volume that exists with it after an adoption. */
  readonly record?: string;
}

/**
 * A container is named POD-CONTAINER and a pod's volume POD-VOLUME, so `a` with `b-c` and `a-b` with `c`
 * would share a container or, worse, a volume. Pods and containers must not share a name either.
 */
export function validateJoinedNamesDiffer(
  pods: readonly PodObject[],
  sets: ObjectSets,
): readonly Diagnostic[] {
  const named = pods.flatMap(namedPod);
  const volumes = named.flatMap((owner) => volumesOf(owner, sets));
  return [
    ...collisions(named.flatMap(podAndContainers)),
    ...collisions(volumes),
    ...recordCollisions(volumes),
  ];
}

function collisions(things: readonly Thing[]): readonly Diagnostic[] {
  const firsts = new Map<string, Thing>();
  return things.flatMap((thing) => {
    const first = firsts.get(thing.joined);
    if (first === undefined) firsts.set(thing.joined, thing);
    // Duplicates in one pod, or in two pods of one name, are reported elsewhere; a PVC may be shared.
    return first === undefined || first.words === thing.words ? [] : collision(thing, first.words);
  });
}

/** `up --adopt` records an adoption in a volume, which must not be the one of another claim. */
function recordCollisions(volumes: readonly Thing[]): readonly Diagnostic[] {
  const byRecord = new Map(volumes.map((thing) => [thing.record, thing.words]));
  return volumes.flatMap((thing) => {
    const words = byRecord.get(thing.joined);
    return words === undefined ? [] : collision(thing, `the record of an adoption of ${words}`);
  });
}

function collision({ owner, path, words, joined, help }: Thing, other: string): Diagnostic {
  return toDiagnostic(owner.pod, {
    code: 'name-collision',
    path,
    message: `name conflict: ${words} and ${other} would both be named '${joined}'`,
    help:
      help ??
      'podpose joins names from the name of the pod and the name of the resource. Rename one of them.',
  });
}

function namedPod(pod: PodObject): readonly NamedPod[] {
  const { metadata } = pod.value;
  return metadata?.name === undefined ? [] : [{ name: qualifiedNameOf(metadata), pod }];
}

function podAndContainers(owner: NamedPod): readonly Thing[] {
  const { name, pod } = owner;
  const containers = [
    ...withNames(pod.value.spec?.initContainers, ['spec', 'initContainers']),
    ...withNames(pod.value.spec?.containers, ['spec', 'containers']),
  ];
  return [
    { joined: name, words: `pod '${name}'`, owner, path: ['metadata', 'name'] },
    ...infraContainer(owner),
    ...containers.flatMap((container) => {
      const joined = `${name}-${container.name}`;
      const thing = { words: `container '${container.name}' of pod '${name}'`, owner, path: container.path };
      return [{ ...thing, joined }, ...recordsOf(joined, thing)];
    }),
    ...recordsOf(name, { words: `the record of pod '${name}'`, owner, path: ['metadata', 'name'] }),
  ];
}

/** Record containers have names like those of pods in another namespace: `web_files`. */
function recordsOf(joined: string, thing: Omit<Thing, 'joined'>): readonly Thing[] {
  return ['files', 'new', 'updated'].map((suffix) => ({ ...thing, joined: `${joined}_${suffix}` }));
}

/** The infra container is named after the FQDN, which podman writes into /etc/hosts, or by an annotation. */
function infraContainer(owner: NamedPod): readonly Thing[] {
  const fqdn = infraFqdn(owner.pod.value);
  if (fqdn !== undefined)
    return [{ joined: fqdn, words: `the host of pod '${owner.name}'`, owner, path: ['spec', 'subdomain'] }];
  const name = owner.pod.value.metadata?.annotations?.[INFRA_NAME] ?? '';
  const words = `the infra container of pod '${owner.name}'`;
  return name === '' ? [] : [{ joined: name, words, owner, path: ['metadata', 'annotations', INFRA_NAME] }];
}

/** Volumes of the pod have a joined name; a PVC has its own name, shared by all pods. */
function volumesOf(owner: NamedPod, sets: ObjectSets): readonly Thing[] {
  const { name, pod } = owner;
  const objects = sets.in(namespaceOf(pod.value.metadata));
  const volumes = pod.value.spec?.volumes ?? [];
  return withNames(volumes, ['spec', 'volumes']).flatMap((volume): readonly Thing[] => {
    const { hostPath, image, persistentVolumeClaim } = volumes[Number(volume.path[2])] ?? {};
    if (hostPath !== undefined || image !== undefined) return [];
    if (persistentVolumeClaim !== undefined) {
      const { claimName: claim = '' } = persistentVolumeClaim;
      return objects.bindings.get(claim)?.kind !== 'bound' && claim !== ''
        ? [claimVolume(claim, volumeOfClaim(claim, objects), owner, volume.path)]
        : [];
    }
    return [
      {
        joined: `${name}-${volume.name}`,
        words: `volume '${volume.name}' of pod '${name}'`,
        owner,
        path: volume.path,
      },
    ];
  });
}

function claimVolume(claim: string, joined: string, owner: NamedPod, path: FieldPath): Thing {
  return {
    joined,
    words: `the volume of PersistentVolumeClaim '${claim}'`,
    owner,
    path,
    help: `Rename one of them, or change the annotation '${VOLUME_ANNOTATION}' of a PersistentVolumeClaim.`,
    record: adoptionRecordName(joined),
  };
}
